// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.systemd;

import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.vertx.core.impl.transports.EpollTransport;
import io.vertx.core.transport.Transport;
import java.net.SocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Vert.x's native transport, but a server channel may be one that listens already. */
final class AdoptingTransport implements Transport {
  private static final int NONE = -1;

  private final AtomicInteger next = new AtomicInteger(NONE);
  private final EpollTransport epoll = new Adopting();

  /** The server channel that is made next is over this descriptor. */
  void adoptNext(int descriptor) {
    next.set(descriptor);
  }

  @Override
  public String name() {
    return "epoll";
  }

  @Override
  public boolean available() {
    return epoll.isAvailable();
  }

  @Override
  public @Nullable Throwable unavailabilityCause() {
    return epoll.unavailabilityCause();
  }

  @Override
  public io.vertx.core.spi.transport.Transport implementation() {
    return epoll;
  }

  private ServerChannel newServerChannel() {
    int descriptor = next.getAndSet(NONE);
    if (descriptor == NONE) {
      return new EpollServerSocketChannel();
    }
    var channel = new EpollServerSocketChannel(descriptor);
    channel.config().setAutoRead(false);
    channel.pipeline().addFirst(new AlreadyBound());
    return channel;
  }

  private final class Adopting extends EpollTransport {
    @Override
    public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
      return domainSocket
          ? super.serverChannelFactory(true)
          : AdoptingTransport.this::newServerChannel;
    }
  }

  /**
   * The bootstrap binds every channel it made, and the kernel would refuse that. Only then is there
   * somebody to take connections, which may be waiting already.
   */
  private static final class AlreadyBound extends ChannelOutboundHandlerAdapter {
    @Override
    public void bind(ChannelHandlerContext context, SocketAddress address, ChannelPromise promise) {
      promise.setSuccess();
      context.channel().config().setAutoRead(true);
    }
  }
}
