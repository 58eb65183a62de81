// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.console;

import dev.countersign.server.attention.Attention;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What {@code status}, {@code ca show} and the probes tell about the running server. */
public interface InstallationView {
  /** A listener: {@code name}, {@code port}, {@code connections}, {@code tls}. */
  List<Map<String, Object>> listeners();

  /** An authority: {@code name}, {@code subject}, {@code sha256}, dates, what it issues. */
  List<Map<String, Object>> authorities();

  /** Version of the program. */
  String version();

  Instant startedAt();

  /** When the server's certificate ends. */
  Instant serverCertificateEnds();

  /** A directory and its room: {@code directory}, {@code freeBytes}, {@code state}. */
  List<Map<String, Object>> disk();

  /** The store of readings: {@code bytes}, {@code maxBytes}, {@code retentionDays}. */
  Map<String, Object> readings();

  /** What a person should do something about. */
  List<Attention> attention();

  /** Whether requests can be answered and stored now. */
  boolean isReady();

  /** Prometheus text format 0.0.4. */
  String metrics();
}
