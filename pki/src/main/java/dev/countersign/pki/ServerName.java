// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.pki;

import dev.countersign.protocol.MalformedException;
import java.net.InetAddress;
import java.util.Locale;
import java.util.regex.Pattern;

/** A name under which clients reach a server: what they compare with its certificate (RFC 9525). */
public sealed interface ServerName {
  /** As people write it. */
  String text();

  /**
   * Reads a host name or an IP address as a person writes it.
   *
   * @throws MalformedException if it is neither; there are no wildcards
   */
  static ServerName parse(String text) throws MalformedException {
    try {
      return text.indexOf(':') >= 0 || Ip.DOTTED.matcher(text).matches()
          ? new Ip(InetAddress.ofLiteral(text))
          : new Dns(text);
    } catch (IllegalArgumentException e) {
      throw new MalformedException(
          "server name", "expected a host name or an IP address, got \"" + text + "\"", e);
    }
  }

  /**
   * A host name in ASCII form, in lower case (RFC 1123 §2.1).
   *
   * @param text at most 253 characters; no wildcard, no dot at the end
   */
  record Dns(String text) implements ServerName {
    private static final int MAX_CHARS = 253;
    private static final String LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
    private static final Pattern FORM = Pattern.compile(LABEL + "(\\." + LABEL + ")*");

    /** What looks like an address but is not would be read as one by some clients. */
    private static final Pattern NUMERIC_END = Pattern.compile("(.*\\.)?[0-9]+");

    public Dns {
      text = text.toLowerCase(Locale.ROOT);
      if (text.length() > MAX_CHARS
          || !FORM.matcher(text).matches()
          || NUMERIC_END.matcher(text).matches()) {
        throw new IllegalArgumentException("expected a host name, got \"" + text + "\"");
      }
    }
  }

  /** An IPv4 or IPv6 address without a zone. */
  record Ip(InetAddress address) implements ServerName {
    private static final Pattern DOTTED = Pattern.compile("[0-9]+(\\.[0-9]+){3}");

    public Ip {
      if (address.getHostAddress().indexOf('%') >= 0) {
        throw new IllegalArgumentException("expected an address without a zone");
      }
    }

    @Override
    public String text() {
      return address.getHostAddress();
    }
  }
}
