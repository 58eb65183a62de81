// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.sealed;

import static dev.countersign.client.sealed.Refusals.expect;

import dev.countersign.client.DeviceApi;
import dev.countersign.client.sealed.KeyRing.Sealings;
import dev.countersign.client.transport.TimeFloor;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.keys.DeviceKey;
import dev.countersign.protocol.sealed.CoapCode;
import dev.countersign.protocol.sealed.InnerMessage;
import dev.countersign.protocol.sealed.Rekey;
import dev.countersign.protocol.settings.SealedSettings;
import dev.countersign.protocol.settings.SettingsAnswer;
import dev.countersign.protocol.settings.SettingsReceipt;
import dev.countersign.protocol.telemetry.CborReadings;
import dev.countersign.protocol.telemetry.JsonReadings;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A device that talks to its server by sealed messages, through whatever carries them.
 *
 * <p><b>Security guarantees.</b> Settings, acknowledgements and keys come from the holder of this
 * device's key at the server, for exactly the question that was asked, or not at all. The relay
 * learns lengths and times (at level 1 also the content) and can forge nothing. No number seals two
 * messages, over power cuts and lost storage.
 *
 * <p>It asks once and tells what went wrong; who uses it tries again, later and later ({@link
 * dev.countersign.client.agent.DeviceAgent} does). Asked again, it finds its way back to the server
 * by itself. Safe for use by many threads.
 */
public final class SealedDevice implements DeviceApi {
  private final SealedExchange exchange;
  private final Transfer transfer;
  private final SealedProfile profile;
  private final TimeFloor floor;
  private final Random random;
  private final CountDownLatch closed = new CountDownLatch(1);

  /**
   * What a sealed device brings along.
   *
   * @param keys where its key is
   * @param numbers where the sequence numbers of a generation's key are
   * @param floor raised by the server's time
   */
  public record Platform(DeviceKeys keys, NumbersOf numbers, TimeFloor floor) {}

  /** Where the numbers of each key are: with another key they begin anew. */
  public interface NumbersOf {
    NumbersStorage generation(int generation) throws IOException;
  }

  private SealedDevice(
      SealedProfile profile, TimeFloor floor, SealedExchange exchange, Random random) {
    this.profile = profile;
    this.floor = floor;
    this.exchange = exchange;
    this.transfer = new Transfer(exchange, random);
    this.random = random;
  }

  /**
   * Opens a device. Sends nothing yet.
   *
   * @param carrier closed with the device
   * @throws IOException if its key or its numbers cannot be read
   */
  public static SealedDevice open(SealedProfile profile, Platform platform, Carrier carrier)
      throws IOException {
    return open(profile, platform, carrier, new SecureRandom(), System::nanoTime);
  }

  static SealedDevice open(
      SealedProfile profile,
      Platform platform,
      Carrier carrier,
      Random random,
      LongSupplier nanoTime)
      throws IOException {
    var ring = new KeyRing(platform.keys(), sealings(profile, platform, random));
    return new SealedDevice(
        profile, platform.floor(), new SealedExchange(ring, carrier, nanoTime), random);
  }

  private static Sealings sealings(SealedProfile profile, Platform platform, Random random) {
    return key -> {
      SequenceNumbers numbers =
          SequenceNumbers.open(platform.numbers().generation(key.generation()));
      return profile.algorithm().isPresent()
          ? new OscoreSealing(key, profile.serial(), profile.algorithm().get(), numbers, random)
          : new MacSealing(key, profile.serial(), numbers, random);
    };
  }

  @Override
  public void send(byte[] readings, OptionalLong sequence) throws IOException, ProtocolException {
    InnerMessage question = InnerMessage.request(CoapCode.POST, "d");
    if (sequence.isPresent()) {
      question = question.withQuery("n=" + sequence.getAsLong());
    }
    boolean blocks = profile.algorithm().isPresent();
    expect(
        transfer.send(question, CborReadings.encode(JsonReadings.decode(readings)), blocks),
        CoapCode.CHANGED);
  }

  @Override
  public SettingsAnswer settings() throws IOException, ProtocolException {
    InnerMessage answer = transfer.fetch(InnerMessage.request(CoapCode.GET, "s"), false);
    expect(answer, CoapCode.CONTENT);
    return settings(answer);
  }

  private SettingsAnswer settings(InnerMessage answer) throws MalformedException {
    SettingsAnswer settings = SealedSettings.decode(answer.body());
    floor.told(settings.serverTime());
    return settings;
  }

  /** Waits for the next poll, or as long as was asked for, and asks once. */
  @Override
  public Optional<SettingsAnswer> awaitSettings(long knownVersion, Duration wait)
      throws IOException, ProtocolException {
    pause(wait.compareTo(profile.pollEvery()) < 0 ? wait : jittered(profile.pollEvery()));
    InnerMessage question = InnerMessage.request(CoapCode.GET, "s").withQuery("v=" + knownVersion);
    InnerMessage answer = transfer.fetch(question, false);
    if (answer.code() == CoapCode.VALID) {
      return Optional.empty();
    }
    expect(answer, CoapCode.CONTENT);
    return Optional.of(settings(answer));
  }

  /** From a half to one and a half: a fleet that was switched on at once spreads out. */
  private Duration jittered(Duration every) {
    return Duration.ofMillis((long) (every.toMillis() * (0.5 + random.nextDouble())));
  }

  private void pause(Duration wait) throws IOException {
    try {
      if (closed.await(wait.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IOException("closed");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("interrupted while waiting").initCause(e);
    }
  }

  @Override
  public void confirm(SettingsReceipt receipt) throws IOException, ProtocolException {
    InnerMessage question =
        InnerMessage.request(CoapCode.POST, "a").withBody(SealedSettings.encode(receipt));
    expect(exchange.ask(question, true), CoapCode.CHANGED);
  }

  /**
   * Agrees with the server on a new key, so that what is recorded today cannot be opened with what
   * leaks tomorrow. If it fails half-way, both keys are tried, and it can be called again.
   */
  public void rekey() throws IOException, ProtocolException, GeneralSecurityException {
    InnerMessage answer = exchange.ask(InnerMessage.request(CoapCode.GET, "k"), true);
    expect(answer, CoapCode.CONTENT);
    Rekey offer = Rekey.decode(answer.body());
    EphemeralKey mine = EphemeralKey.generate();
    byte[] point = mine.point();
    byte[] x = mine.agree(offer.content());
    byte[] shared = Rekey.shared(x, offer.content(), point);
    try {
      exchange.withKeys(keys -> follow(keys, offer.generation(), shared));
    } finally {
      Arrays.fill(x, (byte) 0);
      Arrays.fill(shared, (byte) 0);
    }
    InnerMessage acceptance =
        InnerMessage.request(CoapCode.POST, "k")
            .withBody(new Rekey(offer.generation(), point).encode());
    expect(exchange.ask(acceptance, true), CoapCode.CHANGED);
    settle();
  }

  private static boolean follow(KeyRing keys, int generation, byte[] shared)
      throws IOException, ProtocolException {
    try (GenerationKey current = keys.currentKey()) {
      if (generation != current.generation() + 1) {
        throw new MalformedException("rekey", "expected the next generation");
      }
      try (DeviceKey next = current.key().next(shared)) {
        keys.follow(new GenerationKey(generation, next));
      }
    }
    return true;
  }

  /** The first message under the new key; with its answer the old one is erased. */
  private void settle() throws IOException, ProtocolException {
    exchange.withKeys(keys -> {
      keys.useNewest();
      return true;
    });
    expect(exchange.ask(InnerMessage.request(CoapCode.GET, "t"), false), CoapCode.CONTENT);
  }

  /** Which key in a row it uses now. */
  public int generation() {
    return exchange.generation();
  }

  /** Enrolment for a certificate through the same way. */
  public SealedEst est() {
    return new SealedEst(transfer, profile.algorithm().isPresent());
  }

  @Override
  public void close() {
    closed.countDown();
    exchange.close();
  }
}
