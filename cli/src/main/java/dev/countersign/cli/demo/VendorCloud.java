// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.countersign.cli.remote.Json;
import dev.countersign.client.sealed.Carrier;
import dev.countersign.client.sealed.HttpCarrier;
import dev.countersign.client.transport.Transport;
import dev.countersign.protocol.Hexadecimal;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.sealed.SealedMessage;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A chip vendor's cloud, as it stands between devices and their server: each device has a module of
 * the vendor, and the cloud delivers what modules publish, signed with its account
 * (docs/protocol.md, Relay accounts). It can be told to do what it should not, once, and remembers
 * what it did.
 */
final class VendorCloud implements AutoCloseable {
  /** Where in the document that it delivers the token stands: the default of an account. */
  private static final String FIELD = "o";

  private final String account;
  private final byte[] secret;
  private final Transport server;
  private final Clock clock;
  private final List<String> seen = new ArrayList<>();
  private final Set<String> delivered = new HashSet<>();
  private final Map<String, Integer> acts = new TreeMap<>();
  private final Map<String, String> lastAnswers = new HashMap<>();
  private Trick next = this::deliver;
  private int deliveries;

  /** A message on its way. */
  record Parcel(String module, String token) {}

  /** What it does with the next message. */
  @FunctionalInterface
  interface Trick {
    /** Gives what the module gets to hear. */
    Transport.Response play(Parcel parcel) throws IOException;
  }

  /**
   * A cloud that is honest, so far.
   *
   * @param server without any credential; closed with this
   */
  VendorCloud(String account, byte[] secret, Transport server, Clock clock) {
    this.account = account;
    this.secret = secret;
    this.server = server;
    this.clock = clock;
  }

  /** How a device reaches its server by a module. */
  Carrier by(String module) {
    return HttpCarrier.json(new Module(module), "/", FIELD, SealedMessage.MAX_TOKEN_CHARS);
  }

  /** What a device is connected to. */
  private final class Module implements Transport {
    private final String name;

    Module(String name) {
      this.name = name;
    }

    @Override
    public Response exchange(Request request) throws IOException {
      return publish(name, Json.read(request.body()).path(FIELD).asString(""));
    }

    @Override
    public void close() {}
  }

  private Transport.Response publish(String module, String token) throws IOException {
    seen.add(token);
    Trick trick = next;
    next = this::deliver;
    Transport.Response answer = trick.play(new Parcel(module, token));
    seen.add(text(answer));
    return answer;
  }

  /** Does this with the next message, and is honest again. */
  void next(Trick trick) {
    next = trick;
  }

  /** Notes what it did, in the words of relay health. */
  void did(String act) {
    acts.merge(act, 1, Integer::sum);
  }

  /** Hands a message to the server, and keeps the answer. */
  Transport.Response deliver(Parcel parcel) throws IOException {
    byte[] body =
        Json.object()
            .put(FIELD, parcel.token())
            .put("device", parcel.module())
            .toString()
            .getBytes(UTF_8);
    String path = "/hook/" + account;
    Transport.Response answer =
        server.exchange(
            Transport.Request.of("POST", path, "application/json", body)
                .with("Countersign-Relay", signature(path, body)));
    if (!delivered.add(parcel.token())) {
      did("duplicated");
    }
    lastAnswers.put(parcel.module(), text(answer));
    return answer;
  }

  private String signature(String path, byte[] body) throws IOException {
    long seconds = clock.instant().getEpochSecond();
    String delivery = "d" + deliveries++;
    String signed = seconds + "." + delivery + "." + path + "." + Sha256.of(body).hex();
    try {
      Mac hmac = Mac.getInstance("HmacSHA256");
      hmac.init(new SecretKeySpec(secret, "HmacSHA256"));
      byte[] mac = hmac.doFinal(signed.getBytes(UTF_8));
      return "t=" + seconds + ",id=" + delivery + ",v1=" + Hexadecimal.encode(mac);
    } catch (GeneralSecurityException e) {
      throw new IOException("this platform has no HMAC to offer", e);
    }
  }

  static String text(Transport.Response answer) {
    return new String(answer.body(), UTF_8);
  }

  /** What the server said last to who came as this module. */
  String lastAnswer(String module) {
    return lastAnswers.getOrDefault(module, "");
  }

  /** Every message and answer that went through. */
  List<String> seen() {
    return List.copyOf(seen);
  }

  /** What it did to messages, how often, in the words of relay health. */
  Map<String, Integer> acts() {
    return Map.copyOf(acts);
  }

  @Override
  public void close() {
    server.close();
  }
}
