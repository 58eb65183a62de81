// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.integration.MutableClock;
import dev.countersign.integration.Program;
import dev.countersign.integration.TestServer;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** What docs/tls-scan.md reports at length, each time anew. */
@DisplayName("sslscan finds nothing to complain about")
class TlsScanTest {
  private static final String STRONG =
      "TLS_(AES_128_GCM_SHA256|AES_256_GCM_SHA384|CHACHA20_POLY1305_SHA256)"
          + "|ECDHE-ECDSA-(AES128-GCM-SHA256|AES256-GCM-SHA384|CHACHA20-POLY1305)";

  @ParameterizedTest
  @ValueSource(strings = {"auto", "jdk"})
  @DisplayName("at either listener, with either TLS library")
  void finds_nothing_weak(String provider, @TempDir Path scratch) throws Exception {
    Program sslscan = Program.in(scratch, "sslscan");
    String config = "tls:\n  provider: " + provider + "\n";
    try (TestServer server =
        TestServer.start(scratch.resolve("data"), MutableClock.atMachineTime(), config)) {
      for (int port : List.of(server.devicePort(), server.operatorPort())) {
        Path report = scratch.resolve(port + ".xml");
        sslscan.run("--show-cipher-ids", "--xml=" + report, "localhost:" + port);
        assertStrong(parse(report));
      }
    }
  }

  private static Document parse(Path report) throws Exception {
    var factory = DocumentBuilderFactory.newInstance();
    factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
    return factory.newDocumentBuilder().parse(report.toFile());
  }

  private static List<Element> all(Document report, String name) {
    NodeList nodes = report.getElementsByTagName(name);
    return IntStream.range(0, nodes.getLength()).mapToObj(i -> (Element) nodes.item(i)).toList();
  }

  private static void assertStrong(Document report) {
    assertThat(all(report, "protocol"))
        .filteredOn(protocol -> protocol.getAttribute("enabled").equals("1"))
        .extracting(protocol -> protocol.getAttribute("type") + protocol.getAttribute("version"))
        .containsExactlyInAnyOrder("tls1.2", "tls1.3");
    assertThat(all(report, "cipher"))
        .extracting(cipher -> cipher.getAttribute("cipher"))
        .hasSize(6)
        .allMatch(cipher -> cipher.matches(STRONG));
    assertThat(all(report, "cipher"))
        .allMatch(cipher -> !cipher.getAttribute("curve").isEmpty(), "ECDHE");
    assertThat(all(report, "group"))
        .isNotEmpty()
        .extracting(group -> group.getAttribute("name"))
        .allMatch(name -> name.matches("(secp(256|384|521)r1|x25519).*"));
    assertThat(all(report, "renegotiation"))
        .allMatch(renegotiation -> renegotiation.getAttribute("supported").equals("0"));
    assertThat(all(report, "compression"))
        .allMatch(compression -> compression.getAttribute("supported").equals("0"));
    assertThat(all(report, "heartbleed"))
        .hasSize(2)
        .allMatch(heartbleed -> heartbleed.getAttribute("vulnerable").equals("0"));
    assertThat(all(report, "signature-algorithm"))
        .extracting(Element::getTextContent)
        .containsExactly("ecdsa-with-SHA256");
    assertThat(all(report, "pk"))
        .extracting(key -> key.getAttribute("curve_name"))
        .containsExactly("prime256v1");
    assertThat(all(report, "self-signed"))
        .extracting(Element::getTextContent)
        .containsExactly("false");
  }
}
