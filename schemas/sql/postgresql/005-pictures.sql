-- SPDX-License-Identifier: LGPL-2.1-or-later
-- The same tables as in ../sqlite; keys compare by byte whatever the locale of the database.
-- Pictures that people uploaded; the files are in the storage. A version fits into a square of box pixels; 0: the one for
-- the programme.

CREATE TABLE pictures (
  id text COLLATE "C" PRIMARY KEY,
  owner_id text COLLATE "C" NOT NULL REFERENCES accounts (id),
  width integer NOT NULL,
  height integer NOT NULL,
  alpha smallint NOT NULL,
  bytes bigint NOT NULL,
  created_at bigint NOT NULL
);

CREATE INDEX pictures_owner ON pictures (owner_id, id);

CREATE TABLE picture_versions (
  picture_id text COLLATE "C" NOT NULL REFERENCES pictures (id) ON DELETE CASCADE,
  box integer NOT NULL,
  width integer NOT NULL,
  height integer NOT NULL,
  bytes bigint NOT NULL,
  PRIMARY KEY (picture_id, box)
);
