// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.attacks;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.client.psk.PskCredential;
import dev.countersign.client.psk.PskTransport;
import dev.countersign.client.transport.Transport;
import dev.countersign.integration.Installation;
import dev.countersign.integration.OperatorCalls;
import dev.countersign.integration.SealedTestDevice;
import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.Hexadecimal;
import dev.countersign.protocol.SecretAccess;
import dev.countersign.protocol.cbor.CborWriter;
import dev.countersign.protocol.keys.DeviceKey;
import dev.countersign.protocol.keys.Hkdf;
import dev.countersign.protocol.keys.KeyId;
import dev.countersign.protocol.keys.KeyPurpose;
import dev.countersign.protocol.keys.SealedAlgorithm;
import dev.countersign.protocol.sealed.CoapCode;
import java.net.URI;
import java.security.SecureRandom;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Gives a server secrets in every way there is, and says what must not be found afterwards. */
final class SharedSecretsInUse {
  /** Of those imported: looking for all of them takes as long as making them takes short. */
  private static final int LOOKED_FOR = 20;

  private static final int SECRET_CHARS = 50;
  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

  private final SecretSearch search;
  private final SecureRandom random = new SecureRandom();

  SharedSecretsInUse(SecretSearch search) {
    this.search = search;
  }

  /** With so many of them imported at once. */
  void use(Installation server, OperatorCalls operator, int imported) throws Exception {
    importMany(operator, imported);
    for (String kind : List.of("psk", "sealed", "mac")) {
      JsonNode made = add(operator, "made-" + kind, kind, "");
      if (made.has("tls13KeyHex")) {
        search.add("TLS 1.3 key", Hexadecimal.decode(made.path("tls13KeyHex").asString()));
      }
      lookFor("made-" + kind, made.path("secret").asString());
      String given = secret();
      add(operator, "given-" + kind, kind, ",\"secret\":\"" + given + "\"");
      lookFor("given-" + kind, given);
      if (kind.equals("sealed")) {
        talk(server, "given-" + kind, given);
      } else if (kind.equals("psk")) {
        connect(server, "given-" + kind, given);
      }
      String refused = "given-" + kind + given;
      operator.send("POST", "/v1/devices", body("given-" + kind, kind, refused)).expect(400);
      lookFor("given-" + kind, refused);
    }
    operator.send("POST", "/v1/secrets/rewrap", "").expect(200);
    // What is kept of them is looked at, so that it is in memory if it ever is.
    operator.device("given-psk");
  }

  private void importMany(OperatorCalls operator, int many) throws Exception {
    var csv = new StringBuilder("serial,secret\n");
    for (int n = 0; n < many; n++) {
      String secret = secret();
      csv.append("SH-").append(n).append(',').append(secret).append('\n');
      if (n % (many / LOOKED_FOR) == 0) {
        lookFor("SH-" + n, secret);
      }
    }
    try (var connection = operator.connect()) {
      List<JsonNode> lines =
          connection
              .send("POST", "/v1/devices/import", csv.toString(), "Content-Type: text/csv")
              .expect(200)
              .lines();
      assertThat(lines.getLast().path("imported").asInt()).isEqualTo(many);
    }
  }

  private static JsonNode add(OperatorCalls operator, String serial, String kind, String more)
      throws Exception {
    return operator
        .send(
            "POST",
            "/v1/devices",
            "{\"serial\":\"%s\",\"credential\":\"%s\"%s}".formatted(serial, kind, more))
        .expect(201)
        .json();
  }

  private static String body(String serial, String kind, String secret) {
    return "{\"serial\":\"%s\",\"credential\":\"%s\",\"secret\":\"%s\"}"
        .formatted(serial, kind, secret);
  }

  private String secret() {
    var secret = new StringBuilder();
    random
        .ints(SECRET_CHARS, 0, ALPHABET.length())
        .mapToObj(ALPHABET::charAt)
        .forEach(secret::append);
    return secret.toString();
  }

  private static byte[] derived(DeviceKey key, KeyPurpose purpose, String serial) {
    return key.derive(purpose, new DeviceSerial(serial), 1, SecretAccess.insecure());
  }

  /** RFC 8613 §3.2.1, for AES-CCM-16-128-128 without an ID Context. */
  private static byte[] oscore(byte[] pseudorandom, byte[] id) {
    byte[] info =
        new CborWriter()
            .array(5)
            .bytes(id)
            .nil()
            .unsigned(SealedAlgorithm.CCM.coseId())
            .text("Key")
            .unsigned(SealedAlgorithm.CCM.keyBytes())
            .toByteArray();
    return Hkdf.expand(pseudorandom, info, SealedAlgorithm.CCM.keyBytes());
  }

  /** Each key opens and seals, and ends a handshake, and is refused as well. */
  private static void talk(Installation server, String serial, String secret) throws Exception {
    SealedTestDevice sealed = SealedTestDevice.of(server, serial, secret);
    sealed.send(1);
    sealed.send(2);
    assertThat(sealed.ask(SealedTestDevice.pull()).code()).isEqualTo(CoapCode.CONTENT);
    sealed.deliver(sealed.sealAs(0, SealedTestDevice.pull()).message().token()).expect(409);
  }

  private static void connect(Installation server, String serial, String secret) throws Exception {
    try (DeviceKey key = DeviceKey.ofSecret(secret.getBytes(US_ASCII));
        PskCredential credential = PskCredential.of(new DeviceSerial(serial), 1, key);
        Transport transport =
            PskTransport.open(URI.create("https://localhost:" + server.pskPort()), credential)) {
      assertThat(transport.exchange(Transport.Request.get("/v1/settings")).status()).isEqualTo(200);
    }
  }

  /** The secret and everything that is derived from it. */
  private void lookFor(String serial, String secret) {
    search.add("secret", secret);
    DeviceKey key = DeviceKey.ofSecret(secret.getBytes(US_ASCII));
    search.add("device key", key.bytes(SecretAccess.insecure()));
    for (KeyPurpose purpose : KeyPurpose.values()) {
      // The salt of OSCORE is no secret (RFC 8613 §3.1), and so short that it is found by accident.
      if (purpose != KeyPurpose.OSCORE_SALT) {
        search.add(purpose.name(), derived(key, purpose, serial));
      }
    }
    byte[] pseudorandom =
        Hkdf.extract(
            derived(key, KeyPurpose.OSCORE_SALT, serial),
            derived(key, KeyPurpose.OSCORE_MASTER_SECRET, serial));
    search.add("OSCORE pseudorandom key", pseudorandom);
    search.add(
        "OSCORE key of the device",
        oscore(pseudorandom, KeyId.of(new DeviceSerial(serial), 1).bytes()));
    search.add("OSCORE key of the server", oscore(pseudorandom, new byte[0]));
  }
}
