// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.hub;

import dev.countersign.protocol.MalformedException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a hub answers. An address is no proof of anything: on a hotspot everybody can have it.
 *
 * @param host a name or an address literal, IPv6 without brackets
 */
public record HubAddress(String host, int port) {
  public static final int DEFAULT_PORT = 8443;

  private static final int MAX_PORT = 65_535;
  private static final Pattern HOST =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9.-]{0,252}|[0-9A-Fa-f:.]{2,45}(%[A-Za-z0-9]{1,16})?");
  private static final Pattern FORM =
      Pattern.compile("(\\[(?<six>[^\\]]+)\\]|(?<name>[^:\\[\\]]+))(:(?<port>\\d{1,5}))?");

  public HubAddress {
    if (!HOST.matcher(host).matches()) {
      throw new IllegalArgumentException("expected a host name or an address");
    }
    if (port < 1 || port > MAX_PORT) {
      throw new IllegalArgumentException("expected a port from 1 to 65535, got " + port);
    }
  }

  /** Reads {@code HOST}, {@code HOST:PORT} or {@code [IPV6]:PORT}. */
  public static HubAddress parse(String text) throws MalformedException {
    Matcher form = FORM.matcher(text.trim());
    if (!form.matches()) {
      throw new MalformedException("address", "expected HOST:PORT, such as 192.168.4.1:8443");
    }
    String six = form.group("six");
    String port = form.group("port");
    try {
      return new HubAddress(
          six == null ? form.group("name") : six,
          port == null ? DEFAULT_PORT : Integer.parseInt(port));
    } catch (IllegalArgumentException e) {
      throw new MalformedException("address", String.valueOf(e.getMessage()));
    }
  }

  /** As {@link #parse} reads it, and as it stands in a Host field. */
  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
