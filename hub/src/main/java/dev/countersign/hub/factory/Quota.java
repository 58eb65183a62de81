// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.factory;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.countersign.pki.DeviceName;
import dev.countersign.pki.ServerName;
import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.Sha256;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many hubs a station may make, until when, and of what names. As text it is what the root
 * signs.
 *
 * @param station 16 hexadecimal digits that no other station has
 * @param name what people call the line: 1 to 32 letters, digits, blanks, dots, hyphens
 * @param hubs 1 to {@value #MAX_HUBS}
 * @param until to the second
 * @param domain where its hubs have their names
 * @param organization the maker, in every certificate
 * @param enterpriseNumber the maker's number at IANA
 * @param authority the hash of the station's key: the quota is for this one alone
 */
public record Quota(
    String station,
    String name,
    int hubs,
    Instant until,
    ServerName.Dns domain,
    String organization,
    long enterpriseNumber,
    Sha256 authority) {
  /** What falls with a station's key is what it may make; more hubs want another station. */
  public static final int MAX_HUBS = 10_000;

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9 ._-]{0,31}");

  /** The first line keeps the root's signature from being taken for anything else it signs. */
  private static final Pattern FORM =
      Pattern.compile(
          """
          countersign hub station quota, version 1
          station: ([0-9a-f]{16})
          name: ([^\\n]+)
          hubs: ([1-9][0-9]{0,4})
          until: ([^\\n]{20})
          domain: ([^\\n]+)
          organization: ([^\\n]+)
          enterprise: ([1-9][0-9]{0,9})
          authority: ([0-9a-f]{64})
          """);

  /**
   * @throws IllegalArgumentException whose message names the field
   */
  public Quota {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "name: expected 1 to 32 letters, digits, blanks, dots or hyphens");
    }
    if (hubs < 1 || hubs > MAX_HUBS) {
      throw new IllegalArgumentException(
          "quota: expected 1 to %d hubs, got %d; more want another station"
              .formatted(MAX_HUBS, hubs));
    }
    if (!until.equals(until.truncatedTo(ChronoUnit.SECONDS))) {
      throw new IllegalArgumentException("until: expected a time to the second, got " + until);
    }
    // What the certificates would refuse later is refused now.
    new DeviceName(organization, enterpriseNumber, new DeviceSerial(station));
  }

  /** The text that is signed, in its only form. */
  byte[] encode() {
    return """
    countersign hub station quota, version 1
    station: %s
    name: %s
    hubs: %d
    until: %s
    domain: %s
    organization: %s
    enterprise: %d
    authority: %s
    """
        .formatted(
            station,
            name,
            hubs,
            until,
            domain.text(),
            organization,
            enterpriseNumber,
            authority.hex())
        .getBytes(UTF_8);
  }

  static Quota decode(byte[] text) throws MalformedException {
    Matcher fields = FORM.matcher(new String(text, UTF_8));
    if (!fields.matches()) {
      throw new MalformedException("quota", "expected nine lines, version 1");
    }
    try {
      var quota =
          new Quota(
              fields.group(1),
              fields.group(2),
              Integer.parseInt(fields.group(3)),
              Instant.parse(fields.group(4)),
              new ServerName.Dns(fields.group(5)),
              fields.group(6),
              Long.parseLong(fields.group(7)),
              Sha256.parseHex(fields.group(8)));
      if (!Arrays.equals(quota.encode(), text)) {
        throw new MalformedException("quota", "expected its only form");
      }
      return quota;
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new MalformedException("quota", "a field is out of its range", e);
    }
  }
}
