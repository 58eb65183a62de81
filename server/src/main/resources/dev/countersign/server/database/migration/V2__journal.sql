-- SPDX-FileCopyrightText: Countersign contributors
-- SPDX-License-Identifier: Apache-2.0

-- Attempts that came to nothing. Bounded: the oldest of each attribution go first.
CREATE TABLE journal (
  id          INTEGER PRIMARY KEY,
  device_id   INTEGER REFERENCES device (id) ON DELETE CASCADE,
  attribution TEXT    NOT NULL CHECK (attribution IN ('proven', 'claimed', 'unattributed')),
  first_at    INTEGER NOT NULL,
  last_at     INTEGER NOT NULL,
  count       INTEGER NOT NULL CHECK (count >= 1),
  listener    TEXT    NOT NULL,
  address     TEXT    NOT NULL,
  reason      TEXT    NOT NULL,
  detail      TEXT    NOT NULL,
  serial      TEXT,
  certificate BLOB    CHECK (length(certificate) = 32),
  CHECK ((device_id IS NULL) = (attribution = 'unattributed'))
) STRICT;
CREATE INDEX journal_by_device ON journal (device_id, attribution, last_at);
CREATE INDEX journal_by_age ON journal (attribution, last_at);
CREATE INDEX journal_by_address ON journal (address, last_at);
