// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.agent;

import static dev.countersign.client.agent.StorageFailedException.storage;
import static dev.countersign.client.agent.StorageFailedException.storing;

import dev.countersign.client.DeviceApi;
import dev.countersign.client.identity.DeviceIdentity;
import dev.countersign.client.sealed.SealedDevice;
import dev.countersign.protocol.ProtocolException;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** By sealed messages; or by those to a certificate, and from then on by that. */
final class SealedAccess implements Access {
  private final DeviceAgent.Account account;
  private final DeviceAgent.SealedWay way;
  private final DeviceAgent.State state;
  private final AgentListener listener;
  private volatile @Nullable CertificateAccess certificate;

  SealedAccess(
      DeviceAgent.Account account,
      DeviceAgent.SealedWay way,
      DeviceAgent.State state,
      AgentListener listener) {
    this.account = account;
    this.way = way;
    this.state = state;
    this.listener = listener;
  }

  @Override
  public Optional<? extends DeviceApi> open()
      throws IOException,
          ProtocolException,
          GeneralSecurityException,
          StorageFailedException,
          InterruptedException {
    if (!way.enrols()) {
      // The key may outlive the queue: a number from before would be taken for the same message.
      storing(() -> state.queue().beginAt(1 + (new SecureRandom().nextInt() & 0xffff_ffffL)));
      SealedDevice device = device();
      listener.on(new AgentEvent.OpenedSealed(device.generation()));
      return Optional.of(device);
    }
    if (!storage(() -> state.platform().identities().load()).isPresent()) {
      enrol();
    }
    var byCertificate = new CertificateAccess(account, state, listener);
    certificate = byCertificate;
    return byCertificate.open();
  }

  private SealedDevice device() throws IOException, StorageFailedException, InterruptedException {
    return storage(() -> SealedDevice.open(way.profile(), way.platform(), way.carriers().open()));
  }

  private void enrol()
      throws IOException,
          ProtocolException,
          GeneralSecurityException,
          StorageFailedException,
          InterruptedException {
    try (SealedDevice device = device()) {
      DeviceIdentity made =
          device.est().enrol(account.serial(), state.platform().identities(), account.root());
      listener.on(Credential.enrolled(made));
    }
  }

  @Override
  public Object credential() {
    CertificateAccess now = certificate;
    return now == null ? way : now.credential();
  }

  /** Through a relay nothing is refused for certain: the device finds its way back by itself. */
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
