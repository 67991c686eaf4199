-- SPDX-License-Identifier: LGPL-2.1-or-later
-- The same table as in ../sqlite; keys compare by byte whatever the locale of the database.
-- What a room's hosts keep at hand for its shows: prepared lines and pictures, a JSON document.

CREATE TABLE brands (
  room_id text COLLATE "C" PRIMARY KEY REFERENCES rooms (id) ON DELETE CASCADE,
  document text NOT NULL,
  revision bigint NOT NULL
);
