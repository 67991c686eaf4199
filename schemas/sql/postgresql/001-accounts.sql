-- SPDX-License-Identifier: LGPL-2.1-or-later
-- The same tables as in ../sqlite; keys compare by byte whatever the locale of the database.
-- Who there is, and where they are signed in. Times are microseconds since 1970, ids are UUIDv7 in lower case, the
-- *_key columns hold the text folded (NFKC, case) for comparing. accounts.role: 0 guest, 1 user, 2 moderator, 3 admin.

CREATE TABLE accounts (
  id text COLLATE "C" PRIMARY KEY,
  email text,
  email_key text COLLATE "C",
  name text NOT NULL,
  name_key text COLLATE "C" NOT NULL,
  password_hash text,
  role smallint NOT NULL CHECK (role BETWEEN 0 AND 3),
  created_at bigint NOT NULL
);

CREATE UNIQUE INDEX accounts_email ON accounts (email_key);
-- Guests may share a name.
CREATE UNIQUE INDEX accounts_name ON accounts (name_key) WHERE role > 0;
CREATE INDEX accounts_registered ON accounts (id) WHERE role > 0;
CREATE INDEX accounts_guests ON accounts (created_at) WHERE role = 0;
CREATE INDEX accounts_administrators ON accounts (id) WHERE role = 3;

CREATE TABLE sessions (
  id text COLLATE "C" PRIMARY KEY,
  account_id text COLLATE "C" NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  agent text NOT NULL,
  address text NOT NULL,
  created_at bigint NOT NULL,
  used_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  revoked smallint NOT NULL DEFAULT 0
);

CREATE INDEX sessions_account ON sessions (account_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);

-- Refresh tokens by their SHA-256. A used one stays until it would have expired, so that its reuse is noticed.
CREATE TABLE tokens (
  hash text COLLATE "C" PRIMARY KEY,
  session_id text COLLATE "C" NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  expires_at bigint NOT NULL,
  used smallint NOT NULL DEFAULT 0
);

CREATE INDEX tokens_session ON tokens (session_id);
CREATE INDEX tokens_expiry ON tokens (expires_at);
