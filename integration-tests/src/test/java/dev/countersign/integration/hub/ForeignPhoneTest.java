// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.countersign.integration.Program;
import dev.countersign.protocol.SecretAccess;
import dev.countersign.protocol.pairing.PairingAttempt;
import dev.countersign.protocol.pairing.PairingCode;
import dev.countersign.protocol.pairing.PairingKeys;
import dev.countersign.protocol.x509.Certificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** openssl, gnutls-cli, a WebSocket client in Python (Debian: python3-websockets), curl. */
@DisplayName("Programs that nobody here wrote, as phones of a hub")
@Tag(HubSuite.HERE_ONLY)
class ForeignPhoneTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Pattern EXPORTED = Pattern.compile("Keying material: ([0-9A-F]{64})");
  private static final String ABOUT =
      "GET /v1/hub HTTP/1.1\r\nHost: hub\r\nConnection: close\r\n\r\n";

  /** Prints what it hears, and how it ended. */
  private static final String LISTENER =
      """
      import asyncio, ssl, sys, websockets

      async def listen():
          context = ssl.create_default_context(cafile="root.pem")
          context.check_hostname = False  # a hub is known by its key, not by its address
          context.load_cert_chain("phone.pem")
          context.set_alpn_protocols(["cs/1"])
          url = "wss://127.0.0.1:%s/v1/events" % sys.argv[1]
          async with websockets.connect(url, ssl=context) as stream:
              try:
                  async for message in stream:
                      print(message, flush=True)
              except websockets.exceptions.ConnectionClosed:
                  pass
              print("closed", stream.close_code, flush=True)

      asyncio.run(listen())
      """;

  @TempDir private Path scratch = Path.of("");
  private TestHub hub;
  private TestPhone phone;

  @BeforeEach
  void pair() throws Exception {
    var maker = new TestMaker();
    hub = TestHub.start(scratch.resolve("hub"), maker);
    phone = new TestPhone("Ada").pair(hub.port(), hub.shown());
    Files.writeString(scratch.resolve("root.pem"), Certificates.toPem(maker.root()));
    Files.writeString(scratch.resolve("phone.pem"), phone.identity().insecureToPem());
    Files.writeString(scratch.resolve("listen.py"), LISTENER);
  }

  @AfterEach
  void end() throws IOException {
    hub.close();
  }

  private String where() {
    return "127.0.0.1:" + hub.port();
  }

  @Test
  @DisplayName("openssl: TLS 1.3 alone, whatever else it offers")
  void only_tls13() {
    Program openssl = Program.in(scratch, "openssl");
    Program.Run refused = openssl.run("s_client", "-connect", where(), "-tls1_2", "-alpn", "cs/1");
    assertThat(refused.exitCode()).isNotZero();
    assertThat(refused.output()).contains("alert protocol version");
    Program.Run accepted = openssl.run("s_client", "-connect", where(), "-alpn", "cs/1");
    assertThat(accepted.output()).contains("TLSv1.3", "ALPN protocol: cs/1");
  }

  @Test
  @DisplayName("openssl: a phone's certificate is asked about, and no ticket comes")
  void with_certificate() throws IOException {
    Program.Run run =
        converse(
            ABOUT,
            "\"role\":\"owner\"",
            "-alpn",
            "cs/1",
            "-cert",
            "phone.pem",
            "-key",
            "phone.pem",
            "-CAfile",
            "root.pem");
    assertThat(run.output())
        .contains("HTTP/1.1 200", phone.id(), "Verify return code: 0 (ok)")
        .doesNotContain("New Session Ticket arrived");
  }

  @Test
  @DisplayName("openssl: without a certificate nobody is let in")
  void without_certificate() throws IOException {
    converse(ABOUT, "HTTP/1.1 401", "-alpn", "cs/1");
  }

  @Test
  @DisplayName("openssl: a protocol that is none of ours is refused by name")
  void unknown_alpn() {
    Program.Run run =
        Program.in(scratch, "openssl").run("s_client", "-connect", where(), "-alpn", "h2");
    assertThat(run.output()).contains("no application protocol");
  }

  private Program.Run converse(String request, String expected, String... options)
      throws IOException {
    var words = new String[options.length + 4];
    words[0] = "s_client";
    words[1] = "-connect";
    words[2] = where();
    words[3] = "-ign_eof";
    System.arraycopy(options, 0, words, 4, options.length);
    Program.Running running = Program.in(scratch, "openssl").start(words);
    running.type(request);
    await().atMost(PATIENCE).until(() -> running.output().contains(expected));
    return running.terminate();
  }

  @Test
  @DisplayName("openssl: its exporter is ours, so that a phone with it can pair")
  void exporter() throws Exception {
    PairingCode code = Invitations.invitation(hub.port(), phone, "{}");
    Program.Running running =
        Program.in(scratch, "openssl")
            .start(
                "s_client",
                "-connect",
                where(),
                "-ign_eof",
                "-alpn",
                "cs-pair/1",
                "-keymatexport",
                "EXPORTER-Channel-Binding",
                "-keymatexportlen",
                "32");
    await().atMost(PATIENCE).until(() -> EXPORTED.matcher(running.output()).find());
    Matcher exported = EXPORTED.matcher(running.output());
    assertThat(exported.find()).isTrue();
    byte[] binding = HexFormat.of().parseHex(exported.group(1).toLowerCase(Locale.ROOT));
    byte[] body =
        PairingAttempt.begin(
                PairingKeys.ofSecret(binding, code.secret(), code.hub()),
                new TestPhone("Bob").keys(),
                "Bob",
                new SecureRandom())
            .request();
    String head = "POST /pair HTTP/1.1\r\nHost: hub\r\nContent-Length: " + body.length + "\r\n\r\n";
    running.type(head);
    running.type(body);
    await().atMost(PATIENCE).until(() -> running.output().contains("HTTP/1.1 "));
    assertThat(running.output()).contains("HTTP/1.1 200");
    running.terminate();
  }

  @Test
  @DisplayName("gnutls-cli: cs/1 with a phone's certificate")
  void gnutls() throws IOException {
    // gnutls wants the public half beside the private one.
    Program.in(scratch, "openssl").run("ec", "-in", "phone.pem", "-out", "key.pem");
    Program.Running running =
        Program.in(scratch, "gnutls-cli")
            .start(
                "--port",
                Integer.toString(hub.port()),
                "--alpn",
                "cs/1",
                "--x509certfile",
                "phone.pem",
                "--x509keyfile",
                "key.pem",
                "--x509cafile",
                "root.pem",
                "--verify-hostname",
                hub.identity().id() + "." + TestMaker.DOMAIN,
                "127.0.0.1");
    running.type(ABOUT);
    awaitLine(running, phone.id());
    assertThat(running.output())
        .contains("The certificate is trusted", "TLS1.3", "\"role\":\"owner\"");
    running.terminate();
  }

  @Test
  @DisplayName("a WebSocket client: hears the state and phones, and is told when it is removed")
  void websocket() throws Exception {
    TestPhone admin = Invitations.invite(hub, phone, "Bob", "admin");
    Files.writeString(scratch.resolve("phone.pem"), admin.identity().insecureToPem());
    Program python = Program.in(scratch, "/usr/bin/python3");
    Program.Running listener = python.start("listen.py", Integer.toString(hub.port()));
    awaitLine(listener, "\"type\":\"state\"");
    phone.command(hub.port(), "lock", "unlocked");
    awaitLine(listener, "\"lock\":\"unlocked\"");
    TestPhone guest = Invitations.invite(hub, phone, "Gus", "guest");
    awaitLine(listener, "\"change\":\"paired\"");
    awaitLine(listener, guest.id());
    assertThat(listener.output()).contains("\"type\":\"pairing\"", "\"change\":\"burned\"");
    phone.send(hub.port(), "DELETE", "/v1/phones/" + admin.id(), "");
    Program.Run run = listener.awaitEnd();
    assertThat(run.out()).contains("{\"type\":\"removed\"}").endsWith("closed 4401\n");
    assertThat(run.exitCode()).isZero();
    Program.Run again = python.run("listen.py", Integer.toString(hub.port()));
    assertThat(again.exitCode()).isNotZero();
    assertThat(again.err()).contains("401");
  }

  private static void awaitLine(Program.Running running, String part) {
    await().atMost(PATIENCE).until(() -> running.output().contains(part) || !running.isAlive());
    try {
      assertThat(running.output()).contains(part);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  @DisplayName("curl: a browser sees a page, with nothing secret, and controls nothing")
  void curl() throws Exception {
    Program curl = Program.in(scratch, "curl");
    String url = "https://" + where();
    for (String alpn : new String[] {"--http1.1", "--no-alpn"}) {
      Program.Run page = curl.run("-sik", alpn, url + "/");
      assertThat(page.out()).contains("HTTP/1.1 200", "text/html");
      assertThat(page.out())
          .doesNotContain(hub.panel().label().text(SecretAccess.insecure()), "\"lock\"");
    }
    for (String path : new String[] {"/v1/hub", "/v1/state", "/pair", "/confirm"}) {
      Program.Run answer = curl.run("-sik", "-E", "phone.pem", url + path);
      assertThat(answer.out()).as(path).contains("HTTP/1.1 404").doesNotContain(phone.id());
    }
  }
}
