// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.agent;

import static dev.countersign.client.agent.StorageFailedException.storage;
import static dev.countersign.client.agent.StorageFailedException.storing;

import dev.countersign.client.DeviceClient;
import dev.countersign.client.identity.DeviceIdentity;
import dev.countersign.client.identity.IdentityStorage;
import dev.countersign.client.settings.SettingsStorage;
import dev.countersign.client.transport.ServerRefusedException;
import dev.countersign.client.transport.TimeFloor;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.est.EnrolmentToken;
import dev.countersign.protocol.x509.Certificates;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Keeps a device's certificate good: renews it in time, and mends it when it is refused. */
final class Credential {
  private static final int UNAUTHORIZED = 401;

  /** Renewal begins at half of a certificate's life, and for the last of a fleet at 0.6. */
  private static final double JITTER = 0.1;

  private static final int FIRST_BYTE_VALUES = 256;

  private final DeviceClient client;
  private final TimeFloor floor;
  private final SettingsStorage settings;
  private final AgentListener listener;

  private final IdentityStorage identities;
  private final Optional<EnrolmentToken> token;

  Credential(
      DeviceClient client,
      DeviceAgent.State state,
      Optional<EnrolmentToken> token,
      AgentListener listener) {
    this.client = client;
    this.floor = state.platform().floor();
    this.identities = state.platform().identities();
    this.settings = state.settings();
    this.listener = listener;
    this.token = token;
  }

  /** Renews if it is time. The time is a floor, so never too early. */
  synchronized void renewIfDue() throws IOException, ProtocolException, GeneralSecurityException {
    X509Certificate certificate = client.identity().certificate();
    if (!floor.instant().isBefore(due(certificate))) {
      renew();
    }
  }

  /** The same for a certificate wherever it is asked, and different for each. */
  static Instant due(X509Certificate certificate) {
    Instant begin = certificate.getNotBefore().toInstant();
    Duration life = Duration.between(begin, certificate.getNotAfter().toInstant());
    int first = Certificates.fingerprint(certificate).bytes()[0] & 0xff;
    double part = 0.5 + JITTER * first / FIRST_BYTE_VALUES;
    return begin.plusMillis((long) (life.toMillis() * part));
  }

  private void renew() throws IOException, ProtocolException, GeneralSecurityException {
    client.renew();
    X509Certificate now = client.identity().certificate();
    listener.on(
        new AgentEvent.Renewed(Certificates.fingerprint(now), now.getNotAfter().toInstant()));
  }

  /**
   * Does what can be done about a certificate that was refused: renews it, for it may have expired
   * while the device was off; else enrols with the token, if there is one that is not spent.
   *
   * @param refused the identity that was refused; if it is another one already, nothing is done
   * @throws ServerRefusedException if it cannot be mended
   */
  synchronized void mend(Object refused)
      throws IOException,
          ProtocolException,
          GeneralSecurityException,
          StorageFailedException,
          InterruptedException {
    if (client.identity() != refused) {
      return;
    }
    try {
      renew();
    } catch (ServerRefusedException e) {
      if (e.status() != UNAUTHORIZED || !token.isPresent() || isSpent(token.get())) {
        throw e;
      }
      enrolAgain(token.get());
    }
  }

  private boolean isSpent(EnrolmentToken given)
      throws StorageFailedException, InterruptedException {
    return storage(() -> identities.isTokenSpent(given.secretHash()));
  }

  private void enrolAgain(EnrolmentToken unspent)
      throws IOException,
          ProtocolException,
          GeneralSecurityException,
          StorageFailedException,
          InterruptedException {
    storing(settings::forget);
    try {
      client.enrolAgain(unspent);
    } catch (ServerRefusedException e) {
      // It will not be better the next time, and failures void the token of this device.
      storing(() -> identities.tokenSpent(unspent.secretHash()));
      throw e;
    }
    listener.on(enrolled(client.identity()));
  }

  static AgentEvent enrolled(DeviceIdentity identity) {
    Sha256 fingerprint = Certificates.fingerprint(identity.certificate());
    return new AgentEvent.Enrolled(fingerprint, identity.certificate().getNotAfter().toInstant());
  }
}
