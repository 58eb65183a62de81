// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.gateway;

import dev.countersign.hub.device.HubDevice;
import dev.countersign.hub.pairing.Pairing;
import dev.countersign.hub.pairing.PairingDecision;
import dev.countersign.hub.pairing.TypedAttempt;
import dev.countersign.hub.phones.Phones;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.cbor.CborWriter;
import dev.countersign.protocol.pairing.HubId;
import dev.countersign.protocol.pairing.PairingRequest;
import dev.countersign.protocol.pairing.Spake2Answer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What a phone without a certificate may ask, over {@code cs-pair/1}. */
final class PairingRoutes implements HubListener.Routes {
  private final HubId hub;
  private final HubDevice device;
  private final Phones phones;
  private final Pairing pairing;
  private final List<byte[]> successions;

  PairingRoutes(
      HubId hub, HubDevice device, Phones phones, Pairing pairing, List<byte[]> successions) {
    this.hub = hub;
    this.device = device;
    this.phones = phones;
    this.pairing = pairing;
    this.successions = List.copyOf(successions);
  }

  @Override
  public HubAnswer answer(Peer peer, HubRequest request) throws IOException, MalformedException {
    return switch (request.method() + " " + request.path()) {
      case "GET /pair" -> status();
      case "POST /pair" -> pair(peer, request);
      case "POST /pair/code" -> share(peer, request);
      case "GET /successors" -> successors();
      default ->
          switch (request.path()) {
            case "/pair" -> Problem.method(List.of("GET", "POST"));
            case "/pair/code" -> Problem.method(List.of("POST"));
            case "/successors" -> Problem.method(List.of("GET"));
            default -> Problem.NOT_FOUND;
          };
    };
  }

  private HubAnswer status() {
    Optional<Duration> remaining = pairing.windowRemaining();
    return HubAnswer.json(
        HubAnswer.JSON
            .createObjectNode()
            .put("hubId", hub.toString())
            .put("model", device.model())
            .put("owned", phones.state().isOwned())
            .put("open", remaining.isPresent())
            .put("closesInSeconds", remaining.map(Duration::toSeconds).orElse(0L)));
  }

  private HubAnswer pair(Peer peer, HubRequest request) throws IOException, MalformedException {
    PairingRequest asked = PairingRequest.parse(request.body());
    if (asked.confirmation().isEmpty()) {
      return Problem.of(pairing.attempt(asked, peer.channelBinding()));
    }
    Optional<TypedAttempt> typed = peer.takeTyped();
    return Problem.of(
        typed.isPresent() ? pairing.attempt(asked, typed.get()) : new PairingDecision.Closed());
  }

  private HubAnswer share(Peer peer, HubRequest request) throws IOException, MalformedException {
    byte[] share = Spake2Answer.parseRequest(request.body());
    return switch (pairing.share(share, peer.channelBinding())) {
      case Pairing.Share.Refused(PairingDecision decision) -> Problem.of(decision);
      case Pairing.Share.Answered(Spake2Answer answer, TypedAttempt attempt) -> {
        peer.began(attempt);
        yield HubAnswer.cbor(answer.encode());
      }
    };
  }

  /** Signed by the keys before this one, so anybody may carry and read them. */
  private HubAnswer successors() {
    var list = new CborWriter().array(successions.size());
    successions.forEach(list::bytes);
    return HubAnswer.cbor(list.toByteArray());
  }
}
