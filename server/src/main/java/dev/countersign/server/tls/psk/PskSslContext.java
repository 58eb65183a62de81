// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.tls.psk;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSessionContext;
import org.bouncycastle.tls.crypto.TlsCrypto;

/** Makes engines for connections that prove themselves by a pre-shared key. */
public final class PskSslContext extends SslContext {
  private final TlsCrypto crypto;
  private final PreSharedKeys keys;

  /** A context that asks for the keys anew on each handshake. */
  public PskSslContext(PreSharedKeys keys, SecureRandom random) {
    this.keys = keys;
    this.crypto = new PlatformCrypto(random);
  }

  @Override
  public boolean isClient() {
    return false;
  }

  @Override
  public List<String> cipherSuites() {
    return PskProfile.SUITE_NAMES;
  }

  @Override
  @SuppressWarnings("deprecation") // abstract in SslContext, so it must be there
  public io.netty.handler.ssl.ApplicationProtocolNegotiator applicationProtocolNegotiator() {
    return List::of;
  }

  @Override
  public SSLEngine newEngine(ByteBufAllocator allocator) {
    try {
      return new PskEngine(new PskServer(crypto, keys));
    } catch (IOException e) {
      throw new UncheckedIOException("nothing is read or written yet", e);
    }
  }

  @Override
  public SSLEngine newEngine(ByteBufAllocator allocator, String peerHost, int peerPort) {
    return newEngine(allocator);
  }

  @Override
  public SSLSessionContext sessionContext() {
    return NoSessions.INSTANCE;
  }

  /** RFC 9257 §6.1 leaves resumption open; here each connection proves itself by the key. */
  private static final class NoSessions implements SSLSessionContext {
    private static final NoSessions INSTANCE = new NoSessions();

    @Override
    @SuppressWarnings("NullAway") // null: there is none
    public SSLSession getSession(byte[] id) {
      return null;
    }

    @Override
    @SuppressWarnings("JdkObsolete") // the platform's signature
    public Enumeration<byte[]> getIds() {
      return Collections.emptyEnumeration();
    }

    @Override
    public void setSessionTimeout(int seconds) {}

    @Override
    public int getSessionTimeout() {
      return 0;
    }

    @Override
    public void setSessionCacheSize(int size) {}

    @Override
    public int getSessionCacheSize() {
      return 0;
    }
  }
}
