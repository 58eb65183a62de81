// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.gateway.http;

import dev.countersign.pki.VerifiedRequest;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.est.CertsOnly;
import dev.countersign.protocol.est.CsrAttributes;
import dev.countersign.protocol.est.EstBody;
import dev.countersign.server.credentials.AuthenticatedDevice;
import dev.countersign.server.credentials.CredentialRefusedException;
import dev.countersign.server.credentials.CredentialRefusedException.Reason;
import dev.countersign.server.credentials.LapsedDevice;
import dev.countersign.server.enrolment.Admission;
import dev.countersign.server.enrolment.AdmittedDevice;
import dev.countersign.server.enrolment.Enrolment;
import dev.countersign.server.enrolment.EnrolmentDecision;
import dev.countersign.server.http.AddressBlock;
import dev.countersign.server.http.Answer;
import dev.countersign.server.http.Exchange;
import dev.countersign.server.http.Problem;
import dev.countersign.server.journal.Claim;
import dev.countersign.server.quota.FailedAttempts;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/** Enrolment over Secure Transport (RFC 7030 §4, RFC 8951). */
final class EstHandlers {
  private static final String PKCS7 = "application/pkcs7-mime";
  private static final String CERTS_ONLY = "application/pkcs7-mime; smime-type=certs-only";

  private final Admission admission;
  private final Enrolment enrolment;
  private final DeviceGate gate;
  private final FailedAttempts attempts;
  private final Answer.Complete caCertificates;
  private final Answer.Complete csrAttributes;

  EstHandlers(DeviceApi.Features features, DeviceGate gate, List<X509Certificate> trust) {
    this.admission = features.admission();
    this.enrolment = features.enrolment();
    this.attempts = features.attempts();
    this.gate = gate;
    this.caCertificates = message(PKCS7, CertsOnly.encode(trust));
    this.csrAttributes = message("application/csrattrs", CsrAttributes.encode());
  }

  /** RFC 7030 §4.1: needs no client authentication; the client checks the root's fingerprint. */
  Answer caCertificates(Exchange exchange) {
    return caCertificates;
  }

  /** RFC 7030 §4.5. */
  Answer csrAttributes(Exchange exchange) {
    return csrAttributes;
  }

  /**
   * RFC 7030 §4.2.1: by the one-time token; or by a key from the device's pre-set secret, which
   * certificate-less TLS has proven (§3.3.3); or, for a client that renews this way, by its
   * certificate.
   */
  Answer simpleEnrol(Exchange exchange) throws ProtocolException {
    Optional<String> authorization = exchange.header("Authorization");
    Claim claim = DeviceGate.claim(exchange.connection());
    AddressBlock from = exchange.connection().addressBlock();
    try {
      if (authorization.isEmpty() && gate.presentsCredential(exchange)) {
        return renew(gate.authenticate(exchange.connection()), exchange);
      }
      long wait = attempts.wait(from);
      if (wait > 0) {
        return Problem.tooManyAttempts(wait);
      }
      BasicCredential basic = BasicCredential.parse(authorization.orElse(""));
      claim = Claim.named(basic.user());
      AdmittedDevice device = admission.admit(basic.user(), basic.password());
      claim = Claim.proven(device.serial());
      exchange.peer(claim);
      VerifiedRequest request = enrolment.verify(device.serial(), csr(exchange));
      return answer(enrolment.enrol(device, request));
    } catch (CredentialRefusedException e) {
      // Without a header it only asked for the challenge; a suspended device showed a good token.
      if (authorization.isPresent() && e.reason() != Reason.SUSPENDED) {
        attempts.failed(from);
      }
      return gate.refused(exchange, e, claim);
    }
  }

  /** RFC 7030 §4.2.2: by the certificate to be renewed, also if it has expired. */
  Answer simpleReenrol(Exchange exchange) throws ProtocolException {
    try {
      if (hasLapsed(exchange)) {
        LapsedDevice device = gate.authenticateLapsed(exchange.connection());
        VerifiedRequest request = enrolment.verify(device.serial(), csr(exchange));
        return answer(enrolment.renewLapsed(device, request));
      }
      return renew(gate.authenticate(exchange.connection()), exchange);
    } catch (CredentialRefusedException e) {
      return gate.refused(exchange, e);
    }
  }

  private boolean hasLapsed(Exchange exchange) {
    List<X509Certificate> presented = exchange.connection().presentedCertificates();
    return !presented.isEmpty()
        && presented.getFirst().getNotAfter().toInstant().isBefore(gate.now());
  }

  private Answer renew(AuthenticatedDevice device, Exchange exchange)
      throws ProtocolException, CredentialRefusedException {
    long wait = gate.secondsToWait(device, exchange);
    if (wait > 0) {
      return Problem.quota(wait);
    }
    return answer(enrolment.renew(device, enrolment.verify(device.serial(), csr(exchange))));
  }

  private static byte[] csr(Exchange exchange) throws MalformedException {
    String type = exchange.mediaType();
    if (!type.equals("application/pkcs10")) {
      throw new MalformedException("Content-Type", "expected application/pkcs10");
    }
    return EstBody.decode(exchange.body());
  }

  private static Answer.Complete answer(EnrolmentDecision decision) {
    return switch (decision) {
      case EnrolmentDecision.Issued issued ->
          message(CERTS_ONLY, CertsOnly.encode(List.of(issued.certificate())));
      case EnrolmentDecision.KeyRefused refused -> Problem.conflict("key-in-use", refused.detail());
    };
  }

  private static Answer.Complete message(String type, byte[] content) {
    // RFC 8951 §3: Base64 always; the header is sent for clients that were written before it.
    return Answer.bytes(200, type, EstBody.encode(content))
        .with("Content-Transfer-Encoding", "base64");
  }
}
