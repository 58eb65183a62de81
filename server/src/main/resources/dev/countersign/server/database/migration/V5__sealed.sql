-- SPDX-FileCopyrightText: Countersign contributors
-- SPDX-License-Identifier: Apache-2.0

-- The security context that counts for a generation of a device's key and a level; the others that
-- ever were are refused. Its numbers are with the readings, under its series.
CREATE TABLE sealed_context (
  device_id   INTEGER NOT NULL REFERENCES device (id) ON DELETE CASCADE,
  generation  INTEGER NOT NULL CHECK (generation BETWEEN 1 AND 255),
  level       INTEGER NOT NULL CHECK (level IN (1, 2)),
  series      INTEGER NOT NULL CHECK (series < 0),
  -- What was agreed on after lost state; null before.
  id_context  BLOB    CHECK (length(id_context) = 24),
  -- Whether a number of the series was claimed: then its window must be there.
  established INTEGER NOT NULL CHECK (established IN (0, 1)),
  -- After a restore or a lost window: nothing but a new agreement is answered.
  must_resync INTEGER NOT NULL CHECK (must_resync IN (0, 1)),
  created_at  INTEGER NOT NULL,
  PRIMARY KEY (device_id, generation, level)
) STRICT, WITHOUT ROWID;

-- Key ids of removed devices that sealed messages here: a device that is added again under the same
-- serial, and perhaps the same secret, has to agree on a context first, or what was recorded of it
-- would count once more.
CREATE TABLE used_key_id (
  kid BLOB PRIMARY KEY CHECK (length(kid) = 6)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER device_removed BEFORE DELETE ON device
BEGIN
  INSERT OR IGNORE INTO used_key_id (kid)
    SELECT secret.kid
    FROM device_secret AS secret
    JOIN sealed_context AS context
      ON context.device_id = secret.device_id AND context.generation = secret.generation
    WHERE secret.device_id = OLD.id AND context.established = 1;
END;
