-- SPDX-License-Identifier: LGPL-2.1-or-later
-- Who there is, and where they are signed in. Times are microseconds since 1970, ids are UUIDv7 in lower case, the
-- *_key columns hold the text folded (NFKC, case) for comparing. accounts.role: 0 guest, 1 user, 2 moderator, 3 admin.

CREATE TABLE accounts (
  id TEXT PRIMARY KEY,
  email TEXT,
  email_key TEXT,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  password_hash TEXT,
  role INTEGER NOT NULL CHECK (role BETWEEN 0 AND 3),
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX accounts_email ON accounts (email_key);
-- Guests may share a name.
CREATE UNIQUE INDEX accounts_name ON accounts (name_key) WHERE role > 0;
CREATE INDEX accounts_registered ON accounts (id) WHERE role > 0;
CREATE INDEX accounts_guests ON accounts (created_at) WHERE role = 0;
CREATE INDEX accounts_administrators ON accounts (id) WHERE role = 3;

CREATE TABLE sessions (
  id TEXT PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  agent TEXT NOT NULL,
  address TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  used_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  revoked INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE INDEX sessions_account ON sessions (account_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);

-- Refresh tokens by their SHA-256. A used one stays until it would have expired, so that its reuse is noticed.
CREATE TABLE tokens (
  hash TEXT PRIMARY KEY,
  session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  expires_at INTEGER NOT NULL,
  used INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE INDEX tokens_session ON tokens (session_id);
CREATE INDEX tokens_expiry ON tokens (expires_at);
