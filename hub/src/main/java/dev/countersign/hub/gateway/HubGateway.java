// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.gateway;

import dev.countersign.hub.device.HubDevice;
import dev.countersign.hub.identity.HubIdentity;
import dev.countersign.hub.pairing.Pairing;
import dev.countersign.hub.phones.PhoneAuthenticator;
import dev.countersign.hub.phones.Phones;
import dev.countersign.hub.time.HubTime;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/** Opens the hub's port with everything behind it. */
public final class HubGateway implements AutoCloseable {
  /** How soon after its end a window is closed, and a guest cut off. */
  private static final long TICK_MILLIS = 500;

  private final HubListener listener;

  private HubGateway(HubListener listener) {
    this.listener = listener;
  }

  /** What is behind the port. */
  public record Parts(
      HubIdentity identity, HubDevice device, Phones phones, HubTime time, Pairing pairing) {}

  /**
   * Opens the port.
   *
   * @param page answers a browser
   * @throws IOException if the port cannot be had
   */
  public static HubGateway open(
      Vertx vertx,
      Parts parts,
      Function<HubRequest, HubAnswer> page,
      InetSocketAddress where,
      Limits limits)
      throws IOException {
    HubIdentity identity = parts.identity();
    var authenticator = new PhoneAuthenticator(parts.phones(), parts.time());
    var connections = new Connections(parts.phones(), limits);
    var events =
        new EventStreams(vertx, parts.device(), parts.phones(), authenticator, connections);
    parts.phones().listen(events);
    parts.pairing().listen(events);
    vertx.setPeriodic(
        TICK_MILLIS,
        timer ->
            Thread.startVirtualThread(() -> {
              parts.pairing().expire();
              events.cutLapsed();
            }));
    HubListener listener =
        HubListener.open(
            vertx,
            HubTls.of(identity.privateKey(), identity.chain(), limits.maxHandshakes()),
            where,
            Map.of(
                Protocol.PAIRING,
                new PairingRoutes(
                    identity.id(),
                    parts.device(),
                    parts.phones(),
                    parts.pairing(),
                    identity.successions()),
                Protocol.PHONE,
                phoneRoutes(parts, authenticator),
                Protocol.PAGE,
                (peer, request) -> page.apply(request)),
            connections,
            events,
            limits);
    return new HubGateway(listener);
  }

  private static PhoneRoutes phoneRoutes(Parts parts, PhoneAuthenticator authenticator) {
    HubIdentity identity = parts.identity();
    var about =
        new AboutRoutes(
            new AboutRoutes.About(identity.id(), identity.serial(), identity.keyCounter()),
            parts.device(),
            parts.phones(),
            parts.time());
    var household = new HouseholdRoutes(parts.phones(), parts.pairing());
    Map<String, Map<String, PhoneRoutes.Route>> routes = new HashMap<>();
    routes.putAll(about.routes());
    routes.putAll(new DeviceRoutes(parts.device()).routes());
    routes.putAll(household.routes());
    return new PhoneRoutes(
        identity.id(), authenticator, parts.pairing(), routes, household.onePhone());
  }

  /** The port in use, also where 0 asked for any. */
  public int port() {
    return listener.port();
  }

  @Override
  public void close() {
    listener.close();
  }
}
