// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.integration.HttpsConnection;
import dev.countersign.integration.MutableClock;
import dev.countersign.integration.OperatorCalls;
import dev.countersign.integration.TestDevice;
import dev.countersign.integration.TestServer;
import dev.countersign.integration.TlsIdentity;
import dev.countersign.protocol.x509.Certificates;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Set;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.est.ESTAuth;
import org.bouncycastle.est.ESTException;
import org.bouncycastle.est.ESTService;
import org.bouncycastle.est.EnrollmentResponse;
import org.bouncycastle.est.HttpAuth;
import org.bouncycastle.est.jcajce.JsseDefaultHostnameAuthorizer;
import org.bouncycastle.est.jcajce.JsseESTServiceBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(Lifecycle.PER_CLASS)
@DisplayName("Bouncy Castle's EST client (RFC 7030)")
class BouncyCastleEstTest {
  private TestServer server;
  private OperatorCalls operator;

  @BeforeAll
  void startServer(@TempDir Path scratch) throws Exception {
    server = TestServer.start(scratch.resolve("data"), MutableClock.atMachineTime());
    operator = server.operator();
  }

  @AfterAll
  void stopServer() {
    server.close();
  }

  private ESTService est(KeyManager... identity) throws GeneralSecurityException, IOException {
    return new JsseESTServiceBuilder("localhost:" + server.devicePort(), trustManager())
        .withHostNameAuthorizer(new JsseDefaultHostnameAuthorizer(Set.of()))
        .withKeyManagers(identity)
        .build();
  }

  /** The JDK's: Bouncy Castle's own needs its provider to be installed for the whole JVM. */
  private X509TrustManager trustManager() throws GeneralSecurityException, IOException {
    KeyStore anchors = KeyStore.getInstance("PKCS12");
    anchors.load(null, null);
    anchors.setCertificateEntry("root", server.root());
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(anchors);
    return (X509TrustManager) factory.getTrustManagers()[0];
  }

  private static KeyManager[] keyManagers(TlsIdentity identity) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "device", identity.key(), new char[0], new Certificate[] {identity.certificate()});
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, new char[0]);
    return factory.getKeyManagers();
  }

  private static PKCS10CertificationRequest csr(KeyPair keys) throws Exception {
    return new JcaPKCS10CertificationRequestBuilder(new X500Name(new RDN[0]), keys.getPublic())
        .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()));
  }

  private TlsIdentity enrolled(String serial) throws Exception {
    KeyPair keys = TestDevice.newKeys();
    ESTAuth token = new HttpAuth(serial, operator.addDevice(serial).toCharArray());
    return identity(keys, est().simpleEnroll(false, csr(keys), token));
  }

  private static TlsIdentity identity(KeyPair keys, EnrollmentResponse response) throws Exception {
    assertThat(response.isCompleted()).isTrue();
    var issued = ESTService.storeToArray(response.getStore());
    assertThat(issued).hasSize(1);
    X509Certificate certificate = Certificates.parse(issued[0].getEncoded());
    assertThat(certificate.getPublicKey()).isEqualTo(keys.getPublic());
    return new TlsIdentity(keys.getPrivate(), certificate);
  }

  private int status(TlsIdentity identity) throws IOException {
    try (HttpsConnection connection = server.connect(identity)) {
      return connection.get("/v1/settings").status();
    }
  }

  @Test
  @DisplayName("cacerts: the root is among the certificates (§4.1)")
  void gets_the_authorities() throws Exception {
    var trust = est().getCACerts();

    assertThat(trust.isTrusted()).isTrue();
    assertThat(
            Arrays.stream(ESTService.storeToArray(trust.getCertificateStore()))
                .map(holder -> holder.getSubject().toString()))
        .anyMatch(subject -> subject.contains("Countersign root"));
  }

  @Test
  @DisplayName("simpleenroll: a certificate for a token by HTTP Basic (§4.2.1, §3.2.3)")
  void enrols_by_token() throws Exception {
    assertThat(status(enrolled("BC-1"))).isEqualTo(200);
  }

  @Test
  @DisplayName("simpleenroll: a wrong token is refused")
  void refuses_wrong_tokens() throws Exception {
    operator.addDevice("BC-2");
    String other = operator.addDevice("BC-3");
    ESTAuth wrong = new HttpAuth("BC-2", other.toCharArray());

    assertThatThrownBy(() -> est().simpleEnroll(false, csr(TestDevice.newKeys()), wrong))
        .isInstanceOfSatisfying(
            ESTException.class, e -> assertThat(e.getStatusCode()).isEqualTo(401));
    assertThat(operator.get("/v1/certificates?subject=BC-2").lines()).isEmpty();
  }

  @Test
  @DisplayName("simplereenroll: a certificate for the one there is, with another key (§4.2.2)")
  void renews_by_certificate() throws Exception {
    TlsIdentity first = enrolled("BC-4");
    KeyPair keys = TestDevice.newKeys();

    TlsIdentity second =
        identity(keys, est(keyManagers(first)).simpleEnroll(true, csr(keys), null));

    assertThat(status(second)).isEqualTo(200);
    assertThat(status(first)).isEqualTo(401);
  }

  @Test
  @DisplayName("simplereenroll: nothing for nobody")
  void renews_nothing_for_nobody() {
    assertThatThrownBy(() -> est().simpleEnroll(true, csr(TestDevice.newKeys()), null))
        .isInstanceOfSatisfying(
            ESTException.class, e -> assertThat(e.getStatusCode()).isEqualTo(401));
  }

  @Test
  @DisplayName("csrattrs: what the server would like to see in a request (§4.5)")
  void gets_attributes() throws Exception {
    var answer = est().getCSRAttributes();

    assertThat(answer.hasAttributesResponse()).isTrue();
    assertThat(answer.getAttributesResponse().getRequirements()).isNotEmpty();
  }
}
