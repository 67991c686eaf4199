-- SPDX-License-Identifier: LGPL-2.1-or-later
-- What a room's hosts keep at hand for its shows: prepared lines and pictures, a JSON document.

CREATE TABLE brands (
  room_id TEXT PRIMARY KEY REFERENCES rooms (id) ON DELETE CASCADE,
  document TEXT NOT NULL,
  revision INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
