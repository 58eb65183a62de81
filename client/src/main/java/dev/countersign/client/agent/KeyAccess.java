// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.agent;

import static dev.countersign.client.agent.StorageFailedException.storage;

import dev.countersign.client.DeviceClient;
import dev.countersign.client.identity.DeviceIdentity;
import dev.countersign.client.psk.PskTransport;
import dev.countersign.client.transport.Transport;
import dev.countersign.protocol.ProtocolException;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** By TLS with a pre-shared key; or by that key to a certificate, and from then on by that. */
final class KeyAccess implements Access {
  private final DeviceAgent.Account account;
  private final DeviceAgent.KeyWay way;
  private final DeviceAgent.State state;
  private final AgentListener listener;
  private volatile @Nullable CertificateAccess certificate;

  KeyAccess(
      DeviceAgent.Account account,
      DeviceAgent.KeyWay way,
      DeviceAgent.State state,
      AgentListener listener) {
    this.account = account;
    this.way = way;
    this.state = state;
    this.listener = listener;
  }

  @Override
  public Optional<DeviceClient> open()
      throws IOException,
          ProtocolException,
          GeneralSecurityException,
          StorageFailedException,
          InterruptedException {
    Optional<DeviceIdentity> identity = storage(() -> state.platform().identities().load());
    if (way.enrols()) {
      if (!identity.isPresent()) {
        enrol();
      }
      var byCertificate = new CertificateAccess(account, state, listener);
      certificate = byCertificate;
      return byCertificate.open();
    }
    if (identity.isPresent()) {
      listener.on(
          new AgentEvent.Ended(
              "this state has a certificate, which is stronger than the key",
              "go on with the certificate, at the port for certificates"));
      return Optional.empty();
    }
    listener.on(new AgentEvent.OpenedByKey(way.credential().keyId()));
    return Optional.of(DeviceClient.byKey(way.server(), state.platform(), transport()));
  }

  private Transport transport() {
    return PskTransport.open(way.server(), way.credential());
  }

  private void enrol() throws IOException, ProtocolException, GeneralSecurityException {
    try (Transport byKey = transport()) {
      DeviceIdentity made = DeviceClient.enrolByKey(account.serial(), byKey, state.platform());
      listener.on(Credential.enrolled(made));
    }
  }

  @Override
  public Object credential() {
    CertificateAccess now = certificate;
    return now == null ? way : now.credential();
  }

  /** A key that is refused can only be replaced by a person. */
  @Override
  public void mend(Object refused)
      throws IOException,
          ProtocolException,
          GeneralSecurityException,
          StorageFailedException,
          InterruptedException {
    CertificateAccess now = certificate;
    if (now != null) {
      now.mend(refused);
    }
  }

  /** A key has no date. */
  @Override
  public void renewIfDue() throws IOException, ProtocolException, GeneralSecurityException {
    CertificateAccess now = certificate;
    if (now != null) {
      now.renewIfDue();
    }
  }
}
