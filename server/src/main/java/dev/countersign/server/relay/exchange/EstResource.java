// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay.exchange;

import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.est.CertsOnly;
import dev.countersign.protocol.sealed.CoapCode;
import dev.countersign.protocol.sealed.InnerMessage;
import dev.countersign.server.credentials.CredentialRefusedException;
import dev.countersign.server.enrolment.Enrolment;
import dev.countersign.server.enrolment.EnrolmentDecision;
import java.util.List;

/**
 * {@code POST est/sen} and {@code POST est/sren}: a certificate for a key that the device made, in
 * exchange for a request that its pre-set secret vouches for (RFC 9148 §5).
 */
final class EstResource implements Resource {
  private final Enrolment enrolment;

  EstResource(Enrolment enrolment) {
    this.enrolment = enrolment;
  }

  @Override
  public boolean needsFreshness(int code) {
    return true;
  }

  @Override
  public boolean acts(int code) {
    return true;
  }

  @Override
  public Effect answer(Asked asked) throws ProtocolException, CredentialRefusedException {
    if (asked.message().code() != CoapCode.POST) {
      return Effect.of(CoapCode.METHOD_NOT_ALLOWED);
    }
    EnrolmentDecision decision =
        enrolment.renew(asked.device(), enrolment.verify(asked.device().serial(), asked.body()));
    return switch (decision) {
      case EnrolmentDecision.Issued issued ->
          new Effect.Answered(
              InnerMessage.of(CoapCode.CHANGED)
                  .withContentFormat(InnerMessage.PKCS7_CERTIFICATES)
                  .withBody(CertsOnly.encode(List.of(issued.certificate()))));
      case EnrolmentDecision.KeyRefused refused ->
          Effect.refused(CoapCode.CONFLICT, refused.detail());
    };
  }
}
