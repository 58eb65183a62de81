-- SPDX-FileCopyrightText: Countersign contributors
-- SPDX-License-Identifier: Apache-2.0

-- Of a secret that signs there is the secret, wrapped; of one that is shown there is its hash.
CREATE TABLE relay (
  id             INTEGER PRIMARY KEY AUTOINCREMENT,
  name           TEXT    NOT NULL UNIQUE,
  mode           TEXT    NOT NULL CHECK (mode IN ('signed', 'static')),
  field          TEXT    NOT NULL,
  errors_as_200  INTEGER NOT NULL CHECK (errors_as_200 IN (0, 1)),
  wrapped_secret BLOB,
  secret_hash    BLOB    CHECK (length(secret_hash) = 32),
  created_at     INTEGER NOT NULL,
  created_by     TEXT    NOT NULL,
  frozen_at      INTEGER,
  last_used      INTEGER,
  CHECK ((wrapped_secret IS NULL) = (mode = 'static')),
  CHECK ((secret_hash IS NULL) = (mode = 'signed'))
) STRICT;

-- What became of deliveries: of a relay in all, and of one device through it.
CREATE TABLE relay_finding (
  relay_id  INTEGER NOT NULL REFERENCES relay (id) ON DELETE CASCADE,
  device_id INTEGER REFERENCES device (id) ON DELETE CASCADE,
  kind      TEXT    NOT NULL,
  count     INTEGER NOT NULL CHECK (count >= 1),
  first_at  INTEGER NOT NULL,
  last_at   INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX relay_finding_in_all ON relay_finding (relay_id, kind) WHERE device_id IS NULL;
CREATE UNIQUE INDEX relay_finding_of_device ON relay_finding (relay_id, device_id, kind)
  WHERE device_id IS NOT NULL;
CREATE INDEX relay_finding_by_device ON relay_finding (device_id);

-- How a relay calls a device, as learned from messages that the device sealed.
CREATE TABLE relay_device_name (
  relay_id   INTEGER NOT NULL REFERENCES relay (id) ON DELETE CASCADE,
  name       TEXT    NOT NULL,
  device_id  INTEGER NOT NULL REFERENCES device (id) ON DELETE CASCADE,
  learned_at INTEGER NOT NULL,
  PRIMARY KEY (relay_id, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX relay_device_name_by_device ON relay_device_name (device_id);
