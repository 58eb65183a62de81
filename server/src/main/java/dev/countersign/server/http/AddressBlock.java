// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.http;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/**
 * What limits per address count as one: an IPv4 address, or an IPv6 network of 64 bits, which is
 * the least that anybody gets (RFC 6177 §2), so that its addresses cost nothing.
 */
public record AddressBlock(boolean isIpv6, long bits) {
  static AddressBlock of(InetAddress ip) {
    // Java has made IPv4 of an IPv4-mapped address by now.
    var bytes = ByteBuffer.wrap(ip.getAddress());
    return ip instanceof Inet6Address
        ? new AddressBlock(true, bytes.getLong())
        : new AddressBlock(false, bytes.getInt());
  }
}
