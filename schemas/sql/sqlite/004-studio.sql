-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Shows, what they look like, where they go, and what was recorded of them. broadcasts.status: 0 scheduled, 1 live,
-- 2 ended; quality is the contract's word; scene and document are JSON. destinations.secret is the stream key sealed
-- with the installation's key, in Base64. recordings.state: 0 recording, 1 finishing, 2 ready, 3 failed; a recording
-- outlives its show and its room.

CREATE TABLE broadcasts (
  id TEXT PRIMARY KEY,
  room_id TEXT NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
  title TEXT NOT NULL,
  description TEXT NOT NULL,
  status INTEGER NOT NULL CHECK (status BETWEEN 0 AND 2),
  quality TEXT NOT NULL,
  scene TEXT NOT NULL,
  revision INTEGER NOT NULL,
  start_time INTEGER,
  started_at INTEGER,
  ended_at INTEGER,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX broadcasts_room ON broadcasts (room_id, id);
-- A room has one running show at most.
CREATE UNIQUE INDEX broadcasts_live ON broadcasts (room_id) WHERE status = 1;

CREATE TABLE scenes (
  id TEXT PRIMARY KEY,
  room_id TEXT NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  document TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX scenes_room ON scenes (room_id, id);

CREATE TABLE destinations (
  id TEXT PRIMARY KEY,
  broadcast_id TEXT NOT NULL REFERENCES broadcasts (id) ON DELETE CASCADE,
  platform TEXT NOT NULL,
  name TEXT NOT NULL,
  url TEXT NOT NULL,
  secret TEXT NOT NULL,
  enabled INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX destinations_broadcast ON destinations (broadcast_id, id);

CREATE TABLE recordings (
  id TEXT PRIMARY KEY,
  owner_id TEXT NOT NULL REFERENCES accounts (id),
  room_id TEXT REFERENCES rooms (id) ON DELETE SET NULL,
  broadcast_id TEXT REFERENCES broadcasts (id) ON DELETE SET NULL,
  title TEXT NOT NULL,
  part INTEGER NOT NULL,
  state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 3),
  message TEXT,
  tracks INTEGER NOT NULL,
  milliseconds INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  ended_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX recordings_owner ON recordings (owner_id, id);
CREATE INDEX recordings_broadcast ON recordings (broadcast_id, id);
CREATE INDEX recordings_room ON recordings (room_id);
CREATE INDEX recordings_unfinished ON recordings (id) WHERE state < 2;
