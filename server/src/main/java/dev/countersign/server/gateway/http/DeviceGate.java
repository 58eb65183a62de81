// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.gateway.http;

import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.x509.ChainRefusedException;
import dev.countersign.protocol.x509.LapsedChain;
import dev.countersign.protocol.x509.VerifiedChain;
import dev.countersign.server.credentials.AuthenticatedDevice;
import dev.countersign.server.credentials.ChainJudge;
import dev.countersign.server.credentials.CredentialRefusedException;
import dev.countersign.server.credentials.CredentialRefusedException.Reason;
import dev.countersign.server.credentials.DeviceAuthenticator;
import dev.countersign.server.credentials.LapsedDevice;
import dev.countersign.server.gateway.LastSeen;
import dev.countersign.server.gateway.OpenConnections;
import dev.countersign.server.http.Answer;
import dev.countersign.server.http.Connection;
import dev.countersign.server.http.Exchange;
import dev.countersign.server.http.Handler;
import dev.countersign.server.http.Problem;
import dev.countersign.server.journal.Attempt;
import dev.countersign.server.journal.Claim;
import dev.countersign.server.journal.Journal;
import dev.countersign.server.journal.RefusalReasons;
import dev.countersign.server.quota.DeviceQuotas;
import dev.countersign.server.tls.psk.ProvenKey;
import dev.countersign.server.tls.psk.PskSession;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets devices through to handlers that ask for one. The chain is judged once per connection, also
 * on a resumed session; the registry is asked on every request.
 */
public final class DeviceGate {
  private static final Logger log = LoggerFactory.getLogger(DeviceGate.class);

  private final ChainJudge judge;
  private final DeviceAuthenticator authenticator;
  private final OpenConnections openConnections;
  private final LastSeen lastSeen;
  private final DeviceQuotas quotas;
  private final Journal journal;
  private final Clock clock;

  public DeviceGate(
      ChainJudge judge,
      DeviceAuthenticator authenticator,
      OpenConnections openConnections,
      LastSeen lastSeen,
      DeviceQuotas quotas,
      Journal journal,
      Clock clock) {
    this.judge = judge;
    this.authenticator = authenticator;
    this.openConnections = openConnections;
    this.lastSeen = lastSeen;
    this.quotas = quotas;
    this.journal = journal;
    this.clock = clock;
  }

  /** Answers a request of a device that proved who it is. */
  @FunctionalInterface
  interface DeviceHandler {
    Answer handle(AuthenticatedDevice device, Exchange exchange)
        throws ProtocolException, CredentialRefusedException;
  }

  /** Answers without waiting, or leaves it; see {@link Handler#handleAtOnce}. */
  @FunctionalInterface
  interface QuickDeviceHandler {
    Optional<Answer> handleAtOnce(AuthenticatedDevice device, Exchange exchange)
        throws ProtocolException;
  }

  /** A handler behind the gate. */
  Handler only(DeviceHandler handler) {
    return only(handler, (device, exchange) -> Optional.empty());
  }

  /**
   * A handler behind the gate that often can answer at once.
   *
   * @param quick asked first, if the device is known on this connection and nothing is against it
   */
  Handler only(DeviceHandler handler, QuickDeviceHandler quick) {
    return new Handler() {
      @Override
      public Answer handle(Exchange exchange) throws ProtocolException {
        try {
          AuthenticatedDevice device = authenticate(exchange.connection());
          long wait = secondsToWait(device, exchange);
          return wait > 0 ? Problem.quota(wait) : handler.handle(device, exchange);
        } catch (CredentialRefusedException e) {
          return refused(exchange, e);
        }
      }

      @Override
      public Optional<Answer> handleAtOnce(Exchange exchange) throws ProtocolException {
        AuthenticatedDevice device = atHand(exchange.connection()).orElse(null);
        if (device == null) {
          return Optional.empty();
        }
        long wait = secondsToWait(device, exchange);
        return wait > 0
            ? Optional.of(Problem.quota(wait))
            : quick.handleAtOnce(seen(device), exchange);
      }
    };
  }

  /** Until a device that used up its quota may go on; 0 if it has not. */
  long secondsToWait(AuthenticatedDevice device, Exchange exchange) {
    return exchange.countsNow() ? quotas.take(device.id(), exchange.sizeBytes()) : 0;
  }

  /** The device on this connection, if it is one and counts now. */
  AuthenticatedDevice authenticate(Connection connection) throws CredentialRefusedException {
    Optional<ProvenKey> key = provenKey(connection);
    if (key.isPresent()) {
      return seen(authenticate(connection, key.get()));
    }
    VerifiedChain known = knownChain(connection);
    if (known != null) {
      return seen(authenticator.byCertificate(known));
    }
    VerifiedChain chain = judge(connection);
    AuthenticatedDevice device = authenticator.byCertificate(chain);
    openConnections.add(device.id(), connection);
    connection.remember(chain);
    // Asked again, now that a revocation would find this connection: none falls between the two.
    return seen(authenticator.byCertificate(chain));
  }

  private AuthenticatedDevice authenticate(Connection connection, ProvenKey key)
      throws CredentialRefusedException {
    AuthenticatedDevice device = authenticator.byPreSharedKey(key);
    if (connection.verdict() == key) {
      return device;
    }
    openConnections.add(device.id(), connection);
    connection.remember(key);
    // Asked again for the same reason as with a certificate.
    return authenticator.byPreSharedKey(key);
  }

  private static Optional<ProvenKey> provenKey(Connection connection) {
    return connection.session(PskSession.class).flatMap(PskSession::provenKey);
  }

  /** The device on this connection, if to let it in needs no look at a database and no chain. */
  private Optional<AuthenticatedDevice> atHand(Connection connection) {
    Optional<ProvenKey> key = provenKey(connection);
    if (key.isPresent()) {
      return atHand(connection, key.get());
    }
    VerifiedChain known = knownChain(connection);
    return known == null ? Optional.empty() : authenticator.byCertificateAtHand(known);
  }

  private Optional<AuthenticatedDevice> atHand(Connection connection, ProvenKey key) {
    Optional<AuthenticatedDevice> device = authenticator.byPreSharedKeyAtHand(key);
    if (device.isEmpty() || connection.verdict() == key) {
      return device;
    }
    openConnections.add(device.get().id(), connection);
    connection.remember(key);
    // Asked again for the same reason as with a certificate.
    return authenticator.byPreSharedKeyAtHand(key);
  }

  /** Who is on a connection, as far as TLS alone has shown it. */
  static Claim claim(Connection connection) {
    return provenKey(connection)
        .map(key -> Claim.proven(key.serial()))
        .orElseGet(() -> Claim.holding(connection.presentedCertificates()));
  }

  private @Nullable VerifiedChain knownChain(Connection connection) {
    return connection.verdict() instanceof VerifiedChain chain
            && !judge.isOver(chain, clock.instant())
        ? chain
        : null;
  }

  private AuthenticatedDevice seen(AuthenticatedDevice device) {
    lastSeen.note(device);
    return device;
  }

  private VerifiedChain judge(Connection connection) throws CredentialRefusedException {
    try {
      return judge.judge(connection.presentedCertificates());
    } catch (ChainRefusedException e) {
      throw new CredentialRefusedException(Reason.CHAIN, e);
    }
  }

  /** The server's clock, by which certificates are judged. */
  Instant now() {
    return clock.instant();
  }

  /** Whether TLS has shown anything of who this is. */
  boolean presentsCredential(Exchange exchange) {
    return provenKey(exchange.connection()).isPresent()
        || !exchange.connection().presentedCertificates().isEmpty();
  }

  /** The device whose expired certificate is on this connection, if it may renew. */
  LapsedDevice authenticateLapsed(Connection connection) throws CredentialRefusedException {
    try {
      LapsedChain chain = judge.judgeLapsed(connection.presentedCertificates());
      return authenticator.byLapsedCertificate(chain);
    } catch (ChainRefusedException e) {
      throw new CredentialRefusedException(Reason.CHAIN, e);
    }
  }

  /** Tells the journal why, and the peer nothing. */
  Answer.Complete refused(Exchange exchange, CredentialRefusedException e) {
    return refused(exchange, e, claim(exchange.connection()));
  }

  /**
   * Tells the journal why, and the peer nothing.
   *
   * @param claim who it seemed to be
   */
  Answer.Complete refused(Exchange exchange, CredentialRefusedException e, Claim claim) {
    journal.note(
        new Attempt(
            exchange.connection().listener(),
            exchange.connection().address(),
            RefusalReasons.of(e),
            e.detail(),
            claim));
    log.debug(
        "listener={} peer={} path={} outcome=refused reason={} certificate={} detail=\"{}\"",
        exchange.connection().listener(),
        exchange.connection().remoteAddress(),
        exchange.path(),
        e.reason(),
        exchange.connection().presentedFingerprint(),
        e.getMessage());
    if (e.reason() == Reason.SUSPENDED) {
      return Problem.of(403, "suspended", "Device suspended", "an operator suspended this device");
    }
    return Problem.UNAUTHENTICATED;
  }
}
