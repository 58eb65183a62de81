// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.control;

import dev.countersign.client.http.HubJson;
import dev.countersign.client.hub.HubAddress;
import dev.countersign.client.hub.HubConnection;
import dev.countersign.client.hub.HubRefusedException;
import dev.countersign.client.pairing.HubReach;
import dev.countersign.client.pairing.HubReach.Reached;
import dev.countersign.client.pairing.StoredHub;
import dev.countersign.client.transport.Transport.Request;
import dev.countersign.client.transport.Transport.Response;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.Scalar;
import dev.countersign.protocol.pairing.PairingCode;
import dev.countersign.protocol.pairing.Role;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A paired phone at its hub. Keeps one connection open and makes a new one when it has ended; each
 * is judged like the first. Safe for use by many threads, one exchange at a time.
 *
 * <p>Every method throws {@link RemovedFromHubException} when the hub does not know this phone any
 * more, {@link HubRefusedException} when it says no, another {@link ProtocolException} when it is
 * not the hub that is meant or speaks nonsense, and {@link IOException} when it cannot be reached.
 */
public final class HubSession implements AutoCloseable {
  private static final Duration ANSWER = Duration.ofSeconds(10);
  private static final int UNAUTHORIZED = 401;
  private static final String PHONE_ID = "[0-9a-f]{16}";

  private final HubReach reach;
  private final HubAddress address;
  private StoredHub hub;
  private volatile @Nullable HubConnection connection;
  private volatile boolean closed;

  private HubSession(HubReach reach, HubAddress address, StoredHub hub) {
    this.reach = reach;
    this.address = address;
    this.hub = hub;
  }

  /** Connects, and asks whether the hub knows this phone. */
  public static HubSession open(HubReach reach, StoredHub hub, HubAddress address)
      throws IOException, ProtocolException, GeneralSecurityException {
    var session = new HubSession(reach, address, hub);
    try {
      session.status();
      return session;
    } catch (IOException | ProtocolException | GeneralSecurityException | RuntimeException e) {
      session.close();
      throw e;
    }
  }

  /** What is stored of the hub, with the key that it has now. */
  public synchronized StoredHub hub() {
    return hub;
  }

  /** What the hub says of itself and of this phone. */
  public HubStatus status() throws IOException, ProtocolException, GeneralSecurityException {
    return HubStatus.read(HubJson.read(exchange(get("/v1/hub"))));
  }

  /** The state, by name. */
  public Map<String, Scalar> state()
      throws IOException, ProtocolException, GeneralSecurityException {
    return HubJson.scalars(HubJson.read(exchange(get("/v1/state"))));
  }

  /** What the hub can be told to do. */
  public List<HubCommand> commands()
      throws IOException, ProtocolException, GeneralSecurityException {
    var commands = new ArrayList<HubCommand>();
    for (JsonNode each : HubJson.readList(exchange(get("/v1/commands")))) {
      commands.add(HubCommand.read(each));
    }
    return List.copyOf(commands);
  }

  /** Gives a command, and returns the state after it. Not repeated if the connection breaks. */
  public Map<String, Scalar> command(String name, Scalar value)
      throws IOException, ProtocolException, GeneralSecurityException {
    ObjectNode body = HubJson.object();
    body.putPOJO(name, value.json());
    return HubJson.scalars(HubJson.read(exchange(request("POST", "/v1/commands", body))));
  }

  /** Follows what happens, over a connection of its own. */
  public HubEvents events() throws IOException, ProtocolException, GeneralSecurityException {
    HubConnection own = reach();
    try {
      return HubEvents.open(own, address, hub().id());
    } catch (IOException | ProtocolException | RuntimeException e) {
      own.close();
      throw e;
    }
  }

  /** The list of phones; users and guests see themselves. */
  public List<ListedPhone> phones()
      throws IOException, ProtocolException, GeneralSecurityException {
    var phones = new ArrayList<ListedPhone>();
    for (JsonNode each : HubJson.readList(exchange(get("/v1/phones")))) {
      phones.add(ListedPhone.read(each));
    }
    return List.copyOf(phones);
  }

  /** Removes a phone from the list; its connections end within a second. */
  public void remove(String phoneId)
      throws IOException, ProtocolException, GeneralSecurityException {
    exchange(request("DELETE", path(phoneId), HubJson.object()));
  }

  /** Changes a phone on the list. */
  public void change(String phoneId, PhoneChange change)
      throws IOException, ProtocolException, GeneralSecurityException {
    exchange(request("PATCH", path(phoneId), change.json()));
  }

  /** Makes a code for another phone, of a role below this one's. */
  public Invitation invite(Role role, Optional<Instant> expires)
      throws IOException, ProtocolException, GeneralSecurityException {
    return Invitation.read(
        HubJson.read(exchange(request("POST", "/v1/invitations", admission(role, expires)))));
  }

  /**
   * Lets the hub's screen show codes for a phone of this role.
   *
   * @return how long
   */
  public Duration openWindow(Role role, Optional<Instant> expires)
      throws IOException, ProtocolException, GeneralSecurityException {
    JsonNode answer =
        HubJson.read(exchange(request("POST", "/v1/window", admission(role, expires))));
    return Duration.ofSeconds(answer.path("closesInSeconds").asLong(0));
  }

  /** Ends that. */
  public void closeWindow() throws IOException, ProtocolException, GeneralSecurityException {
    exchange(request("DELETE", "/v1/window", HubJson.object()));
  }

  /** Makes another phone on the list the owner, and this one an admin. */
  public void transferTo(String phoneId)
      throws IOException, ProtocolException, GeneralSecurityException {
    ObjectNode body = HubJson.object();
    body.put("to", requirePhoneId(phoneId));
    exchange(request("POST", "/v1/transfer", body));
  }

  /**
   * Makes a code for the next owner. When that phone has paired, every other one is removed, this
   * one too.
   */
  public Invitation transfer() throws IOException, ProtocolException, GeneralSecurityException {
    return Invitation.read(
        HubJson.read(exchange(request("POST", "/v1/transfer", HubJson.object()))));
  }

  /** Makes a recovery card, and voids the one before. To be printed; it is not kept here. */
  public PairingCode recoveryCard()
      throws IOException, ProtocolException, GeneralSecurityException {
    JsonNode answer =
        HubJson.read(exchange(request("POST", "/v1/recovery-card", HubJson.object())));
    return PairingCode.parse(HubJson.text(answer, "code"));
  }

  /**
   * Tells the hub the time. It advances only.
   *
   * @return the hub's time now
   */
  public Instant setTime(Instant time)
      throws IOException, ProtocolException, GeneralSecurityException {
    ObjectNode body = HubJson.object();
    body.put("time", time.toString());
    return HubJson.instant(HubJson.read(exchange(request("PUT", "/v1/time", body))), "time")
        .orElseThrow(() -> new MalformedException("time", "expected a time"));
  }

  private static ObjectNode admission(Role role, Optional<Instant> expires) {
    ObjectNode body = HubJson.object();
    body.put("role", role.wireName());
    body.put("expires", expires.map(Instant::toString).orElse(null));
    return body;
  }

  private static String path(String phoneId) {
    return "/v1/phones/" + requirePhoneId(phoneId);
  }

  private static String requirePhoneId(String phoneId) {
    if (!phoneId.matches(PHONE_ID)) {
      throw new IllegalArgumentException("phone id: expected 16 hexadecimal digits");
    }
    return phoneId;
  }

  private static Request get(String path) {
    return Request.get(path).within(ANSWER);
  }

  private static Request request(String method, String path, ObjectNode body) {
    return HubJson.request(method, path, body).within(ANSWER);
  }

  private synchronized Response exchange(Request request)
      throws IOException, ProtocolException, GeneralSecurityException {
    HubConnection kept = connection;
    HubConnection current = kept == null ? reach() : kept;
    connection = current;
    if (closed) {
      drop();
      throw new IOException("closed");
    }
    Response answer;
    try {
      answer = current.exchange(request);
    } catch (IOException e) {
      drop();
      // RFC 9112 §9.3.1: the hub may have closed an idle connection at the same moment.
      if (kept != null && request.method().equals("GET") && current.isUnanswered() && !closed) {
        return exchange(request);
      }
      throw e;
    }
    if (answer.header("Connection").orElse("").equalsIgnoreCase("close")) {
      drop();
    }
    return accepted(answer);
  }

  private Response accepted(Response answer) throws RemovedFromHubException, HubRefusedException {
    if (answer.status() == UNAUTHORIZED) {
      drop();
      throw new RemovedFromHubException(hub.id());
    }
    if (answer.status() < 200 || answer.status() >= 300) {
      throw HubConnection.refusal(answer);
    }
    return answer;
  }

  private synchronized HubConnection reach()
      throws IOException, ProtocolException, GeneralSecurityException {
    if (closed) {
      throw new IOException("closed");
    }
    Reached reached = reach.control(hub, address);
    hub = reached.hub();
    return reached.connection();
  }

  private void drop() {
    HubConnection last = connection;
    connection = null;
    if (last != null) {
      last.close();
    }
  }

  /** Ends it, also in the middle of an exchange, which then fails. */
  @Override
  public void close() {
    closed = true;
    drop();
  }
}
