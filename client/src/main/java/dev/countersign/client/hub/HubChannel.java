// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.hub;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** One TLS connection, its handshake done. Any thread may close it. */
public interface HubChannel extends AutoCloseable {
  InputStream in();

  OutputStream out();

  /** What the server presented, leaf first. */
  List<X509Certificate> presented();

  /** What ALPN agreed on; empty if nothing. */
  Optional<String> protocol();

  /**
   * The value of RFC 9266, tls-exporter, 32 bytes: the same at both ends of this connection, and
   * nowhere else. Empty if the platform does not give it; then the channel cannot pair.
   */
  Optional<byte[]> channelBinding();

  /** How long all reads together may take from now on; then they fail. */
  void expectWithin(Duration time) throws IOException;

  @Override
  void close();
}
