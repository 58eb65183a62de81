// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.pki;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Java's own path validation (RFC 5280 §6) accepts what is issued, constraints and all. */
final class PlatformPathTest {
  private final TestAuthorities ca;

  PlatformPathTest() throws Exception {
    ca = TestAuthorities.create();
  }

  @Test
  @DisplayName("Devices, servers and hubs validate up to the root")
  void validates_each_kind_of_leaf() throws Exception {
    List<List<X509Certificate>> chains =
        List.of(
            List.of(ca.deviceLeaf(DeviceValidity.RENEWED), ca.device().certificate()),
            List.of(ca.deviceLeaf(DeviceValidity.WITHOUT_END), ca.device().certificate()),
            List.of(ca.serverLeaf("localhost", "127.0.0.1", "::1"), ca.server().certificate()),
            List.of(
                ca.hub()
                    .issueServer(
                        TestAuthorities.freshKey(),
                        TestAuthorities.names("4711.hub.countersign.invalid"),
                        TestAuthorities.AT),
                ca.hub().certificate()));

    for (List<X509Certificate> chain : chains) {
      assertThatCode(() -> validate(chain)).as(chain.toString()).doesNotThrowAnyException();
    }
  }

  private void validate(List<X509Certificate> chain) throws Exception {
    var parameters =
        new PKIXParameters(
            Set.of(new TrustAnchor(ca.root().certificate(), /* constraints */ null)));
    parameters.setRevocationEnabled(false);
    parameters.setDate(Date.from(TestAuthorities.AT));
    CertPathValidator.getInstance("PKIX")
        .validate(CertificateFactory.getInstance("X.509").generateCertPath(chain), parameters);
  }
}
