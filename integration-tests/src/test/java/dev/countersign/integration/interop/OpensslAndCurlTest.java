// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.countersign.integration.MutableClock;
import dev.countersign.integration.OperatorCalls;
import dev.countersign.integration.Program;
import dev.countersign.integration.Program.Run;
import dev.countersign.integration.TestServer;
import dev.countersign.protocol.x509.Certificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@TestInstance(Lifecycle.PER_CLASS)
@DisplayName("A device that has nothing but openssl and curl")
class OpensslAndCurlTest {
  private static final String EST = "/.well-known/est";
  private static final String JSON = "Content-Type: application/json";

  /** As cbor2 writes {@code [{-2:"s.",0:"v",2:Decimal("23.1")},{0:"on",4:True}]}. */
  private static final String CBOR_PACK = "82a32162732e00617602c4822018e7a200626f6e04f5";

  private Path directory;
  private Program openssl;
  private Program curl;
  private TestServer server;
  private OperatorCalls operator;

  @BeforeAll
  void startServer(@TempDir Path scratch) throws Exception {
    directory = scratch;
    openssl = Program.in(scratch, "openssl");
    curl = Program.in(scratch, "curl");
    server = TestServer.start(scratch.resolve("data"), MutableClock.atMachineTime());
    operator = server.operator();
  }

  @AfterAll
  void stopServer() {
    if (server != null) {
      server.close();
    }
  }

  /** What curl got: the status, and the body in a file. */
  private record Got(int status, String body, String headers) {
    JsonNode json() {
      return new JsonMapper().readTree(body);
    }
  }

  private Got curl(String path, String... arguments) throws IOException {
    return got(curl.run(arguments(path, arguments)));
  }

  private String[] arguments(String path, String... arguments) {
    var all =
        new ArrayList<>(
            List.of("-sS", "-m", "40", "--cacert", server.directory().root().toString()));
    all.addAll(List.of("-D", "-", "-w", "\n%{http_code}"));
    all.addAll(List.of(arguments));
    all.add(server.deviceUrl() + path);
    return all.toArray(String[]::new);
  }

  private static Got got(Run run) {
    assertThat(run.exitCode()).as(run.err()).isZero();
    String all = run.out();
    int status = Integer.parseInt(all.substring(all.lastIndexOf('\n') + 1));
    int body = all.indexOf("\r\n\r\n") + 4;
    return new Got(status, all.substring(body, all.lastIndexOf('\n')), all.substring(0, body));
  }

  private Got as(String serial, String path, String... arguments) throws IOException {
    return curl(path, identified(serial, arguments));
  }

  private static String[] identified(String serial, String... arguments) {
    var all = new ArrayList<>(List.of("--cert", serial + ".pem", "--key", serial + ".key"));
    all.addAll(List.of(arguments));
    return all.toArray(String[]::new);
  }

  private void openssl(String... arguments) {
    Run run = openssl.run(arguments);
    assertThat(run.exitCode()).as(run.output()).isZero();
  }

  private void makeKey(String name, String subject) {
    openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", name + ".key");
    openssl(
        "req", "-new", "-key", name + ".key", "-subj", subject, "-outform", "DER", "-out", "csr");
    openssl("base64", "-in", "csr", "-out", name + ".csr");
  }

  private void decode(Got answer, String name) throws IOException {
    Files.writeString(
        directory.resolve("base64"), answer.body().replace("\r", "").replace("\n", ""));
    openssl("base64", "-d", "-A", "-in", "base64", "-out", name);
  }

  /** RFC 7030 §4.2.3: a certs-only CMS message in Base64. */
  private void keepCertificate(Got answer, String name) throws IOException {
    decode(answer, "p7.der");
    openssl("pkcs7", "-inform", "DER", "-in", "p7.der", "-print_certs", "-out", name + ".pem");
    assertThat(directory.resolve(name + ".pem")).content().contains("BEGIN CERTIFICATE");
  }

  private void enrol(String serial) throws IOException {
    String token = operator.addDevice(serial);
    makeKey(serial, "/CN=" + serial);
    Got answer =
        curl(
            EST + "/simpleenroll",
            "-u",
            serial + ":" + token,
            "-H",
            "Content-Type: application/pkcs10",
            "--data-binary",
            "@" + serial + ".csr");
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(answer.headers()).contains("application/pkcs7-mime");
    keepCertificate(answer, serial);
  }

  @Test
  @DisplayName("enrols by key, request and one-time token [A11]")
  void enrols_by_token() throws IOException {
    enrol("OC-1");

    Run shown = openssl.run("x509", "-in", "OC-1.pem", "-noout", "-subject", "-ext", "keyUsage");
    assertThat(shown.out()).contains("serialNumber = OC-1").contains("Digital Signature");
    assertThat(as("OC-1", "/v1/settings").status()).isEqualTo(200);
    assertThat(curl("/v1/settings").status()).isEqualTo(401);
  }

  @Test
  @DisplayName(
      "sends readings as an object, an array, SenML in JSON and CBOR, a form of curl's, a query")
  void sends_readings_in_every_form() throws IOException {
    enrol("OC-2");

    Files.write(directory.resolve("pack.cbor"), HexFormat.of().parseHex(CBOR_PACK));
    String readings = "/v1/readings";
    assertThat(as("OC-2", readings, "-H", JSON, "-d", "{\"a\":1,\"b\":\"x\"}").status())
        .isEqualTo(204);
    assertThat(as("OC-2", readings, "-H", JSON, "-d", "[{\"a\":2},{\"c\":true}]").status())
        .isEqualTo(204);
    assertThat(
            as(
                    "OC-2",
                    readings,
                    "-H",
                    "Content-Type: application/senml+json",
                    "-d",
                    "[{\"bn\":\"s.\",\"n\":\"t\",\"v\":3}]")
                .status())
        .isEqualTo(204);
    assertThat(
            as(
                    "OC-2",
                    readings,
                    "-H",
                    "Content-Type: application/senml+cbor",
                    "--data-binary",
                    "@pack.cbor")
                .status())
        .isEqualTo(204);
    assertThat(as("OC-2", readings, "-d", "{\"d\":4}").status()).isEqualTo(204);
    assertThat(as("OC-2", readings + "?e=5&f=closed").status()).isEqualTo(204);

    assertThat(operator.readings("OC-2").stream().map(OpensslAndCurlTest::nameAndValue))
        .containsExactlyInAnyOrder(
            "a=1",
            "b=\"x\"",
            "a=2",
            "c=true",
            "s.t=3",
            "s.v=23.1",
            "s.on=true",
            "d=4",
            "e=5",
            "f=\"closed\"");
  }

  private static String nameAndValue(JsonNode reading) {
    return reading.path("name").asString() + "=" + reading.path("value");
  }

  @Test
  @DisplayName("pulls settings, is told when they have not changed, and confirms them")
  void pulls_and_confirms_settings() throws IOException {
    enrol("OC-3");
    operator.set("OC-3", "{\"interval\":60}");

    Got first = as("OC-3", "/v1/settings");
    assertThat(first.status()).isEqualTo(200);
    assertThat(first.headers()).containsIgnoringCase("etag: \"1\"");
    assertThat(first.json().path("settings").path("interval").asInt()).isEqualTo(60);
    assertThat(as("OC-3", "/v1/settings", "-H", "If-None-Match: \"1\"").status()).isEqualTo(304);
    assertThat(as("OC-3", "/v1/settings", "-H", "If-None-Match: \"0\"").status()).isEqualTo(200);

    String receipt =
        "{\"version\":1,\"sha256\":\"" + first.json().path("sha256").asString() + "\"}";
    Got applied = as("OC-3", "/v1/settings/applied", "-X", "PUT", "-H", JSON, "-d", receipt);
    assertThat(applied.status()).as(applied.body()).isEqualTo(204);
    assertThat(operator.settings("OC-3").path("applied").path("version").asInt()).isEqualTo(1);

    String forged = "{\"version\":1,\"sha256\":\"" + "0".repeat(64) + "\"}";
    assertThat(as("OC-3", "/v1/settings/applied", "-X", "PUT", "-H", JSON, "-d", forged).status())
        .isEqualTo(400);
  }

  @Test
  @DisplayName("waits for settings: woken by a change, answered 304 when the time is over")
  void waits_for_settings() throws IOException {
    enrol("OC-4");
    String[] unchanged = {"-H", "If-None-Match: \"0\"", "-H", "Prefer: wait=1"};
    assertThat(as("OC-4", "/v1/settings", unchanged).status()).isEqualTo(304);

    await().until(() -> connections() == 0);
    var waiting =
        curl.start(
            arguments(
                "/v1/settings",
                identified("OC-4", "-H", "If-None-Match: \"0\"", "-H", "Prefer: wait=60")));
    await().until(() -> connections() == 1);
    operator.set("OC-4", "{\"door\":\"open\"}");

    // curl gives up after 40 s; the server would have waited 60
    Got woken = got(waiting.join());
    assertThat(woken.status()).isEqualTo(200);
    assertThat(woken.json().path("settings").path("door").asString()).isEqualTo("open");
  }

  private int connections() {
    return server.server().listeners().getFirst().openConnections();
  }

  @Test
  @DisplayName("renews by the certificate it has, with a new key")
  void renews_by_certificate() throws IOException {
    enrol("OC-5");
    makeKey("OC-5-next", "/CN=OC-5");

    Got renewed =
        as(
            "OC-5",
            EST + "/simplereenroll",
            "-H",
            "Content-Type: application/pkcs10",
            "--data-binary",
            "@OC-5-next.csr");
    assertThat(renewed.status()).as(renewed.body()).isEqualTo(200);
    keepCertificate(renewed, "OC-5-next");

    assertThat(as("OC-5-next", "/v1/settings").status()).isEqualTo(200);
    assertThat(as("OC-5", "/v1/settings").status()).as("the predecessor").isEqualTo(401);
  }

  @Test
  @DisplayName("gets the root from cacerts and the wishes of the server from csrattrs")
  void gets_authorities_and_attributes() throws Exception {
    Got trust = curl(EST + "/cacerts");
    assertThat(trust.status()).isEqualTo(200);
    keepCertificate(trust, "trust");
    List<X509Certificate> certificates =
        Certificates.parsePem(Files.readString(directory.resolve("trust.pem")));
    assertThat(certificates).contains(server.root());

    Got attributes = curl(EST + "/csrattrs");
    assertThat(attributes.status()).isEqualTo(200);
    decode(attributes, "attributes.der");
    Run parsed = openssl.run("asn1parse", "-inform", "DER", "-in", "attributes.der");
    assertThat(parsed.exitCode()).as(parsed.output()).isZero();
    assertThat(parsed.out()).contains("SEQUENCE");
  }

  @Test
  @DisplayName("gets the certificate of an authority without TLS, and nothing else there")
  void gets_authorities_without_tls() {
    String plain = "http://localhost:" + server.plainPort();
    Run fetched = curl.run("-sS", "-o", "root.cer", plain + "/ca/root.cer");
    assertThat(fetched.exitCode()).as(fetched.err()).isZero();
    openssl("x509", "-inform", "DER", "-in", "root.cer", "-noout", "-subject");

    Run readings = curl.run("-sS", "-o", "-", "-w", "%{http_code}", plain + "/v1/readings?t=1");
    assertThat(readings.out()).endsWith("404");
  }

  @Test
  @DisplayName("the first chain is leaf, server CA and root, and openssl verifies it")
  void sends_the_whole_chain() throws Exception {
    Run handshake = connect("-showcerts", "-verify_return_error", "-verify_hostname", "localhost");
    assertThat(handshake.exitCode()).as(handshake.output()).isZero();
    assertThat(handshake.out()).contains("Verify return code: 0 (ok)");

    List<X509Certificate> chain = Certificates.parsePem(handshake.out());
    assertThat(chain.subList(0, 3)).doesNotHaveDuplicates();
    assertThat(chain.get(0).getIssuerX500Principal())
        .isEqualTo(chain.get(1).getSubjectX500Principal());
    assertThat(chain.get(2)).isEqualTo(server.root());
  }

  private Run connect(String... arguments) {
    var all =
        new ArrayList<>(
            List.of("s_client", "-connect", "localhost:" + server.devicePort(), "-CAfile"));
    all.add(server.directory().root().toString());
    all.addAll(List.of(arguments));
    return openssl.run(all.toArray(String[]::new));
  }
}
