// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.http;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** Where a connection comes from, as the socket says: no header can change it. */
record PeerAddress(InetAddress ip) {
  /** The address of a channel; that of this machine where it has none any more. */
  static PeerAddress of(SocketAddress remote) {
    return remote instanceof InetSocketAddress inet && inet.getAddress() != null
        ? new PeerAddress(inet.getAddress())
        : new PeerAddress(NetUtil.LOCALHOST4);
  }

  AddressBlock block() {
    return AddressBlock.of(ip);
  }

  /** IPv4 with dots; IPv6 as RFC 5952 writes it, without a zone. Never asks a name server. */
  @Override
  public String toString() {
    return NetUtil.toAddressString(ip);
  }
}
