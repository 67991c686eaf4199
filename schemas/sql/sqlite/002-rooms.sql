-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Rooms and what belongs to them. rooms.visibility: 0 private, 1 unlisted, 2 public. Roles in a room: 0 host, 1 guest,
-- 2 viewer. account_id in seats, bans and messages says who it was then; that account may be gone.

CREATE TABLE rooms (
  id TEXT PRIMARY KEY,
  slug TEXT NOT NULL,
  title TEXT NOT NULL,
  description TEXT NOT NULL,
  owner_id TEXT NOT NULL REFERENCES accounts (id),
  visibility INTEGER NOT NULL CHECK (visibility BETWEEN 0 AND 2),
  capacity INTEGER NOT NULL,
  waiting_room INTEGER NOT NULL,
  guests INTEGER NOT NULL,
  locked INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX rooms_slug ON rooms (slug);
CREATE INDEX rooms_owner ON rooms (owner_id, id);
CREATE INDEX rooms_public ON rooms (id) WHERE visibility = 2;

CREATE TABLE invites (
  code TEXT PRIMARY KEY,
  room_id TEXT NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
  role INTEGER NOT NULL CHECK (role BETWEEN 0 AND 2),
  uses INTEGER NOT NULL,
  used INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX invites_room ON invites (room_id, created_at);
CREATE INDEX invites_expiry ON invites (expires_at);

-- standing is what the person is when they do not ask for a viewer's seat; it comes back with them the next time.
CREATE TABLE seats (
  id TEXT PRIMARY KEY,
  room_id TEXT NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
  account_id TEXT,
  address_hash TEXT NOT NULL,
  name TEXT NOT NULL,
  role INTEGER NOT NULL CHECK (role BETWEEN 0 AND 2),
  standing INTEGER NOT NULL CHECK (standing BETWEEN 0 AND 2),
  joined_at INTEGER NOT NULL,
  left_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX seats_taken ON seats (room_id, left_at);
CREATE INDEX seats_member ON seats (room_id, account_id, id) WHERE account_id IS NOT NULL;
CREATE INDEX seats_left ON seats (left_at);

CREATE TABLE bans (
  id TEXT PRIMARY KEY,
  room_id TEXT NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
  account_id TEXT,
  address_hash TEXT,
  name TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX bans_room ON bans (room_id, id);
CREATE INDEX bans_account ON bans (room_id, account_id);
CREATE INDEX bans_address ON bans (room_id, address_hash);

CREATE TABLE messages (
  room_id TEXT NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
  id TEXT NOT NULL,
  participant_id TEXT NOT NULL,
  account_id TEXT,
  name TEXT NOT NULL,
  text TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (room_id, id)
) STRICT, WITHOUT ROWID;
