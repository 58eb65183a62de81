// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** One connection's TLS, which tells what becomes of its handshake. Lives on its event loop. */
final class ObservedSslHandler extends SslHandler {
  private final Entrance entrance;
  private final Overheard overheard = new Overheard();

  ObservedSslHandler(SSLEngine engine, Executor delegatedTasks, Entrance entrance) {
    super(engine, false, delegatedTasks);
    this.entrance = entrance;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) throws Exception {
    if (!(engine() instanceof ReferenceCountedOpenSslEngine)) {
      // The JDK's TLS works in buffers on the heap; BoringSSL's in memory off it.
      context.channel().config().setAllocator(new ForgetfulAllocator(context.alloc()));
    }
    super.handlerAdded(context);
    if (entrance.admit(context.channel(), context) && entrance.admitHandshake(context, this)) {
      PeerAddress peer = PeerAddress.of(context.channel().remoteAddress());
      handshakeFuture()
          .addListener(done -> {
            if (!done.isSuccess()) {
              failed(peer, done.cause());
            }
          });
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
    if (message instanceof ByteBuf bytes && !handshakeFuture().isDone()) {
      overheard.hear(bytes);
    }
    super.channelRead(context, message);
  }

  private void failed(PeerAddress peer, Throwable cause) {
    if (overheard.isBegun() || cause instanceof SslHandshakeTimeoutException) {
      entrance.reports().handshakeFailed(peer, withoutContent(cause), presented());
    } else {
      entrance.reports().saidNothing(peer);
    }
  }

  /** Netty may quote what is no TLS, all of it: that may be a plain request with a secret in it. */
  private Throwable withoutContent(Throwable cause) {
    if (cause instanceof NotSslRecordException) {
      return new NotTlsException(overheard.isHttp());
    }
    return overheard.alert().isPresent()
        ? new PeerAlertException(overheard.alert().getAsInt(), cause)
        : cause;
  }

  /** What the peer had shown, which for most failures is nothing. */
  private Optional<X509Certificate> presented() {
    return leaf(engine().getHandshakeSession()).or(() -> leaf(engine().getSession()));
  }

  private static Optional<X509Certificate> leaf(@Nullable SSLSession session) {
    try {
      Certificate[] chain = session == null ? new Certificate[0] : session.getPeerCertificates();
      return chain.length > 0 && chain[0] instanceof X509Certificate leaf
          ? Optional.of(leaf)
          : Optional.empty();
    } catch (SSLPeerUnverifiedException e) {
      return Optional.empty();
    }
  }
}
