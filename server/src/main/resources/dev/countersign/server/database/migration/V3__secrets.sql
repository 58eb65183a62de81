-- SPDX-FileCopyrightText: Countersign contributors
-- SPDX-License-Identifier: Apache-2.0

-- The level below which a device is refused behind a relay; minimum_level is for direct contact.
ALTER TABLE device ADD COLUMN minimum_relay_level INTEGER NOT NULL DEFAULT 0
  CHECK (minimum_relay_level BETWEEN 0 AND 2);

-- Keys that devices share with the server, at most two generations of each device. What opens them
-- is not in the database: wrapped is nonce (12), ciphertext (32) and tag (16) of AES-256-GCM.
CREATE TABLE device_secret (
  device_id   INTEGER NOT NULL REFERENCES device (id) ON DELETE CASCADE,
  generation  INTEGER NOT NULL CHECK (generation BETWEEN 1 AND 255),
  kid         BLOB    NOT NULL CHECK (length(kid) = 6),
  kind        TEXT    NOT NULL CHECK (kind IN ('psk', 'sealed', 'mac')),
  algorithm   TEXT    NOT NULL CHECK (algorithm IN ('ccm', 'ccm8', 'chacha20')),
  kek_id      TEXT    NOT NULL CHECK (length(kek_id) = 16),
  wrapped     BLOB    NOT NULL CHECK (length(wrapped) = 60),
  -- HMAC of the key under one that comes from the KEK: two devices with one secret are found by it.
  fingerprint BLOB    NOT NULL CHECK (length(fingerprint) = 32),
  created_at  INTEGER NOT NULL,
  -- Somebody may know it, such as a relay that once saw it as a password.
  exposed     INTEGER NOT NULL CHECK (exposed IN (0, 1)),
  -- Made from its predecessor without a key exchange: who recorded that and opens it has this too.
  unhealed    INTEGER NOT NULL CHECK (unhealed IN (0, 1)),
  PRIMARY KEY (device_id, generation)
) STRICT, WITHOUT ROWID;
-- Not unique: a kid is a name of 48 bits.
CREATE INDEX device_secret_by_kid ON device_secret (kid);
CREATE INDEX device_secret_by_kek ON device_secret (kek_id);
CREATE UNIQUE INDEX device_secret_by_fingerprint ON device_secret (fingerprint);
