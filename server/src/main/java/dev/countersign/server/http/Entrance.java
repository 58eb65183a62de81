// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.http;

import dev.countersign.server.http.ConnectionFailure.Limit;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundInvoker;
import io.netty.handler.ssl.SslHandler;
import java.util.Optional;

/** Lets connections of one listener in while there is room, and closes the others at once. */
final class Entrance {
  private final ConnectionCensus census;
  private final FailureReports reports;

  Entrance(ConnectionCensus census, FailureReports reports) {
    this.census = census;
    this.reports = reports;
  }

  FailureReports reports() {
    return reports;
  }

  /**
   * Counts a connection until it closes, or closes it.
   *
   * @param below closes it without a word of TLS
   */
  boolean admit(Channel channel, ChannelOutboundInvoker below) {
    PeerAddress peer = PeerAddress.of(channel.remoteAddress());
    AddressBlock block = peer.block();
    if (isOver(census.connected(block), below, peer)) {
      return false;
    }
    channel.closeFuture().addListener(closed -> census.disconnected(block));
    return true;
  }

  /** Counts the handshake of a connection that was let in until it is over, or closes both. */
  boolean admitHandshake(ChannelHandlerContext below, SslHandler handshake) {
    PeerAddress peer = PeerAddress.of(below.channel().remoteAddress());
    AddressBlock block = peer.block();
    if (isOver(census.handshakeBegun(block), below, peer)) {
      return false;
    }
    handshake.handshakeFuture().addListener(done -> census.handshakeEnded(block));
    return true;
  }

  private boolean isOver(Optional<Limit> limit, ChannelOutboundInvoker below, PeerAddress peer) {
    if (limit.isPresent()) {
      reports.notAccepted(peer, limit.get());
      var _ = below.close();
    }
    return limit.isPresent();
  }
}
