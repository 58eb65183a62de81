// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.systemd;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Socket;
import io.vertx.core.transport.Transport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Listening sockets that were opened before this process began, for listeners that open one after
 * the other. Connections that came meanwhile wait in them: a restart refuses nobody.
 */
public final class InheritedSockets {
  /** sd_listen_fds(3): the first one is always this. */
  private static final int FIRST = 3;

  private static final int MOST = 64;

  /** Nobody opened any. */
  public static final InheritedSockets NONE = new InheritedSockets(List.of(), null);

  /**
   * A socket that nobody has taken yet.
   *
   * @param name given by FileDescriptorName=, else the name of the unit
   */
  private record Offer(int descriptor, String name, int port) {}

  private final List<Offer> offers;
  private final @Nullable AdoptingTransport transport;

  private InheritedSockets(List<Offer> offers, @Nullable AdoptingTransport transport) {
    this.offers = new ArrayList<>(offers);
    this.transport = transport;
  }

  /**
   * What the environment tells of sockets for this process.
   *
   * @param processId this process: others' sockets are not ours
   * @throws IOException if there are some that cannot be taken; the message says what to do
   */
  public static InheritedSockets of(Map<String, String> environment, long processId)
      throws IOException {
    if (!Long.toString(processId).equals(environment.get("LISTEN_PID"))) {
      return NONE;
    }
    String count = environment.getOrDefault("LISTEN_FDS", "");
    if (!count.matches("\\d{1,2}") || Integer.parseInt(count) > MOST) {
      throw new IOException(
          "LISTEN_FDS: expected a number up to " + MOST + ", got '" + count + "'");
    }
    if (Integer.parseInt(count) == 0) {
      return NONE;
    }
    if (!Epoll.isAvailable()) {
      throw new IOException(
          "systemd passed sockets, and they cannot be taken on this platform ("
              + Epoll.unavailabilityCause()
              + "); disable countersign.socket, and the server opens its own");
    }
    String[] names = environment.getOrDefault("LISTEN_FDNAMES", "").split(":", -1);
    var offers = new ArrayList<Offer>();
    for (int i = 0; i < Integer.parseInt(count); i++) {
      int descriptor = FIRST + i;
      NonBlocking.set(descriptor);
      InetSocketAddress address = new Socket(descriptor).localAddress();
      if (address == null) {
        throw new IOException(
            "socket " + descriptor + " from systemd: expected a TCP socket, ListenStream=PORT");
      }
      offers.add(new Offer(descriptor, i < names.length ? names[i] : "", address.getPort()));
    }
    return new InheritedSockets(offers, new AdoptingTransport());
  }

  /** What Vert.x has to be built with for that; empty if there is nothing to take. */
  public Optional<Transport> transport() {
    return Optional.ofNullable(transport);
  }

  /**
   * Makes the listener that opens next take its socket, if there is one: by its name, else by the
   * port it is going to listen on.
   *
   * @return the port it will be on then
   */
  public int next(String listener, int port) {
    Offer offer =
        offers.stream()
            .filter(o -> o.name().equals(listener))
            .findFirst()
            .or(() -> offers.stream().filter(o -> o.port() == port).findFirst())
            .orElse(null);
    if (offer == null || transport == null) {
      return port;
    }
    offers.remove(offer);
    transport.adoptNext(offer.descriptor());
    return offer.port();
  }

  /**
   * Ends the taking.
   *
   * @throws IOException if a socket is left that no listener wanted: nobody would answer on it
   */
  public void requireAllTaken() throws IOException {
    if (!offers.isEmpty()) {
      throw new IOException(
          "systemd listens on port "
              + offers.getFirst().port()
              + ", and no listener is for it; use the ports of countersign.yaml in"
              + " countersign.socket, or FileDescriptorName= with a listener's name");
    }
  }
}
