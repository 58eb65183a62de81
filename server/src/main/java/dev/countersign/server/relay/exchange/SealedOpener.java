// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay.exchange;

import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.NotAuthenticException;
import dev.countersign.protocol.keys.DeviceKey;
import dev.countersign.protocol.keys.KeyId;
import dev.countersign.protocol.sealed.LostState;
import dev.countersign.protocol.sealed.MacContext;
import dev.countersign.protocol.sealed.MacMessage;
import dev.countersign.protocol.sealed.OscoreContext;
import dev.countersign.protocol.sealed.OscoreMessage;
import dev.countersign.protocol.sealed.SealedMessage;
import dev.countersign.server.credentials.Level;
import dev.countersign.server.relay.Diagnosis.Sender;
import dev.countersign.server.secrets.SecretHolder;
import dev.countersign.server.secrets.SharedSecrets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Finds the key that a message opens with. A key id is a name and not unique: each device that has
 * it is tried, and for a name that nobody has the same work is done with a key of nobody.
 */
final class SealedOpener {
  private final SharedSecrets secrets;
  private final ContextBook contexts;
  private final Agreements agreements;

  SealedOpener(SharedSecrets secrets, ContextBook contexts, Agreements agreements) {
    this.secrets = secrets;
    this.contexts = contexts;
    this.agreements = agreements;
  }

  /** What became of a message. */
  sealed interface Attempt {
    /** It opened. */
    record Done(Opened opened) implements Attempt {}

    /**
     * It did not.
     *
     * @param named whose key id it bears
     */
    record Failed(KeyId keyId, Optional<Sender> named) implements Attempt {}
  }

  /**
   * Tries to open a message.
   *
   * @throws MalformedException if no device could have made it
   */
  Attempt open(SealedMessage message) throws MalformedException {
    KeyId keyId = keyId(message);
    int level = level(message);
    List<SecretHolder> candidates = secrets.byKeyId(keyId);
    return open(
        message,
        keyId,
        candidates,
        (candidates.isEmpty() ? List.of(secrets.nobody()) : candidates)
            .stream()
                .map(holder -> new Candidate(holder, contexts.current(holder, level)))
                .toList());
  }

  /**
   * The same, if no database has to be asked: for a message of a device that was here before, under
   * the context that counts for it.
   *
   * @param usable whether a device's status and level are as good as decided
   * @return empty if nothing was tried
   */
  Optional<Attempt> openAtHand(SealedMessage message, Predicate<SecretHolder> usable)
      throws MalformedException {
    if (!(message instanceof OscoreMessage oscore) || oscore.option().kidContext().isPresent()) {
      return Optional.empty();
    }
    KeyId keyId = keyId(message);
    List<SecretHolder> holders = secrets.byKeyIdAtHand(keyId).orElse(List.of());
    var candidates = new ArrayList<Candidate>();
    for (SecretHolder holder : holders) {
      Optional<SealedContext> current = contexts.currentAtHand(holder, Level.SEALED);
      if (current.isEmpty()
          || !current.get().isEstablished()
          || current.get().mustResync()
          || !usable.test(holder)) {
        return Optional.empty();
      }
      candidates.add(new Candidate(holder, current));
    }
    return candidates.isEmpty()
        ? Optional.empty()
        : Optional.of(open(message, keyId, holders, candidates));
  }

  /** Who may have made a message, and the context that counts for him. */
  private record Candidate(SecretHolder holder, Optional<SealedContext> current) {}

  private static int level(SealedMessage message) {
    return message instanceof MacMessage ? Level.MAC : Level.SEALED;
  }

  private Attempt open(
      SealedMessage message, KeyId keyId, List<SecretHolder> named, List<Candidate> candidates)
      throws MalformedException {
    for (Candidate candidate : candidates) {
      Optional<Opened> opened =
          switch (message) {
            case OscoreMessage oscore -> open(candidate, oscore);
            case MacMessage mac -> open(candidate, mac);
          };
      if (opened.isPresent()) {
        return new Attempt.Done(opened.get());
      }
    }
    return new Attempt.Failed(
        keyId,
        named.stream()
            .findFirst()
            .map(holder -> new Sender(holder.device().id(), holder.device().serial())));
  }

  private static KeyId keyId(SealedMessage message) throws MalformedException {
    Optional<byte[]> kid =
        switch (message) {
          case OscoreMessage oscore -> oscore.option().kid();
          case MacMessage mac -> mac.kid();
        };
    if (kid.isEmpty() || kid.get().length != KeyId.BYTES) {
      throw new MalformedException("kid", "expected 6 bytes");
    }
    return KeyId.wrap(kid.get());
  }

  private Optional<Opened> open(Candidate candidate, MacMessage message) throws MalformedException {
    SecretHolder holder = candidate.holder();
    try (DeviceKey key = holder.open()) {
      MacContext keys = MacContext.of(key, holder.device().serial(), holder.generation());
      try {
        return Optional.of(
            new Opened(holder, keys.open(message), candidate.current(), Opened.NO_STEP, keys));
      } catch (NotAuthenticException | MalformedException e) {
        keys.close();
        return notOpened(e);
      }
    }
  }

  private Optional<Opened> open(Candidate candidate, OscoreMessage message)
      throws MalformedException {
    SecretHolder holder = candidate.holder();
    Optional<byte[]> kidContext = message.option().kidContext();
    Optional<byte[]> announced =
        kidContext.isEmpty()
            ? Optional.empty()
            : Optional.of(LostState.idContext(kidContext.get()));
    Optional<SealedContext> current = candidate.current();
    Optional<Opened.Step> step =
        announced.isEmpty() ? Optional.of(Opened.NO_STEP) : step(holder, current, announced.get());
    Optional<byte[]> idContext =
        announced.isPresent() ? announced : current.flatMap(SealedContext::idContext);
    try (DeviceKey key = holder.open()) {
      OscoreContext keys =
          OscoreContext.ofServer(
              key, holder.device().serial(), holder.generation(), holder.algorithm(), idContext);
      try {
        var request = keys.open(message);
        if (step.isEmpty()) {
          // RFC 8613 appendix B.2: authentic, under an agreement that does not count any more.
          keys.close();
          return Optional.empty();
        }
        return Optional.of(new Opened(holder, request, current, step.get(), keys));
      } catch (NotAuthenticException | MalformedException e) {
        keys.close();
        return notOpened(e);
      }
    }
  }

  /** What an announced ID Context means; empty if nothing any more. */
  private Optional<Opened.Step> step(
      SecretHolder holder, Optional<SealedContext> current, byte[] announced) {
    if (announced.length == LostState.RANDOM_BYTES) {
      return Optional.of(new Opened.Step.Begin(announced));
    } else if (current.filter(context -> context.hasIdContext(announced)).isPresent()) {
      return Optional.of(Opened.NO_STEP);
    }
    return agreements.isOffered(holder.device().id(), announced)
        ? Optional.of(new Opened.Step.Conclude(announced))
        : Optional.empty();
  }

  private static Optional<Opened> notOpened(Exception e) throws MalformedException {
    if (e instanceof MalformedException malformed) {
      throw malformed;
    }
    return Optional.empty();
  }
}
