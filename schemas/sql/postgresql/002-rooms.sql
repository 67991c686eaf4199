-- SPDX-License-Identifier: LGPL-2.1-or-later
-- The same tables as in ../sqlite; keys compare by byte whatever the locale of the database.
-- Rooms and what belongs to them. rooms.visibility: 0 private, 1 unlisted, 2 public. Roles in a room: 0 host, 1 guest,
-- 2 viewer. account_id in seats, bans and messages says who it was then; that account may be gone.

CREATE TABLE rooms (
  id text COLLATE "C" PRIMARY KEY,
  slug text COLLATE "C" NOT NULL,
  title text NOT NULL,
  description text NOT NULL,
  owner_id text COLLATE "C" NOT NULL REFERENCES accounts (id),
  visibility smallint NOT NULL CHECK (visibility BETWEEN 0 AND 2),
  capacity integer NOT NULL,
  waiting_room smallint NOT NULL,
  guests smallint NOT NULL,
  locked smallint NOT NULL,
  created_at bigint NOT NULL
);

CREATE UNIQUE INDEX rooms_slug ON rooms (slug);
CREATE INDEX rooms_owner ON rooms (owner_id, id);
CREATE INDEX rooms_public ON rooms (id) WHERE visibility = 2;

CREATE TABLE invites (
  code text COLLATE "C" PRIMARY KEY,
  room_id text COLLATE "C" NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
  role smallint NOT NULL CHECK (role BETWEEN 0 AND 2),
  uses integer NOT NULL,
  used integer NOT NULL,
  created_at bigint NOT NULL,
  expires_at bigint NOT NULL
);

CREATE INDEX invites_room ON invites (room_id, created_at);
CREATE INDEX invites_expiry ON invites (expires_at);

-- standing is what the person is when they do not ask for a viewer's seat; it comes back with them the next time.
CREATE TABLE seats (
  id text COLLATE "C" PRIMARY KEY,
  room_id text COLLATE "C" NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
  account_id text COLLATE "C",
  address_hash text COLLATE "C" NOT NULL,
  name text NOT NULL,
  role smallint NOT NULL CHECK (role BETWEEN 0 AND 2),
  standing smallint NOT NULL CHECK (standing BETWEEN 0 AND 2),
  joined_at bigint NOT NULL,
  left_at bigint
);

CREATE INDEX seats_taken ON seats (room_id, left_at);
CREATE INDEX seats_member ON seats (room_id, account_id, id) WHERE account_id IS NOT NULL;
CREATE INDEX seats_left ON seats (left_at);

CREATE TABLE bans (
  id text COLLATE "C" PRIMARY KEY,
  room_id text COLLATE "C" NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
  account_id text COLLATE "C",
  address_hash text COLLATE "C",
  name text NOT NULL,
  created_at bigint NOT NULL
);

CREATE INDEX bans_room ON bans (room_id, id);
CREATE INDEX bans_account ON bans (room_id, account_id);
CREATE INDEX bans_address ON bans (room_id, address_hash);

CREATE TABLE messages (
  room_id text COLLATE "C" NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
  id text COLLATE "C" NOT NULL,
  participant_id text COLLATE "C" NOT NULL,
  account_id text COLLATE "C",
  name text NOT NULL,
  text text NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (room_id, id)
);
