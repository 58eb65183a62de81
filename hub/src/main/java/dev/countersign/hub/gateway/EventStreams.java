// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.gateway;

import dev.countersign.hub.device.HubDevice;
import dev.countersign.hub.pairing.PairingListener;
import dev.countersign.hub.phones.Phone;
import dev.countersign.hub.phones.PhoneAuthenticator;
import dev.countersign.hub.phones.PhoneAuthenticator.Verdict;
import dev.countersign.hub.phones.PhoneListener;
import dev.countersign.hub.phones.Phones;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.pairing.Role;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tells phones what happens (RFC 6455): the device's state, and to owners and admins who comes and
 * goes. Nothing a phone sends here does anything.
 */
final class EventStreams implements PhoneListener, PairingListener {
  static final int MAX_INCOMING_BYTES = 1024;

  private static final Logger log = LoggerFactory.getLogger(EventStreams.class);

  /** RFC 6455 §7.4.2: 4000 to 4999 are ours. */
  private static final short REMOVED = 4401;

  private static final short TOO_SLOW = 4408;

  private static final String PATH = "/v1/events";
  private static final int MAX_QUEUED_BYTES = 64 * 1024;
  private static final long PING_MILLIS = Duration.ofSeconds(30).toMillis();
  private static final long SILENT_NANOS = Duration.ofSeconds(60).toNanos();

  /** Long enough for the last message to leave before its connection is cut. */
  private static final long CUT_MILLIS = 100;

  /** The rest of the second within which a removed phone is cut off. */
  private static final long CUT_WAITING_MILLIS = 800;

  private final Vertx vertx;
  private final HubDevice device;
  private final Phones phones;
  private final PhoneAuthenticator authenticator;
  private final Connections connections;
  private final Map<ServerWebSocket, Stream> streams = new ConcurrentHashMap<>();
  private final AtomicBoolean stateIsDue = new AtomicBoolean();

  EventStreams(
      Vertx vertx,
      HubDevice device,
      Phones phones,
      PhoneAuthenticator authenticator,
      Connections connections) {
    this.vertx = vertx;
    this.device = device;
    this.phones = phones;
    this.authenticator = authenticator;
    this.connections = connections;
    vertx.setPeriodic(PING_MILLIS, timer -> ping());
    device.whenChanged(this::stateChanged);
  }

  /** One phone that listens. */
  private static final class Stream {
    private final Sha256 key;
    private final Peer peer;
    private volatile long heardNanos = System.nanoTime();

    Stream(Sha256 key, Peer peer) {
      this.key = key;
      this.peer = peer;
    }
  }

  /** Whether this is somebody who wants events. */
  boolean isFor(Peer peer, HttpServerRequest request) {
    return peer.protocol() == Protocol.PHONE
        && HubListener.path(request).equals(PATH)
        && "websocket".equalsIgnoreCase(request.getHeader("Upgrade"));
  }

  /** Opens the stream for a phone on the list. Called on the connection's event loop. */
  void open(Peer peer, HttpServerRequest request) {
    if (verdict(peer).filter(Verdict.Known.class::isInstance).isEmpty()) {
      HubAnswer refusal = verdict(peer).map(PhoneRoutes::refusal).orElse(Problem.UNAUTHORIZED);
      request.response().setStatusCode(refusal.status());
      refusal.headers().forEach(request.response()::putHeader);
      request.response().end(Buffer.buffer(refusal.body()));
      return;
    }
    Sha256 key = peer.certificate().map(PhoneRoutes::key).orElseThrow();
    request.toWebSocket().onSuccess(socket -> begin(socket, new Stream(key, peer)));
  }

  private Optional<Verdict> verdict(Peer peer) {
    return peer.certificate().map(authenticator::judge);
  }

  private void begin(ServerWebSocket socket, Stream stream) {
    socket.setWriteQueueMaxSize(MAX_QUEUED_BYTES);
    socket.pongHandler(pong -> stream.heardNanos = System.nanoTime());
    socket.exceptionHandler(e -> socket.close());
    socket.closeHandler(nothing -> streams.remove(socket));
    streams.put(socket, stream);
    if (find(stream.key).isEmpty()) {
      cut(socket, stream, REMOVED, "removed"); // between the handshake and here
      return;
    }
    Thread.startVirtualThread(() -> {
      synchronized (stateIsDue) {
        send(socket, stream, state());
      }
    });
  }

  private void stateChanged() {
    if (stateIsDue.compareAndSet(false, true)) {
      Thread.startVirtualThread(() -> {
        stateIsDue.set(false);
        // One after the other, so that no older state follows a newer one.
        synchronized (stateIsDue) {
          ObjectNode state = state();
          streams.forEach((socket, stream) -> send(socket, stream, state));
        }
      });
    }
  }

  private ObjectNode state() {
    ObjectNode node = HubAnswer.JSON.createObjectNode().put("type", "state");
    node.set("state", Views.state(device.state()));
    return node;
  }

  private void send(ServerWebSocket socket, Stream stream, ObjectNode message) {
    if (socket.isClosed()) {
      return;
    }
    if (socket.writeQueueFull()) {
      cut(socket, stream, TOO_SLOW, "too slow");
      return;
    }
    write(socket, message);
  }

  /** To one that may have gone away at this moment: the others, and its caller, are to go on. */
  private static void write(ServerWebSocket socket, ObjectNode message) {
    try {
      socket.writeTextMessage(message.toString());
    } catch (IllegalStateException e) {
      log.debug("stream_gone={}", e.toString());
    }
  }

  /** To owners and admins. */
  private void tell(ObjectNode message) {
    streams.forEach((socket, stream) -> {
      if (find(stream.key).filter(phone -> phone.role().includes(Role.ADMIN)).isPresent()) {
        send(socket, stream, message);
      }
    });
  }

  private Optional<Phone> find(Sha256 key) {
    return phones.find(key);
  }

  private void tellOfPhone(String change, Phone phone) {
    ObjectNode message =
        HubAnswer.JSON.createObjectNode().put("type", "phone").put("change", change);
    message.set("phone", Views.phone(phone));
    tell(message);
  }

  private void tellOfPairing(String change, int failures) {
    tell(
        HubAnswer.JSON
            .createObjectNode()
            .put("type", "pairing")
            .put("change", change)
            .put("failures", failures));
  }

  @Override
  public void paired(Phone phone) {
    tellOfPhone("paired", phone);
  }

  @Override
  public void changed(Phone phone) {
    tellOfPhone("changed", phone);
  }

  /** Cuts it off: its streams with a word, its other connections at once. */
  @Override
  public void removed(Phone phone) {
    tellOfPhone("removed", phone);
    streams.forEach((socket, stream) -> {
      if (stream.key.equals(phone.key())) {
        write(socket, HubAnswer.JSON.createObjectNode().put("type", "removed"));
        cut(socket, stream, REMOVED, "removed");
      }
    });
    vertx.setTimer(CUT_MILLIS, timer -> connections.of(phone.key()).forEach(this::cut));
  }

  /** At once, but who waits for an answer, such as the one to having removed itself, gets it. */
  private void cut(Peer peer) {
    if (peer.isWaiting()) {
      vertx.setTimer(CUT_WAITING_MILLIS, timer -> peer.close());
    } else {
      peer.close();
    }
  }

  /** With a word, and soon without: the other end need not agree, nor read it. */
  private void cut(ServerWebSocket socket, Stream stream, short code, String reason) {
    socket.close(code, reason);
    vertx.setTimer(CUT_MILLIS, timer -> stream.peer.close());
  }

  /** Cuts off who was on the list and is no more let in, such as a guest whose time is over. */
  void cutLapsed() {
    streams.forEach((socket, stream) -> {
      if (find(stream.key).filter(phone -> !authenticator.isLapsed(phone)).isEmpty()) {
        cut(socket, stream, REMOVED, "removed");
      }
    });
  }

  @Override
  public void opened() {
    tellOfPairing("opened", 0);
  }

  @Override
  public void failed(int failures) {
    tellOfPairing("failed", failures);
  }

  @Override
  public void burned() {
    tellOfPairing("burned", 0);
  }

  @Override
  public void closed(int failures) {
    tellOfPairing("closed", failures);
  }

  private static void ping(ServerWebSocket socket) {
    try {
      socket.writePing(Buffer.buffer());
    } catch (IllegalStateException e) {
      log.debug("stream_gone={}", e.toString());
    }
  }

  private void ping() {
    long now = System.nanoTime();
    streams.forEach((socket, stream) -> {
      if (now - stream.heardNanos > SILENT_NANOS) {
        stream.peer.close();
      } else {
        ping(socket);
      }
    });
  }
}
