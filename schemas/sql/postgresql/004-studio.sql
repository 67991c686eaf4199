-- SPDX-License-Identifier: LGPL-2.1-or-later
-- The same tables as in ../sqlite; keys compare by byte whatever the locale of the database.
-- Shows, what they look like, where they go, and what was recorded of them. broadcasts.status: 0 scheduled, 1 live,
-- 2 ended; quality is the contract's word; scene and document are JSON. destinations.secret is the stream key sealed
-- with the installation's key, in Base64. recordings.state: 0 recording, 1 finishing, 2 ready, 3 failed; a recording
-- outlives its show and its room.

CREATE TABLE broadcasts (
  id text COLLATE "C" PRIMARY KEY,
  room_id text COLLATE "C" NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
  title text NOT NULL,
  description text NOT NULL,
  status smallint NOT NULL CHECK (status BETWEEN 0 AND 2),
  quality text NOT NULL,
  scene text NOT NULL,
  revision bigint NOT NULL,
  start_time bigint,
  started_at bigint,
  ended_at bigint,
  created_at bigint NOT NULL
);

CREATE INDEX broadcasts_room ON broadcasts (room_id, id);
-- A room has one running show at most.
CREATE UNIQUE INDEX broadcasts_live ON broadcasts (room_id) WHERE status = 1;

CREATE TABLE scenes (
  id text COLLATE "C" PRIMARY KEY,
  room_id text COLLATE "C" NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
  name text NOT NULL,
  document text NOT NULL,
  created_at bigint NOT NULL
);

CREATE INDEX scenes_room ON scenes (room_id, id);

CREATE TABLE destinations (
  id text COLLATE "C" PRIMARY KEY,
  broadcast_id text COLLATE "C" NOT NULL REFERENCES broadcasts (id) ON DELETE CASCADE,
  platform text NOT NULL,
  name text NOT NULL,
  url text NOT NULL,
  secret text NOT NULL,
  enabled smallint NOT NULL,
  created_at bigint NOT NULL
);

CREATE INDEX destinations_broadcast ON destinations (broadcast_id, id);

CREATE TABLE recordings (
  id text COLLATE "C" PRIMARY KEY,
  owner_id text COLLATE "C" NOT NULL REFERENCES accounts (id),
  room_id text COLLATE "C" REFERENCES rooms (id) ON DELETE SET NULL,
  broadcast_id text COLLATE "C" REFERENCES broadcasts (id) ON DELETE SET NULL,
  title text NOT NULL,
  part integer NOT NULL,
  state smallint NOT NULL CHECK (state BETWEEN 0 AND 3),
  message text,
  tracks smallint NOT NULL,
  milliseconds bigint NOT NULL,
  bytes bigint NOT NULL,
  started_at bigint NOT NULL,
  ended_at bigint
);

CREATE INDEX recordings_owner ON recordings (owner_id, id);
CREATE INDEX recordings_broadcast ON recordings (broadcast_id, id);
CREATE INDEX recordings_room ON recordings (room_id);
CREATE INDEX recordings_unfinished ON recordings (id) WHERE state < 2;
