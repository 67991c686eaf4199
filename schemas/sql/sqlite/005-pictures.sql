-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Pictures that people uploaded; the files are in the storage. A version fits into a square of box pixels; 0: the one for
-- the programme.

CREATE TABLE pictures (
  id TEXT PRIMARY KEY,
  owner_id TEXT NOT NULL REFERENCES accounts (id),
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  alpha INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX pictures_owner ON pictures (owner_id, id);

CREATE TABLE picture_versions (
  picture_id TEXT NOT NULL REFERENCES pictures (id) ON DELETE CASCADE,
  box INTEGER NOT NULL,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  PRIMARY KEY (picture_id, box)
) STRICT, WITHOUT ROWID;
