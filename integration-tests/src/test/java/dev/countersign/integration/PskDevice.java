// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration;

import dev.countersign.protocol.ProtocolException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import tools.jackson.databind.JsonNode;

/** A device with a pre-set secret, as foreign programs play it. */
public record PskDevice(
    int port, String serial, String identity, String tls13Key, String tls12Key, String secret) {
  private static final String READING = "{\"t\":42}";

  /** Registers a device with a secret that the server makes. */
  public static PskDevice add(Installation server, String serial)
      throws IOException, ProtocolException {
    String request = "{\"serial\":\"%s\",\"credential\":\"psk\"}".formatted(serial);
    JsonNode made = server.operator().send("POST", "/v1/devices", request).expect(201).json();
    return new PskDevice(
        server.pskPort(),
        serial,
        made.path("identity").asString(),
        made.path("tls13KeyHex").asString(),
        made.path("tls12KeyHex").asString(),
        made.path("secret").asString());
  }

  public PskDevice saying(String other) {
    return new PskDevice(port, serial, other, tls13Key, tls12Key, secret);
  }

  /** With keys that nobody gave it. */
  public PskDevice guessing() {
    return new PskDevice(port, serial, identity, "00".repeat(32), "00".repeat(32), secret);
  }

  /** A request, after which both sides end the connection. */
  public static String request(String method, String path, String body) {
    return method
        + " "
        + path
        + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json"
        + "\r\nContent-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  public static String reading() {
    return request("POST", "/v1/readings", READING);
  }

  /** What {@code openssl s_client} prints in TLS 1.3. */
  public String openssl13(Path directory, String request, String... more) {
    return openssl(directory, request, "-tls1_3", tls13Key, more);
  }

  /** What {@code openssl s_client} prints in TLS 1.2. */
  public String openssl12(Path directory, String request, String... more) {
    return openssl(directory, request, "-tls1_2", tls12Key, more);
  }

  private String openssl(
      Path directory, String request, String version, String key, String... more) {
    // -ign_eof: it waits for the answer, and ends when the server does
    String[] fixed = {
      "s_client",
      "-connect",
      "localhost:" + port,
      version,
      "-psk_identity",
      identity,
      "-psk",
      key,
      "-ign_eof"
    };
    return Program.in(directory, "openssl").runWith(request, joined(fixed, more)).output();
  }

  /** What {@code gnutls-cli} prints in TLS 1.3; its 1.2 has a fault of its own with PSK. */
  public String gnutls13(Path directory, String request) throws IOException {
    Program.Running running =
        Program.in(directory, "gnutls-cli")
            .start(
                "--insecure",
                "--pskusername",
                identity,
                "--pskkey",
                tls13Key,
                "--priority",
                "NORMAL:-VERS-ALL:+VERS-TLS1.3:-KX-ALL:+ECDHE-PSK:+DHE-PSK:+PSK:-GROUP-ALL"
                    + ":+GROUP-X25519:+GROUP-SECP256R1",
                "-p",
                Integer.toString(port),
                "localhost");
    running.type(request);
    return running.awaitEnd().output();
  }

  private static String[] joined(String[] first, String[] second) {
    String[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }
}
