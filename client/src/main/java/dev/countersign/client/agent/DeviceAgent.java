// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.agent;

import dev.countersign.client.DeviceApi;
import dev.countersign.client.DeviceClient;
import dev.countersign.client.agent.AgentEvent.Task;
import dev.countersign.client.psk.PskCredential;
import dev.countersign.client.retry.Backoff;
import dev.countersign.client.retry.Pace;
import dev.countersign.client.sealed.Carrier;
import dev.countersign.client.sealed.SealedDevice;
import dev.countersign.client.sealed.SealedProfile;
import dev.countersign.client.settings.SettingsApplier;
import dev.countersign.client.settings.SettingsStorage;
import dev.countersign.client.telemetry.Entry;
import dev.countersign.client.telemetry.MessageQueue;
import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.est.EnrolmentToken;
import dev.countersign.protocol.telemetry.Reading;
import java.io.IOException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A device that runs by itself: it enrols with its token, sends each reading exactly once, follows
 * its settings, renews its certificate, and goes on after restarts, power cuts and outages.
 *
 * <p><b>Security guarantees.</b> Those of {@link DeviceClient}: no request leaves the device before
 * the server is verified, and nothing switches that off, not even after many failures. Settings
 * never go back to an older version.
 *
 * <p>Safe for use by many threads.
 */
public final class DeviceAgent implements AutoCloseable {
  private static final Duration ROOM_CHECK = Duration.ofSeconds(10);
  private static final Duration CLOSING = Duration.ofSeconds(10);

  private final Access access;
  private final State state;
  private final SettingsApplier applier;
  private final AgentListener listener;
  private final Pace pace;
  private final Random random = new SecureRandom();
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final List<Thread> threads = new ArrayList<>();
  private @Nullable DeviceApi client;

  /**
   * Who this device is to its server.
   *
   * @param server {@code https://host:port}
   * @param token for the first enrolment, or for one after the certificate was refused
   * @param root what the server must come from, where that is known besides the token
   */
  public record Account(
      URI server,
      DeviceSerial serial,
      Optional<EnrolmentToken> token,
      Optional<X509Certificate> root) {}

  /**
   * How a device proves itself by the key from its pre-set secret.
   *
   * @param server {@code https://host:port} that takes keys
   * @param credential for the caller to close, after the agent
   * @param enrols whether it gets itself a certificate, and goes on with that at the account's
   *     server
   */
  public record KeyWay(URI server, PskCredential credential, boolean enrols) {}

  /** What a device must not forget. The agent does not close it. */
  public record State(
      DeviceClient.Platform platform, MessageQueue queue, SettingsStorage settings) {}

  private DeviceAgent(
      Access access, State state, SettingsApplier applier, AgentListener listener, Pace pace) {
    this.access = access;
    this.state = state;
    this.applier = applier;
    this.listener = listener;
    this.pace = pace;
  }

  /** Starts an agent, and does not wait for anything. */
  public static DeviceAgent start(
      Account account, State state, SettingsApplier applier, AgentListener listener) {
    return start(account, state, applier, listener, Pace.STANDARD);
  }

  /** Starts an agent of another patience. */
  public static DeviceAgent start(
      Account account, State state, SettingsApplier applier, AgentListener listener, Pace pace) {
    return start(new CertificateAccess(account, state, listener), state, applier, listener, pace);
  }

  /**
   * How a device's messages are sealed and carried.
   *
   * @param carriers opens the way to the relay
   * @param enrols whether it gets itself a certificate, and goes on with that at the account's
   *     server
   */
  public record SealedWay(
      SealedProfile profile, SealedDevice.Platform platform, Carriers carriers, boolean enrols) {}

  /** Opens the way to a relay. */
  public interface Carriers {
    Carrier open() throws IOException;
  }

  /** Starts an agent whose messages are sealed, at least at first. */
  public static DeviceAgent start(
      Account account,
      SealedWay way,
      State state,
      SettingsApplier applier,
      AgentListener listener) {
    var access = new SealedAccess(account, way, state, listener);
    return start(access, state, applier, listener, Pace.STANDARD);
  }

  /** Starts an agent that proves itself by a key, at least at first. */
  public static DeviceAgent start(
      Account account, KeyWay way, State state, SettingsApplier applier, AgentListener listener) {
    var access = new KeyAccess(account, way, state, listener);
    return start(access, state, applier, listener, Pace.STANDARD);
  }

  private static DeviceAgent start(
      Access access, State state, SettingsApplier applier, AgentListener listener, Pace pace) {
    var agent = new DeviceAgent(access, state, applier, listener, pace);
    agent.begin("countersign-agent", agent::connect);
    return agent;
  }

  /**
   * Takes readings to be sent; durable when it returns. Waits while the queue is full.
   *
   * @throws dev.countersign.protocol.MalformedException if they are none or too many
   * @throws IOException if they cannot be stored; then they are not taken
   */
  public void send(List<Reading> readings)
      throws IOException, ProtocolException, InterruptedException {
    take(List.of(Entry.of(readings)));
  }

  /**
   * Takes entries, in order. Waits while the queue is full.
   *
   * @return how many of them, from the first on, were taken; at least one. Those are durable
   * @throws IOException if they cannot be stored; then none was taken
   */
  public int take(List<Entry> entries) throws IOException, InterruptedException {
    MessageQueue queue = state.queue();
    int taken = queue.offer(entries);
    if (taken > 0) {
      return taken;
    }
    listener.on(new AgentEvent.QueueFull(queue.size()));
    while (taken == 0) {
      queue.awaitRoom(ROOM_CHECK);
      taken = queue.offer(entries);
    }
    listener.on(new AgentEvent.QueueHasRoom());
    return taken;
  }

  private interface Work {
    void run() throws InterruptedException;
  }

  private synchronized void begin(String name, Work work) {
    if (stopping.getCount() == 0) {
      return;
    }
    var thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // closed
              }
            },
            name);
    thread.setDaemon(true);
    threads.add(thread);
    thread.start();
  }

  private Attempts attempts(Task task) {
    return new Attempts(task, new Backoff(pace, random), listener, stopping);
  }

  private void connect() throws InterruptedException {
    attempts(Task.ENROLMENT).untilItWorks(this::open, () -> {});
    DeviceApi opened = client();
    if (opened == null) {
      return; // ended, and said so
    }
    begin("countersign-readings", () -> sendReadings(opened));
    begin("countersign-settings", () -> followSettings(opened));
  }

  private synchronized @Nullable DeviceApi client() {
    return client;
  }

  private void open()
      throws IOException,
          ProtocolException,
          GeneralSecurityException,
          StorageFailedException,
          InterruptedException {
    Optional<? extends DeviceApi> made = access.open();
    if (!made.isPresent()) {
      return;
    }
    boolean late;
    synchronized (this) {
      late = stopping.getCount() == 0;
      client = made.get();
    }
    if (late) {
      made.get().close();
    }
  }

  private void sendReadings(DeviceApi opened) throws InterruptedException {
    var sender = new TelemetrySender(opened, state.queue(), listener);
    repeat(attempts(Task.READINGS), sender::round);
  }

  private void followSettings(DeviceApi opened) throws InterruptedException {
    var follower =
        new SettingsFollower(
            opened, state.settings(), applier, new Backoff(pace, random), listener);
    Attempts attempts = attempts(Task.SETTINGS);
    attempts.untilItWorks(follower::resume, () -> {});
    repeat(
        attempts,
        () -> {
          follower.round();
          access.renewIfDue();
        });
  }

  private void repeat(Attempts attempts, Attempts.Step round) throws InterruptedException {
    var used = new AtomicReference<>(access.credential());
    Attempts.Step noted =
        () -> {
          used.set(access.credential());
          round.run();
        };
    while (!attempts.isStopping()) {
      attempts.untilItWorks(noted, () -> access.mend(used.get()));
    }
  }

  /** Stops; what is queued stays queued, and what is under way is sent again the next time. */
  @Override
  public void close() {
    List<Thread> running;
    synchronized (this) {
      stopping.countDown();
      running = List.copyOf(threads);
      if (client != null) {
        client.close();
      }
    }
    running.forEach(Thread::interrupt);
    try {
      for (Thread thread : running) {
        thread.join(CLOSING.toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
