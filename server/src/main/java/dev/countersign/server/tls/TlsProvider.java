// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.tls;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;

/** Which implementation of TLS carries the connections. */
public enum TlsProvider {
  /** BoringSSL through tcnative: several times as many handshakes per CPU second. */
  BORINGSSL(SslProvider.OPENSSL, "BoringSSL (tcnative)"),
  /** The JDK's own; everywhere. */
  JDK(SslProvider.JDK, "JDK");

  private final SslProvider netty;
  private final String label;

  TlsProvider(SslProvider netty, String label) {
    this.netty = netty;
    this.label = label;
  }

  SslProvider netty() {
    return netty;
  }

  /** For people. */
  public String label() {
    return label;
  }

  /** What the configuration may ask for. */
  public enum Choice {
    /** BoringSSL where it loads, else the JDK. */
    AUTO,
    BORINGSSL,
    JDK;

    /**
     * Settles which one it is on this machine.
     *
     * @throws IllegalStateException if BoringSSL is demanded and does not load here
     */
    public TlsProvider resolve() {
      return switch (this) {
        case AUTO -> OpenSsl.isAvailable() ? TlsProvider.BORINGSSL : TlsProvider.JDK;
        case JDK -> TlsProvider.JDK;
        case BORINGSSL -> {
          if (!OpenSsl.isAvailable()) {
            throw new IllegalStateException(
                "tls.provider: boringssl does not load on this machine ("
                    + OpenSsl.unavailabilityCause()
                    + "); use auto or jdk");
          }
          yield TlsProvider.BORINGSSL;
        }
      };
    }
  }
}
