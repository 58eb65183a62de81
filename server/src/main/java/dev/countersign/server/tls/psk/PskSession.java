// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.tls.psk;

import java.security.Principal;
import java.security.cert.Certificate;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSessionContext;
import org.jspecify.annotations.Nullable;

/** What a handshake agreed on. Never resumed, so it has no id and belongs to no context. */
public final class PskSession implements SSLSession {
  /** RFC 8446 §5.1. */
  static final int MAX_PLAINTEXT_BYTES = 16_384;

  /** RFC 5246 §6.2.3: header, content, and as much as TLS 1.2 lets protection add. */
  static final int MAX_RECORD_BYTES = 5 + MAX_PLAINTEXT_BYTES + 2048;

  /** Before a handshake is over. */
  static final PskSession NONE = new PskSession("NONE", "TLS_NULL_WITH_NULL_NULL", null);

  private final String protocol;
  private final String suite;
  private final @Nullable ProvenKey key;
  private final Map<String, Object> values = new ConcurrentHashMap<>();

  PskSession(String protocol, String suite, @Nullable ProvenKey key) {
    this.protocol = protocol;
    this.suite = suite;
    this.key = key;
  }

  /** What the peer proved; empty until the handshake is over. */
  public Optional<ProvenKey> provenKey() {
    return Optional.ofNullable(key);
  }

  @Override
  public byte[] getId() {
    return new byte[0];
  }

  @Override
  @SuppressWarnings("NullAway") // null: there is none
  public SSLSessionContext getSessionContext() {
    return null;
  }

  @Override
  public long getCreationTime() {
    return 0;
  }

  @Override
  public long getLastAccessedTime() {
    return 0;
  }

  @Override
  public void invalidate() {}

  @Override
  public boolean isValid() {
    return key != null;
  }

  @Override
  public void putValue(String name, Object value) {
    values.put(name, value);
  }

  @Override
  @SuppressWarnings("NullAway") // null: there is none
  public Object getValue(String name) {
    return values.get(name);
  }

  @Override
  public void removeValue(String name) {
    values.remove(name);
  }

  @Override
  public String[] getValueNames() {
    return values.keySet().toArray(String[]::new);
  }

  @Override
  public Certificate[] getPeerCertificates() throws SSLPeerUnverifiedException {
    throw new SSLPeerUnverifiedException("a pre-shared key, and no certificate");
  }

  @Override
  @SuppressWarnings("NullAway") // null: none was sent
  public Certificate[] getLocalCertificates() {
    return null;
  }

  @Override
  public Principal getPeerPrincipal() throws SSLPeerUnverifiedException {
    throw new SSLPeerUnverifiedException("a pre-shared key, and no certificate");
  }

  @Override
  @SuppressWarnings("NullAway") // null: none was sent
  public Principal getLocalPrincipal() {
    return null;
  }

  @Override
  public String getCipherSuite() {
    return suite;
  }

  @Override
  public String getProtocol() {
    return protocol;
  }

  @Override
  @SuppressWarnings("NullAway") // null: not known
  public String getPeerHost() {
    return null;
  }

  @Override
  public int getPeerPort() {
    return -1;
  }

  @Override
  public int getPacketBufferSize() {
    return MAX_RECORD_BYTES;
  }

  @Override
  public int getApplicationBufferSize() {
    return MAX_PLAINTEXT_BYTES;
  }
}
