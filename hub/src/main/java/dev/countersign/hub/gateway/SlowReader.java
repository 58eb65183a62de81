// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Cuts off who says more and more while what was said to him is unread: else pings, each of which
 * has its answer, would fill the hub's memory. For one connection, after TLS.
 */
final class SlowReader extends ChannelInboundHandlerAdapter {
  /** Who waits for an answer has sent one request at most, or the pong of a ping. */
  private static final int MAX_BYTES = 16 * 1024;

  private int saidMeanwhile;

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    saidMeanwhile =
        context.channel().isWritable() ? 0 : saidMeanwhile + ((ByteBuf) message).readableBytes();
    if (saidMeanwhile > MAX_BYTES) {
      ((ByteBuf) message).release();
      HangUp.now(context.channel());
    } else {
      context.fireChannelRead(message);
    }
  }
}
