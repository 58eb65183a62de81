// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.util.List;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSessionContext;

/** A context whose content can be exchanged under a running listener. */
final class ReloadableSslContext extends SslContext {
  /**
   * Those that BoringSSL offers. The JDK has ffdhe8192 too: a stranger's cheap way to much work.
   */
  private static final String[] GROUPS = {"x25519", "secp256r1", "secp384r1", "secp521r1"};

  private volatile SslContext current;

  ReloadableSslContext(SslContext first) {
    this.current = first;
  }

  /** New connections use this one. The old one lives as long as its connections. */
  void replace(SslContext next) {
    current = next;
  }

  @Override
  public boolean isClient() {
    return false;
  }

  @Override
  public List<String> cipherSuites() {
    return current.cipherSuites();
  }

  @Override
  @SuppressWarnings("deprecation") // abstract in SslContext, so it must be there
  public io.netty.handler.ssl.ApplicationProtocolNegotiator applicationProtocolNegotiator() {
    return current.applicationProtocolNegotiator();
  }

  @Override
  public SSLEngine newEngine(ByteBufAllocator allocator) {
    return limited(current.newEngine(allocator));
  }

  @Override
  public SSLEngine newEngine(ByteBufAllocator allocator, String peerHost, int peerPort) {
    return limited(current.newEngine(allocator, peerHost, peerPort));
  }

  // The handlers as well: BoringSSL's context makes faster engines for its own handlers.

  @Override
  public SslHandler newHandler(ByteBufAllocator allocator, Executor delegatedTasks) {
    return limited(current.newHandler(allocator, delegatedTasks));
  }

  @Override
  public SslHandler newHandler(
      ByteBufAllocator allocator, String peerHost, int peerPort, Executor delegatedTasks) {
    return limited(current.newHandler(allocator, peerHost, peerPort, delegatedTasks));
  }

  @Override
  public SSLSessionContext sessionContext() {
    return current.sessionContext();
  }

  private static SslHandler limited(SslHandler handler) {
    limited(handler.engine());
    return handler;
  }

  private static SSLEngine limited(SSLEngine engine) {
    if (!(engine instanceof ReferenceCountedOpenSslEngine)) {
      SSLParameters parameters = engine.getSSLParameters();
      parameters.setNamedGroups(GROUPS);
      engine.setSSLParameters(parameters);
    }
    return engine;
  }
}
