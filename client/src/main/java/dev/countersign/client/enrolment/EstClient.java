// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.enrolment;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.countersign.client.transport.Refusal;
import dev.countersign.client.transport.ServerRefusedException;
import dev.countersign.client.transport.Transport;
import dev.countersign.client.transport.Transport.Request;
import dev.countersign.client.transport.Transport.Response;
import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.SecretAccess;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.est.CertsOnly;
import dev.countersign.protocol.est.EnrolmentToken;
import dev.countersign.protocol.est.EstBody;
import dev.countersign.protocol.x509.CertificateRequest;
import dev.countersign.protocol.x509.Certificates;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;

/** The EST operations over a transport that verifies its server. */
public final class EstClient {
  private static final String BASE = "/.well-known/est";
  private static final int OK = 200;

  private final Transport transport;

  public EstClient(Transport transport) {
    this.transport = transport;
  }

  /**
   * The root of this fingerprint, from {@code cacerts} (RFC 7030 §4.1).
   *
   * @throws MalformedException if the server does not have it
   */
  public X509Certificate root(Sha256 fingerprint) throws IOException, ProtocolException {
    Response answer = expectOk(transport.exchange(Request.get(BASE + "/cacerts")));
    for (X509Certificate certificate : CertsOnly.decode(EstBody.decode(answer.body()))) {
      if (Certificates.fingerprint(certificate).equals(fingerprint)) {
        return certificate;
      }
    }
    throw new MalformedException("cacerts", "expected the root of the token's fingerprint in it");
  }

  /** First enrolment, by a one-time token (RFC 7030 §4.2.1, §3.2.3). */
  public X509Certificate enrol(
      DeviceSerial serial, EnrolmentToken token, CertificateRequest request)
      throws IOException, ProtocolException {
    String credential = serial + ":" + token.text(SecretAccess.insecure());
    return certificate(
        transport.exchange(
            request("/simpleenroll", request)
                .with(
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString(credential.getBytes(UTF_8)))),
        request);
  }

  /**
   * The root that the server names, for a transport on which the server has proven itself by other
   * means than a certificate: of {@code cacerts} the one that signed itself.
   *
   * @throws MalformedException if there is not exactly one
   */
  public X509Certificate soleRoot() throws IOException, ProtocolException {
    Response answer = expectOk(transport.exchange(Request.get(BASE + "/cacerts")));
    X509Certificate root = null;
    for (X509Certificate certificate : CertsOnly.decode(EstBody.decode(answer.body()))) {
      if (certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal())) {
        if (root != null) {
          throw new MalformedException("cacerts", "expected one root in it, got several");
        }
        root = certificate;
      }
    }
    if (root == null) {
      throw new MalformedException("cacerts", "expected a root in it");
    }
    return root;
  }

  /** First enrolment, by what the transport has proven (RFC 7030 §3.3.3). */
  public X509Certificate enrol(CertificateRequest request) throws IOException, ProtocolException {
    return certificate(transport.exchange(request("/simpleenroll", request)), request);
  }

  /** Renewal, by the certificate that the transport shows (RFC 7030 §4.2.2). */
  public X509Certificate renew(CertificateRequest request) throws IOException, ProtocolException {
    return certificate(transport.exchange(request("/simplereenroll", request)), request);
  }

  private static Request request(String operation, CertificateRequest request) {
    return Request.of(
        "POST", BASE + operation, "application/pkcs10", EstBody.encode(request.der()));
  }

  /** The certificate must be for the key that was asked for; what else it says is the issuer's. */
  private static X509Certificate certificate(Response response, CertificateRequest request)
      throws ProtocolException {
    List<X509Certificate> issued = CertsOnly.decode(EstBody.decode(expectOk(response).body()));
    for (X509Certificate certificate : issued) {
      if (Certificates.keyHash(certificate).equals(request.keyHash())) {
        return certificate;
      }
    }
    throw new MalformedException("certificate", "expected one for the key of the request");
  }

  private static Response expectOk(Response response) throws ServerRefusedException {
    if (response.status() != OK) {
      throw Refusal.of(response);
    }
    return response;
  }
}
