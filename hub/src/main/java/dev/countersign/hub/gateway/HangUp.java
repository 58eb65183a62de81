// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.gateway;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;

/** Ends connections. */
final class HangUp {
  private HangUp() {}

  /**
   * Ends one now, whatever it is used for. From behind TLS: what is before it would wait ten
   * seconds for the other end of a WebSocket to agree, or until everything unread is read.
   */
  static void now(Channel channel) {
    ChannelHandlerContext tls = channel.pipeline().context(SslHandler.class);
    if (tls != null) {
      ((SslHandler) tls.handler()).closeOutbound().addListener(sent -> {});
      tls.close().addListener(closed -> {});
    }
  }
}
