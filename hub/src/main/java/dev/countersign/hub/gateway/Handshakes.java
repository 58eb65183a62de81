// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.gateway;

import io.netty.channel.ChannelHandlerContext;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The handshakes under way. A phone's takes a moment, one that is never finished takes all the time
 * there is: so where there are too many, the oldest goes, of the address that has most of them.
 * Safe for use by many threads.
 */
final class Handshakes {
  private final int most;
  private final Map<ChannelHandlerContext, InetAddress> waiting = new LinkedHashMap<>();

  Handshakes(int most) {
    this.most = most;
  }

  /** One more; returns another one that has to go for it. */
  synchronized Optional<ChannelHandlerContext> begin(ChannelHandlerContext context) {
    Optional<ChannelHandlerContext> oldest =
        waiting.size() < most ? Optional.empty() : Optional.of(oldestOfTheMost());
    oldest.ifPresent(waiting::remove);
    waiting.put(context, ((InetSocketAddress) context.channel().remoteAddress()).getAddress());
    return oldest;
  }

  synchronized void end(ChannelHandlerContext context) {
    waiting.remove(context);
  }

  private ChannelHandlerContext oldestOfTheMost() {
    InetAddress from =
        waiting.values().stream()
            .collect(Collectors.groupingBy(address -> address, Collectors.counting()))
            .entrySet()
            .stream()
            .max(Map.Entry.comparingByValue())
            .orElseThrow()
            .getKey();
    return waiting.entrySet().stream()
        .filter(each -> each.getValue().equals(from))
        .findFirst()
        .orElseThrow()
        .getKey();
  }
}
