// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.factory;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.pairing.HubId;
import dev.countersign.protocol.x509.Certificates;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * One line of a ledger: a JSON object whose {@code previous} is SHA-256 of the line before it, or
 * of the quota's file before the first. {@code sha256sum} is enough to verify them.
 */
sealed interface LedgerLine {
  JsonMapper JSON = new JsonMapper();

  /** A certificate that was made. */
  record Issued(LedgerEntry entry) implements LedgerLine {}

  /** The certificate of this number is in its hub: nobody gets it again. */
  record Delivered(int number, Instant at) implements LedgerLine {}

  /** The line without its line feed. */
  static byte[] encode(LedgerLine line, Sha256 previous) {
    ObjectNode json = JSON.createObjectNode();
    switch (line) {
      case Issued(LedgerEntry entry) -> {
        json.put("number", entry.number());
        json.put("kind", entry.kind().wireName());
        json.put("hubId", entry.hub().toString());
        json.put("serial", entry.serial().value());
        json.put("keySha256", entry.key().hex());
        json.put("claimSha256", entry.claim().hex());
        json.put("at", entry.at().toString());
        json.put(
            "certificate",
            Base64.getEncoder().encodeToString(Certificates.der(entry.certificate())));
      }
      case Delivered(int number, Instant at) -> {
        json.put("number", number);
        json.put("kind", "delivered");
        json.put("at", at.toString());
      }
    }
    json.put("previous", previous.hex());
    return json.toString().getBytes(UTF_8);
  }

  static LedgerLine decode(byte[] bytes, Sha256 expectedPrevious) throws MalformedException {
    try {
      JsonNode json = JSON.readTree(bytes);
      if (!Sha256.parseHex(text(json, "previous")).equals(expectedPrevious)) {
        throw new MalformedException("previous", "expected the hash of the line before it");
      }
      int number = json.path("number").asInt(0);
      Instant at = Instant.parse(text(json, "at"));
      return switch (text(json, "kind")) {
        case "delivered" -> new Delivered(number, at);
        case "hub" -> new Issued(entry(json, number, LedgerEntry.Kind.NEW_HUB, at));
        case "new-key" -> new Issued(entry(json, number, LedgerEntry.Kind.NEW_KEY, at));
        default -> throw new MalformedException("kind", "expected hub, new-key or delivered");
      };
    } catch (JacksonException | DateTimeException | IllegalArgumentException e) {
      throw new MalformedException("line", "expected a JSON object as this program writes it", e);
    }
  }

  private static LedgerEntry entry(JsonNode json, int number, LedgerEntry.Kind kind, Instant at)
      throws MalformedException {
    return new LedgerEntry(
        number,
        kind,
        HubId.parse(text(json, "hubId")),
        DeviceSerial.parse(text(json, "serial")),
        Sha256.parseHex(text(json, "keySha256")),
        Sha256.parseHex(text(json, "claimSha256")),
        at,
        Certificates.parse(Base64.getDecoder().decode(text(json, "certificate"))));
  }

  private static String text(JsonNode json, String field) throws MalformedException {
    JsonNode value = json.path(field);
    if (!value.isString()) {
      throw new MalformedException(field, "expected a text");
    }
    return value.stringValue();
  }
}
