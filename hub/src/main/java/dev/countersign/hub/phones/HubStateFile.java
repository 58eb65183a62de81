// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.phones;

import dev.countersign.client.storage.DurableFile;
import dev.countersign.pki.key.KeyFileException;
import dev.countersign.protocol.Hexadecimal;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.SecretAccess;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.pairing.PairingSecret;
import dev.countersign.protocol.pairing.Role;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Keeps a {@link HubState} in one JSON file (0600), replaced in one step: a hub that loses power
 * has the state before or the one after. It holds the key of the phones' authority.
 */
final class HubStateFile {
  private static final int MAX_BYTES = 256 * 1024;
  private static final int VERSION = 1;

  private final Path file;
  private final SecureRandom random;
  private final JsonMapper json = new JsonMapper();

  HubStateFile(Path file, SecureRandom random) {
    this.file = file;
    this.random = random;
  }

  /**
   * The state that was stored last.
   *
   * @throws IOException also if the file is not one of ours: a hub with a damaged list lets nobody
   *     in rather than anybody
   */
  Optional<HubState> load() throws IOException {
    Optional<byte[]> content = DurableFile.read(file, MAX_BYTES);
    if (content.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(read(json.readTree(content.get())));
    } catch (JacksonException
        | MalformedException
        | KeyFileException
        | IllegalArgumentException
        | DateTimeException e) {
      // The causes may quote the file, and it holds a key.
      throw new IOException(
          file
              + ": expected the list of phones of this hub; restore it from a copy, or reset the"
              + " hub: delete it, and pair again");
    }
  }

  /** Durable when it returns. */
  void store(HubState state) throws IOException {
    DurableFile.replace(file, json.writerWithDefaultPrettyPrinter().writeValueAsBytes(node(state)));
  }

  private ObjectNode node(HubState state) {
    ObjectNode node =
        json.createObjectNode()
            .put("version", VERSION)
            .put("epoch", state.epoch())
            .put("failures", state.failures())
            .put("phoneAuthority", state.authority().toPem());
    state
        .recoveryCard()
        .ifPresent(card ->
            node.put("recoveryCard", Hexadecimal.encode(card.bytes(SecretAccess.insecure()))));
    state.timeFloor().ifPresent(time -> node.put("timeFloor", time.toString()));
    ArrayNode phones = node.putArray("phones");
    for (Phone phone : state.phones()) {
      ObjectNode entry =
          phones
              .addObject()
              .put("certificate", phone.certificate().hex())
              .put("key", phone.key().hex())
              .put("name", phone.name())
              .put("role", phone.role().wireName())
              .put("epoch", phone.epoch());
      phone.addedBy().ifPresent(by -> entry.put("addedBy", by));
      phone.lastSeen().ifPresent(at -> entry.put("lastSeen", at.toString()));
      phone.expires().ifPresent(at -> entry.put("expires", at.toString()));
    }
    return node;
  }

  private HubState read(JsonNode node) throws MalformedException, KeyFileException {
    if (node.path("version").asInt(0) != VERSION) {
      throw new MalformedException("version", "expected 1");
    }
    List<Phone> phones = new ArrayList<>();
    // What is no list would be read as an empty one, and the hub would be anybody's.
    if (!node.required("phones").isArray()) {
      throw new MalformedException("phones", "expected a list");
    }
    for (JsonNode entry : node.required("phones")) {
      phones.add(
          new Phone(
              Sha256.parseHex(entry.required("certificate").asString()),
              Sha256.parseHex(entry.required("key").asString()),
              entry.required("name").asString(),
              Role.parse(entry.required("role").asString()),
              Phone.Status.ACTIVE,
              entry.required("epoch").asLong(),
              text(entry, "addedBy"),
              text(entry, "lastSeen").map(Instant::parse),
              text(entry, "expires").map(Instant::parse)));
    }
    return new HubState(
        node.required("epoch").asLong(),
        node.required("failures").asInt(),
        PhoneAuthority.parsePem(node.required("phoneAuthority").asString(), random),
        text(node, "recoveryCard").map(Hexadecimal::decode).map(PairingSecret::wrap),
        text(node, "timeFloor").map(Instant::parse),
        phones);
  }

  private static Optional<String> text(JsonNode node, String name) {
    return Optional.ofNullable(node.get(name)).map(JsonNode::asString);
  }
}
