// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.x509;

import static java.util.Map.entry;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.Vectors;
import java.io.IOException;
import java.nio.file.Files;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Path validation against C2SP/x509-limbo. Every case whose question {@link ChainVerifier} answers
 * is run; where the verdict is another than the suite's, it is listed here with the reason, and a
 * case that stops differing fails until its line is removed.
 */
@DisplayName("x509-limbo")
final class LimboConformanceTest {
  /** For cases that name no time. */
  private static final Instant NOW = Instant.parse("2026-11-21T00:00:00Z");

  /** Questions that are not asked of this class, by case or by group. */
  private static final Map<String, String> NOT_APPLICABLE =
      Map.ofEntries(
          entry("crl::", "revocation is asked of the registry, on every request"),
          entry("pathlen::max-chain-depth-", "the depth limit is fixed, not a parameter"),
          // Rules of the CA/Browser Forum on what public authorities may issue. They make no
          // difference to whether a path is valid.
          entry("webpki::aki::", "form of a root's authorityKeyIdentifier: nothing reads it"),
          entry("webpki::cn::", "form of a CN: it counts for nothing here (RFC 9525 §6.3)"),
          entry("webpki::eku::ee-critical-eku", "critical or not, it is enforced"),
          entry("webpki::eku::root-has-eku", "a root's use is narrowed by it, not voided"),
          entry("webpki::forbidden-rsa-key-not-divisible-by-8-in-leaf", "2052 bits are no weaker"),
          entry("webpki::forbidden-rsa-not-divisible-by-8-in-root", "2052 bits are no weaker"),
          entry("webpki::malformed-aia", "nothing is ever fetched from where a certificate says"),
          entry("webpki::san::san-critical-with-nonempty-subject", "critical or not, it is read"));

  /** We refuse, the suite accepts. */
  private static final Map<String, String> STRICTER =
      Map.ofEntries(
          entry("rfc5280::ca-as-leaf", "an authority is no device and no server"),
          entry("rfc5280::eku::ee-without-eku", "a certificate for every use is for none of ours"),
          entry(
              "rfc5280::nc::nc-forbids-alternate-chain-ica",
              "where there is no DNS name, the platform holds the CN against DNS constraints"),
          entry(
              "rfc5280::validity::notafter-fractional",
              "RFC 5280 leaves it open; 5 ms past the end are past the end"),
          entry(
              "webpki::nc::permitted-dns-match-noncritical",
              "RFC 5280 §4.2.1.10: critical; the suite has the same chain as a failure there"));

  /** We accept, the suite refuses. None of these lets anyone in who holds no key we trust. */
  private static final Map<String, String> LAXER =
      Map.ofEntries(
          entry("rfc5280::aki::cross-signed-root-missing-aki", "a hint: signatures make the path"),
          entry("rfc5280::aki::intermediate-missing-aki", "a hint: signatures make the path"),
          entry("rfc5280::aki::leaf-missing-aki", "a hint: signatures make the path"),
          entry("rfc5280::ski::root-missing-ski", "a hint: signatures make the path"),
          entry(
              "rfc5280::validity::expired-root",
              "RFC 5280 §6.1.1 (d): an anchor is a name and a key; a list of anchors ends trust"));

  private static List<JsonNode> suite() throws IOException {
    byte[] json = Files.readAllBytes(Vectors.file("x509-limbo/limbo.json"));
    return new JsonMapper().readTree(json).get("testcases").valueStream().toList();
  }

  private static boolean isApplicable(String id) {
    return NOT_APPLICABLE.keySet().stream().noneMatch(id::startsWith);
  }

  @TestFactory
  Stream<DynamicTest> agrees_or_says_why_not() throws IOException {
    return suite().stream()
        .filter(test -> isApplicable(test.get("id").asString()))
        .map(test -> DynamicTest.dynamicTest(test.get("id").asString(), () -> run(test)));
  }

  @Test
  @DisplayName("every listed case is one of the suite")
  void lists_known_cases() throws IOException {
    var ids = suite().stream().map(test -> test.get("id").asString()).collect(toSet());
    assertThat(ids).containsAll(STRICTER.keySet()).containsAll(LAXER.keySet());
    assertThat(NOT_APPLICABLE.keySet())
        .allMatch(prefix -> ids.stream().anyMatch(id -> id.startsWith(prefix)));
  }

  private static void run(JsonNode test) {
    String id = test.get("id").asString();
    boolean expected = test.get("expected_result").asString().equals("SUCCESS");
    boolean listed = STRICTER.containsKey(id) || LAXER.containsKey(id);
    String verdict = verdict(test);
    assertThat(verdict.equals("accepted"))
        .as("%s: %s", verdict, test.get("description").asString())
        .isEqualTo(listed != expected);
  }

  private static String verdict(JsonNode test) {
    try {
      var presented =
          new ArrayList<>(Certificates.parsePem(test.get("peer_certificate").asString()));
      presented.addAll(certificates(test.get("untrusted_intermediates")));
      ChainVerifier.trusting(certificates(test.get("trusted_certs")))
          .verify(presented, purpose(test), time(test));
      return "accepted";
    } catch (ChainRefusedException | MalformedException e) {
      return e.toString();
    }
  }

  private static Purpose purpose(JsonNode test) {
    return test.get("validation_kind").asString().equals("CLIENT")
        ? new Purpose.TlsClient()
        : new Purpose.TlsServer(test.get("expected_peer_name").get("value").asString());
  }

  private static Instant time(JsonNode test) {
    JsonNode time = test.get("validation_time");
    return time.isNull() ? NOW : OffsetDateTime.parse(time.asString()).toInstant();
  }

  private static List<X509Certificate> certificates(JsonNode pems) throws MalformedException {
    var found = new ArrayList<X509Certificate>();
    for (JsonNode pem : pems) {
      found.addAll(Certificates.parsePem(pem.asString()));
    }
    return found;
  }
}
