// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.agent;

import static dev.countersign.client.agent.StorageFailedException.storage;
import static dev.countersign.client.agent.StorageFailedException.storing;

import dev.countersign.client.DeviceClient;
import dev.countersign.client.identity.DeviceIdentity;
import dev.countersign.client.transport.ServerRefusedException;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.est.EnrolmentToken;
import dev.countersign.protocol.x509.Certificates;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** By mutual TLS: enrols with a token, and keeps its certificate good. */
final class CertificateAccess implements Access {
  private static final int UNAUTHORIZED = 401;

  private final DeviceAgent.Account account;
  private final DeviceAgent.State state;
  private final AgentListener listener;
  private volatile @Nullable DeviceClient client;
  private volatile @Nullable Credential credential;

  CertificateAccess(DeviceAgent.Account account, DeviceAgent.State state, AgentListener listener) {
    this.account = account;
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
    Optional<AgentEvent.Ended> objection =
        identity.isPresent() ? objection(identity.get()) : objectionToEnrolment();
    if (objection.isPresent()) {
      listener.on(objection.get());
      return Optional.empty();
    } else if (identity.isPresent()) {
      DeviceClient opened = DeviceClient.open(account.server(), state.platform());
      listener.on(
          new AgentEvent.Opened(
              Certificates.fingerprint(opened.identity().certificate()),
              opened.identity().certificate().getNotAfter().toInstant()));
      return Optional.of(adopted(opened));
    }
    return enrol(account.token().get());
  }

  private DeviceClient adopted(DeviceClient opened) {
    client = opened;
    credential = new Credential(opened, state, account.token(), listener);
    return opened;
  }

  private Optional<DeviceClient> enrol(EnrolmentToken token)
      throws IOException,
          ProtocolException,
          GeneralSecurityException,
          StorageFailedException,
          InterruptedException {
    storing(state.settings()::forget);
    try {
      DeviceClient enrolled =
          DeviceClient.enrol(account.server(), account.serial(), token, state.platform());
      listener.on(Credential.enrolled(enrolled.identity()));
      return Optional.of(adopted(enrolled));
    } catch (ServerRefusedException e) {
      if (e.status() != UNAUTHORIZED) {
        throw e;
      }
      // Not tried again: five failures void a token, and this one will not become better.
      listener.on(
          new AgentEvent.Ended(
              "the server did not accept the token for " + account.serial(),
              "it may be used, expired or of another device: make a new one with"
                  + " `countersign device token "
                  + account.serial()
                  + "`"));
      return Optional.empty();
    }
  }

  private Optional<AgentEvent.Ended> objection(DeviceIdentity identity) {
    if (!identity.serial().equals(account.serial())) {
      return Optional.of(
          new AgentEvent.Ended(
              "the identity in the state is of " + identity.serial() + ", not " + account.serial(),
              "give each device a state directory of its own"));
    }
    if (account.root().isPresent() && !account.root().get().equals(identity.root())) {
      return Optional.of(
          new AgentEvent.Ended(
              "the identity in the state trusts another root than the one that was given",
              "give the root it enrolled under, or an empty state directory and a new token"));
    }
    return Optional.empty();
  }

  private Optional<AgentEvent.Ended> objectionToEnrolment() {
    if (!account.token().isPresent()) {
      return Optional.of(
          new AgentEvent.Ended(
              "this device was never enrolled, and there is no token",
              "make one with `countersign device token " + account.serial() + "`"));
    }
    boolean foreign =
        account.root().isPresent()
            && !Certificates.fingerprint(account.root().get())
                .equals(account.token().get().rootFingerprint());
    return foreign
        ? Optional.of(
            new AgentEvent.Ended(
                "the token is of another installation than the root that was given",
                "give the root.pem of the server that made the token"))
        : Optional.empty();
  }

  @Override
  public Object credential() {
    return opened(client).identity();
  }

  @Override
  public void mend(Object refused)
      throws IOException,
          ProtocolException,
          GeneralSecurityException,
          StorageFailedException,
          InterruptedException {
    opened(credential).mend(refused);
  }

  @Override
  public void renewIfDue() throws IOException, ProtocolException, GeneralSecurityException {
    opened(credential).renewIfDue();
  }

  private static <T> T opened(@Nullable T part) {
    if (part == null) {
      throw new IllegalStateException("opened first");
    }
    return part;
  }
}
