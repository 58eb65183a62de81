// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.sealed;

import dev.countersign.client.sealed.RelayRefusedException.Hint;
import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.NotAuthenticException;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.Scalar;
import dev.countersign.protocol.cbor.CborWriter;
import dev.countersign.protocol.keys.DeviceKey;
import dev.countersign.protocol.keys.KeyId;
import dev.countersign.protocol.keys.SealedAlgorithm;
import dev.countersign.protocol.sealed.InnerMessage;
import dev.countersign.protocol.sealed.LostState;
import dev.countersign.protocol.sealed.MacContext;
import dev.countersign.protocol.sealed.MacMessage;
import dev.countersign.protocol.sealed.OpenedRequest;
import dev.countersign.protocol.sealed.OscoreContext;
import dev.countersign.protocol.sealed.OscoreMessage;
import dev.countersign.protocol.sealed.Rekey;
import dev.countersign.protocol.sealed.SealedMessage;
import dev.countersign.protocol.settings.Settings;
import dev.countersign.protocol.settings.SettingsAnswer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The server of one device, in memory: contexts, windows, B.2, rekey, as docs/protocol.md has them.
 * Notes every number it sees, so that a number used twice is found.
 */
final class ModelServer implements Carrier {
  static final DeviceSerial SERIAL = new DeviceSerial("P1-00042187");
  static final byte[] SECRET =
      "kP7vQ2mZx9LrT4nWc8YbH3sDf6GjA1eUo5iRqXtVwMzN0yBhKu"
          .getBytes(java.nio.charset.StandardCharsets.US_ASCII);

  final Optional<SealedAlgorithm> algorithm;
  final ModelResources resources = new ModelResources(this);

  /** The key of each generation that counts. */
  final TreeMap<Integer, DeviceKey> keys = new TreeMap<>();

  /** What was sealed under each number, by generation, context and number. */
  private final Map<String, String> seen = new HashMap<>();

  /** Answers by the token they are for. */
  private final Map<String, String> answers = new HashMap<>();

  private final Map<Integer, byte[]> contexts = new HashMap<>();
  private final List<byte[]> everyContext = new ArrayList<>();
  private final Set<String> claimed = new HashSet<>();
  private final Random random;
  private final byte[] challengeKey = new byte[32];
  private final Set<String> violations = new HashSet<>();
  private int maxTokenChars = SealedMessage.MAX_TOKEN_CHARS;
  long highest;
  int unopened;

  ModelServer(Optional<SealedAlgorithm> algorithm, Random random) {
    this.algorithm = algorithm;
    this.random = random;
    random.nextBytes(challengeKey);
    keys.put(1, DeviceKey.ofSecret(SECRET));
  }

  static ModelServer oscore(Random random) {
    return new ModelServer(Optional.of(SealedAlgorithm.CCM), random);
  }

  void limit(int tokenChars) {
    maxTokenChars = tokenChars;
  }

  /** Numbers that were used for two messages: none, ever. */
  Set<String> violations() {
    return violations;
  }

  /** The server lost its state, or was restored: only B.2 is answered. */
  void mustResync() {
    contexts.clear();
  }

  byte[] random(int bytes) {
    var made = new byte[bytes];
    random.nextBytes(made);
    return made;
  }

  @Override
  public int maxTokenChars() {
    return maxTokenChars;
  }

  @Override
  public void close() {}

  @Override
  public String exchange(String token) throws RelayRefusedException {
    try {
      return answer(token, SealedMessage.parse(token));
    } catch (MalformedException e) {
      throw hint(Hint.MALFORMED);
    }
  }

  static RelayRefusedException hint(Hint hint) {
    return new RelayRefusedException(hint, -1, "a hint: " + hint);
  }

  private String answer(String token, SealedMessage message) throws RelayRefusedException {
    @Nullable String before = answers.get(token);
    if (before != null) {
      return before;
    }
    for (Map.Entry<Integer, DeviceKey> key : List.copyOf(keys.entrySet())) {
      try {
        String answer =
            message instanceof OscoreMessage oscore
                ? oscore(key.getKey(), key.getValue(), oscore)
                : mac(key.getKey(), key.getValue(), (MacMessage) message);
        answers.put(token, answer);
        return answer;
      } catch (ProtocolException e) {
        if (!(e instanceof NotAuthenticException)) {
          throw hint(Hint.UNKNOWN);
        }
      }
    }
    throw hint(Hint.UNKNOWN);
  }

  private void claim(int generation, byte[] context, long sequence) throws RelayRefusedException {
    String number = generation + "/" + Arrays.toString(context) + "/" + sequence;
    if (!claimed.add(number)) {
      throw hint(Hint.REPLAY);
    }
  }

  private void proven(int generation) {
    keys.headMap(generation).clear();
  }

  private String mac(int generation, DeviceKey key, MacMessage message)
      throws ProtocolException, RelayRefusedException {
    var context = MacContext.of(key, SERIAL, generation);
    OpenedRequest opened = context.open(message);
    if (opened.message().path().equals("e")) {
      byte[] body =
          new CborWriter()
              .map(2)
              .unsigned(1)
              .bytes(resources.echo())
              .unsigned(2)
              .unsigned(highest + 65)
              .toByteArray();
      return opened.answer(InnerMessage.of(0x45).withBody(body)).token();
    }
    claim(generation, new byte[0], opened.sequence());
    highest = Math.max(highest, opened.sequence());
    proven(generation);
    return opened.answer(resources.answer(opened.message(), generation)).token();
  }

  private String oscore(int generation, DeviceKey key, OscoreMessage message)
      throws ProtocolException, RelayRefusedException {
    Optional<byte[]> announced = message.option().kidContext();
    byte[] current = contexts.getOrDefault(generation, new byte[0]);
    byte[] named = announced.isPresent() ? LostState.idContext(announced.get()) : current;
    if (named.length == LostState.RANDOM_BYTES) {
      return challenge(generation, key, message, named);
    }
    boolean installs = !Arrays.equals(named, current);
    if (named.length == 0 || (installs && !LostState.isOurs(named, challengeKey))) {
      throw new MalformedException("context", "expected the current one");
    }
    OpenedRequest.Oscore opened =
        (OpenedRequest.Oscore) context(key, generation, named).open(message);
    claim(generation, named, opened.sequence());
    if (installs) {
      everyContext.add(0, named); // mostly it is the newest
      contexts.put(generation, named);
      random.nextBytes(challengeKey);
    }
    proven(generation);
    return opened.answer(resources.answer(opened.message(), generation)).token();
  }

  private String challenge(int generation, DeviceKey key, OscoreMessage message, byte[] r1)
      throws ProtocolException {
    OpenedRequest.Oscore opened = (OpenedRequest.Oscore) context(key, generation, r1).open(message);
    byte[] r2 = LostState.r2(random(LostState.RANDOM_BYTES), challengeKey);
    OscoreContext second = context(key, generation, LostState.join(r2, r1));
    return opened.answerUnder(second, r2, InnerMessage.of(0x81)).token();
  }

  private OscoreContext context(DeviceKey key, int generation, byte[] idContext) {
    return OscoreContext.ofServer(
        key, SERIAL, generation, algorithm.orElseThrow(), Optional.of(idContext));
  }

  /** The next generation's key, which counts beside the one before until it is used. */
  void rekey(int generation, byte[] shared) {
    DeviceKey before = keys.firstEntry().getValue();
    keys.put(generation, before.next(shared));
    contexts.remove(generation);
    claimed.removeIf(number -> number.startsWith(generation + "/"));
  }

  /** The server's half of {@link Rekey}. */
  byte[] offer() {
    return resources.ephemeral.point();
  }

  /**
   * Sees a token on its way, whether it arrives or not: the same number under the same key and
   * context must be the same message.
   */
  void observe(String token) {
    if (!(parsed(token) instanceof OscoreMessage message)) {
      return; // a MAC gives nothing away
    }
    long sequence = message.option().sequence().orElseThrow();
    Optional<byte[]> announced = message.option().kidContext();
    byte[] kid = message.option().kid().orElseThrow();
    String context = announced.map(ModelServer::idContext).orElseGet(() -> quiet(message, kid));
    String number = Arrays.toString(kid) + context + sequence;
    @Nullable String before = seen.putIfAbsent(number, token.substring(token.lastIndexOf('.')));
    if (before != null && !before.equals(token.substring(token.lastIndexOf('.')))) {
      violations.add(number);
    }
  }

  /** A context that is not named: whichever opens it. */
  private String quiet(OscoreMessage message, byte[] kid) {
    for (Map.Entry<Integer, DeviceKey> key : keys.entrySet()) {
      if (!Arrays.equals(KeyId.of(SERIAL, key.getKey()).bytes(), kid)) {
        continue;
      }
      for (byte[] idContext : everyContext) {
        try (OscoreContext context =
            OscoreContext.ofServer(
                key.getValue(),
                SERIAL,
                key.getKey(),
                algorithm.orElseThrow(),
                Optional.of(idContext))) {
          context.open(message);
          return Arrays.toString(idContext);
        } catch (ProtocolException e) {
          unopened++; // under the next, then
        }
      }
    }
    return "unknown";
  }

  private static String idContext(byte[] kidContext) {
    try {
      return Arrays.toString(LostState.idContext(kidContext));
    } catch (MalformedException e) {
      throw new AssertionError("a device names contexts in CBOR", e);
    }
  }

  private static SealedMessage parsed(String token) {
    try {
      return SealedMessage.parse(token);
    } catch (MalformedException e) {
      throw new AssertionError("a device sends tokens", e);
    }
  }

  /** Settings of a number. */
  static SettingsAnswer settings(long version, double interval) {
    try {
      return new SettingsAnswer(
          version,
          version == 0
              ? Settings.EMPTY
              : Settings.of(Map.of("interval", new Scalar.Numeric(interval))),
          0,
          0,
          Instant.parse("2026-11-22T05:00:00Z"));
    } catch (MalformedException e) {
      throw new AssertionError("a name", e);
    }
  }
}
