// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.http;

import dev.countersign.server.tls.BlockingTasks;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.util.List;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSessionContext;

/**
 * The TLS of one listener, over a context that several listeners share: handlers that know which
 * listener they are of.
 */
final class ObservedTls extends SslContext {
  private final SslContext context;
  private final Entrance entrance;
  private final Executor blockingTasks;

  /**
   * Makes the TLS of a listener.
   *
   * @param blockingTasks takes those tasks of a handshake that may wait
   */
  ObservedTls(SslContext context, Entrance entrance, Executor blockingTasks) {
    this.context = context;
    this.entrance = entrance;
    this.blockingTasks = blockingTasks;
  }

  private SslHandler observed(SslHandler made, Executor delegatedTasks) {
    // The engine that the context made for its own handler: newEngine() makes one that is slower.
    SSLEngine engine = made.engine();
    Executor tasks = engine instanceof BlockingTasks ? blockingTasks : delegatedTasks;
    return new ObservedSslHandler(engine, tasks, entrance);
  }

  @Override
  public SslHandler newHandler(ByteBufAllocator allocator, Executor delegatedTasks) {
    return observed(context.newHandler(allocator, delegatedTasks), delegatedTasks);
  }

  @Override
  public SslHandler newHandler(
      ByteBufAllocator allocator, String peerHost, int peerPort, Executor delegatedTasks) {
    return observed(
        context.newHandler(allocator, peerHost, peerPort, delegatedTasks), delegatedTasks);
  }

  @Override
  public boolean isClient() {
    return false;
  }

  @Override
  public List<String> cipherSuites() {
    return context.cipherSuites();
  }

  @Override
  @SuppressWarnings("deprecation") // abstract in SslContext, so it must be there
  public io.netty.handler.ssl.ApplicationProtocolNegotiator applicationProtocolNegotiator() {
    return context.applicationProtocolNegotiator();
  }

  @Override
  public SSLEngine newEngine(ByteBufAllocator allocator) {
    return context.newEngine(allocator);
  }

  @Override
  public SSLEngine newEngine(ByteBufAllocator allocator, String peerHost, int peerPort) {
    return context.newEngine(allocator, peerHost, peerPort);
  }

  @Override
  public SSLSessionContext sessionContext() {
    return context.sessionContext();
  }
}
