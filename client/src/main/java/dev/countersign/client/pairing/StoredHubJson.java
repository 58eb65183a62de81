// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.pairing;

import dev.countersign.client.hub.HubAddress;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.pairing.HubId;
import dev.countersign.protocol.pairing.Role;
import dev.countersign.protocol.x509.Certificates;
import java.security.cert.X509Certificate;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A pairing as JSON, certificates in PEM. No secret is in it; the key is in its own file. */
final class StoredHubJson {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int VERSION = 1;

  private StoredHubJson() {}

  static String write(StoredHub pairing) {
    ObjectNode json = JSON.createObjectNode();
    json.put("version", VERSION);
    json.put("hubId", pairing.id().toString());
    json.put("model", pairing.model());
    json.put("address", pairing.address().toString());
    json.put("keyCounter", pairing.hub().keyCounter());
    json.put("hubCertificate", Certificates.toPem(pairing.hub().leaf()));
    json.put("root", Certificates.toPem(pairing.hub().root()));
    Membership phone = pairing.phone();
    json.put("phoneCa", Certificates.toPem(phone.phoneCa()));
    json.put("certificate", Certificates.toPem(phone.certificate()));
    json.put("keyHandle", phone.keyHandle());
    json.put("name", phone.name());
    json.put("role", phone.role().wireName());
    json.put("epoch", phone.epoch());
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n";
  }

  static StoredHub read(String text) throws MalformedException {
    try {
      JsonNode json = JSON.readTree(text);
      if (json.path("version").asInt(0) != VERSION) {
        throw new MalformedException("version", "expected 1: a newer version wrote this");
      }
      var hub =
          new PinnedHub(
              HubId.parse(text(json, "hubId")),
              certificate(json, "hubCertificate"),
              certificate(json, "root"),
              json.path("keyCounter").asLong(0));
      var phone =
          new Membership(
              certificate(json, "certificate"),
              certificate(json, "phoneCa"),
              text(json, "keyHandle"),
              text(json, "name"),
              Role.parse(text(json, "role")),
              json.path("epoch").asLong(0));
      return new StoredHub(
          hub, phone, HubAddress.parse(text(json, "address")), json.path("model").asString(""));
    } catch (JacksonException e) {
      throw new MalformedException("body", "expected JSON", e);
    }
  }

  private static String text(JsonNode json, String field) throws MalformedException {
    JsonNode value = json.path(field);
    if (!value.isString()) {
      throw new MalformedException(field, "expected text");
    }
    return value.asString();
  }

  private static X509Certificate certificate(JsonNode json, String field)
      throws MalformedException {
    List<X509Certificate> found = Certificates.parsePem(text(json, field));
    if (found.size() != 1) {
      throw new MalformedException(field, "expected one certificate");
    }
    return found.get(0);
  }
}
