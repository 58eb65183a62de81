// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub;

import dev.countersign.client.storage.StateDirectory;
import dev.countersign.hub.device.HubDevice;
import dev.countersign.hub.gateway.HubGateway;
import dev.countersign.hub.identity.HubIdentity;
import dev.countersign.hub.identity.HubIdentityFile;
import dev.countersign.hub.page.HubFacts;
import dev.countersign.hub.pairing.HubKeys;
import dev.countersign.hub.pairing.Pairing;
import dev.countersign.hub.phones.Phones;
import dev.countersign.hub.time.HubTime;
import dev.countersign.protocol.ReleaseTime;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A hub that runs: its identity, its list of phones, its port. A device's own program opens one
 * with its {@link HubDevice}, and shows on its screen what {@link #panel} says.
 *
 * <p>Safe for use by many threads.
 */
public final class Hub implements AutoCloseable {
  private static final String LIST = "phones.json";
  private static final long CLOSE_SECONDS = 5;

  private final StateDirectory directory;
  private final HubIdentity identity;
  private final HubFacts facts;
  private final Phones phones;
  private final Vertx vertx;
  private final HubGateway gateway;
  private final HubPanel panel;

  private Hub(
      StateDirectory directory,
      HubIdentity identity,
      HubFacts facts,
      Phones phones,
      Vertx vertx,
      HubGateway gateway,
      HubPanel panel) {
    this.directory = directory;
    this.identity = identity;
    this.facts = facts;
    this.phones = phones;
    this.vertx = vertx;
    this.gateway = gateway;
    this.panel = panel;
  }

  /**
   * Opens a hub that has been provisioned.
   *
   * @throws StateDirectory.InUseException if it runs already
   * @throws IOException if it has no identity, its files are damaged, or its port cannot be had
   */
  public static Hub open(HubOptions options, HubDevice device) throws IOException {
    StateDirectory directory = StateDirectory.open(options.state());
    try {
      HubIdentity identity =
          new HubIdentityFile(options.state())
              .load()
              .orElseThrow(() ->
                  new IOException(
                      options.state() + ": this hub has no identity; provision it first"));
      return open(options, device, directory, identity);
    } catch (IOException | RuntimeException e) {
      directory.close();
      throw e;
    }
  }

  private static Hub open(
      HubOptions options, HubDevice device, StateDirectory directory, HubIdentity identity)
      throws IOException {
    var random = new SecureRandom();
    Instant begin = identity.leaf().getNotBefore().toInstant();
    Phones phones = Phones.open(options.state().resolve(LIST), identity.id(), begin, random);
    Instant floor =
        Stream.of(begin, ReleaseTime.EARLIEST, phones.state().timeFloor().orElse(begin))
            .max(Instant::compareTo)
            .orElseThrow();
    var time = new HubTime(floor, System::nanoTime);
    var keys = new HubKeys(identity.id(), identity.keyHash(), identity.chain(), identity.label());
    var pairing = new Pairing(keys, phones, time, options.maxPhones(), random, System::nanoTime);
    var panel = new Panel(phones, pairing, begin);
    var securityLog = new SecurityLog();
    phones.listen(securityLog);
    pairing.listen(securityLog);
    HubFacts facts = MountedPage.facts(identity, options, device);
    Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    try {
      HubGateway gateway =
          HubGateway.open(
              vertx,
              new HubGateway.Parts(identity, device, phones, time, pairing),
              MountedPage.of(facts, panel),
              options.where(),
              options.limits());
      pairing.openAtFirstBoot();
      return new Hub(directory, identity, facts, phones, vertx, gateway, panel);
    } catch (IOException | RuntimeException e) {
      vertx.close();
      throw e;
    }
  }

  /** The port in use, also where 0 asked for any. */
  public int port() {
    return gateway.port();
  }

  public HubIdentity identity() {
    return identity;
  }

  /** What anybody may know of it. */
  public HubFacts facts() {
    return facts;
  }

  /** For the device's screen and its button. */
  public HubPanel panel() {
    return panel;
  }

  /** Ends it: connections are closed, and what is only in memory is kept. */
  @Override
  public void close() throws IOException {
    try {
      gateway.close();
      vertx
          .close()
          .toCompletionStage()
          .toCompletableFuture()
          .orTimeout(CLOSE_SECONDS, TimeUnit.SECONDS)
          .join();
    } catch (CompletionException e) {
      throw new IOException("the hub did not close in time", e);
    } finally {
      phones.flush();
      directory.close();
    }
  }
}
