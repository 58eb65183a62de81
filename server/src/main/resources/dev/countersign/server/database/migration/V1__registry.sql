-- SPDX-FileCopyrightText: Countersign contributors
-- SPDX-License-Identifier: Apache-2.0

-- Instants are milliseconds since 1970-01-01T00:00:00Z, digests 32 bytes.

-- AUTOINCREMENT: the id of a removed device is never used again, since readings and journal name it.
CREATE TABLE device (
  id              INTEGER PRIMARY KEY AUTOINCREMENT,
  serial          TEXT    NOT NULL UNIQUE,
  model           TEXT,
  status          TEXT    NOT NULL CHECK (status IN ('pending', 'active', 'suspended', 'revoked')),
  has_clock       INTEGER NOT NULL CHECK (has_clock IN (0, 1)),
  level           INTEGER NOT NULL CHECK (level BETWEEN 0 AND 4),
  minimum_level   INTEGER NOT NULL CHECK (minimum_level BETWEEN 0 AND 4),
  enrolment_epoch INTEGER NOT NULL,
  added_at        INTEGER NOT NULL,
  last_seen       INTEGER
) STRICT;
CREATE INDEX device_by_status ON device (status, serial);

-- Every certificate ever issued; rows are never deleted.
CREATE TABLE certificate (
  id                INTEGER PRIMARY KEY AUTOINCREMENT,
  kind              TEXT    NOT NULL CHECK (kind IN ('device', 'server', 'operator', 'authority')),
  subject           TEXT    NOT NULL,
  issuer            TEXT    NOT NULL,
  fingerprint       BLOB    NOT NULL UNIQUE CHECK (length(fingerprint) = 32),
  key_hash          BLOB    NOT NULL CHECK (length(key_hash) = 32),
  serial_number     TEXT    NOT NULL,
  not_before        INTEGER NOT NULL,
  not_after         INTEGER NOT NULL,
  issued_at         INTEGER NOT NULL,
  state             TEXT    NOT NULL CHECK (state IN ('issued', 'active', 'retired', 'revoked')),
  revoked_at        INTEGER,
  revocation_reason TEXT,
  der               BLOB    NOT NULL
) STRICT;
CREATE INDEX certificate_by_subject ON certificate (kind, subject);
CREATE INDEX certificate_by_key ON certificate (key_hash);
CREATE INDEX certificate_by_end ON certificate (state, not_after);

CREATE TABLE enrolment_token (
  device_id      INTEGER PRIMARY KEY REFERENCES device (id) ON DELETE CASCADE,
  secret_hash    BLOB    NOT NULL CHECK (length(secret_hash) = 32),
  created_at     INTEGER NOT NULL,
  expires_at     INTEGER NOT NULL,
  failures       INTEGER NOT NULL,
  voided         INTEGER NOT NULL CHECK (voided IN (0, 1)),
  bound_key      BLOB    CHECK (length(bound_key) = 32),
  certificate_id INTEGER REFERENCES certificate (id),
  used_at        INTEGER
) STRICT;

-- The settings in the form of RFC 8785, over which their digest is made.
CREATE TABLE settings_version (
  device_id INTEGER NOT NULL REFERENCES device (id) ON DELETE CASCADE,
  version   INTEGER NOT NULL CHECK (version >= 1),
  settings  TEXT    NOT NULL,
  set_at    INTEGER NOT NULL,
  set_by    TEXT    NOT NULL,
  PRIMARY KEY (device_id, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE settings_applied (
  device_id INTEGER PRIMARY KEY REFERENCES device (id) ON DELETE CASCADE,
  version   INTEGER NOT NULL,
  sha256    BLOB    NOT NULL CHECK (length(sha256) = 32),
  at        INTEGER NOT NULL
) STRICT;

CREATE TABLE operator (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  name       TEXT    NOT NULL,
  added_at   INTEGER NOT NULL,
  added_by   TEXT    NOT NULL,
  removed_at INTEGER
) STRICT;
CREATE UNIQUE INDEX operator_live ON operator (name) WHERE removed_at IS NULL;

-- A chain of hashes, and its head apart from it, so that a cut-off end is seen.
CREATE TABLE audit_entry (
  number   INTEGER PRIMARY KEY,
  at       INTEGER NOT NULL,
  actor    TEXT    NOT NULL,
  type     TEXT    NOT NULL,
  subject  TEXT    NOT NULL,
  details  TEXT    NOT NULL,
  previous BLOB    NOT NULL,
  hash     BLOB    NOT NULL
) STRICT;

CREATE TABLE audit_head (
  id     INTEGER PRIMARY KEY CHECK (id = 1),
  number INTEGER NOT NULL,
  hash   BLOB    NOT NULL CHECK (length(hash) = 32)
) STRICT;
INSERT INTO audit_head (id, number, hash) VALUES (1, 0, zeroblob(32));
