// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.factory;

import java.nio.file.Path;

/**
 * The directory of a station: which file is where.
 *
 * <pre>
 * DIR/station.key     the key of its authority                       0600
 * DIR/station.pem     the authority's certificate, the maker's root
 * DIR/quota           what the root allowed it, signed
 * DIR/ledger.jsonl    what it made; only grows
 * DIR/head            how far the ledger went
 * DIR/lock            one provision at a time
 * </pre>
 */
record StationFiles(Path directory) {
  Path key() {
    return directory.resolve("station.key");
  }

  Path chain() {
    return directory.resolve("station.pem");
  }

  Path quota() {
    return directory.resolve("quota");
  }

  Path lock() {
    return directory.resolve("lock");
  }
}
