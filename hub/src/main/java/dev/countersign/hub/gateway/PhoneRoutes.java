// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.gateway;

import dev.countersign.hub.pairing.Pairing;
import dev.countersign.hub.phones.AuthenticatedPhone;
import dev.countersign.hub.phones.Phone;
import dev.countersign.hub.phones.PhoneAuthenticator;
import dev.countersign.hub.phones.PhoneAuthenticator.Verdict;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.pairing.HubId;
import dev.countersign.protocol.x509.Certificates;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What phones may ask, over {@code cs/1}. Turns each request's certificate into an {@link
 * AuthenticatedPhone}, without which no handler can be called; only the confirmation of a pairing
 * stands before that.
 */
final class PhoneRoutes implements HubListener.Routes {
  /** Answers a phone on the list. */
  @FunctionalInterface
  interface Route {
    HubAnswer answer(AuthenticatedPhone phone, HubRequest request)
        throws IOException, MalformedException;
  }

  private static final String CONFIRM = "/confirm";
  private static final String ONE_PHONE = "/v1/phones/";

  private final HubId hub;
  private final PhoneAuthenticator authenticator;
  private final Pairing pairing;
  private final Map<String, Map<String, Route>> routes;
  private final Map<String, Route> onePhone;

  /**
   * The routes.
   *
   * @param routes by path, then by method
   * @param onePhone by method, for {@code /v1/phones/ID}
   */
  PhoneRoutes(
      HubId hub,
      PhoneAuthenticator authenticator,
      Pairing pairing,
      Map<String, Map<String, Route>> routes,
      Map<String, Route> onePhone) {
    this.hub = hub;
    this.authenticator = authenticator;
    this.pairing = pairing;
    this.routes = Map.copyOf(routes);
    this.onePhone = Map.copyOf(onePhone);
  }

  static Sha256 key(X509Certificate certificate) {
    return Certificates.keyHash(certificate);
  }

  @Override
  public HubAnswer answer(Peer peer, HubRequest request) throws IOException, MalformedException {
    Optional<X509Certificate> certificate = peer.certificate();
    if (certificate.isEmpty()) {
      return Problem.UNAUTHORIZED;
    }
    if (request.path().equals(CONFIRM) && request.method().equals("POST")) {
      return confirm(certificate.get());
    }
    return switch (authenticator.judge(certificate.get())) {
      case Verdict.Known(AuthenticatedPhone phone) -> route(phone, request);
      case Verdict.Lapsed lapsed -> refusal(lapsed);
      case Verdict.Stranger stranger -> refusal(stranger);
    };
  }

  /** What is said to who is not let in. */
  static HubAnswer refusal(Verdict verdict) {
    return verdict instanceof Verdict.Lapsed(boolean certainly)
        ? HubAnswer.problem(
            403,
            certainly ? "access-ended" : "time-unknown",
            certainly ? "This guest's time is over" : "The hub does not know the time",
            certainly ? "ask an owner" : "an owner's phone has to connect and set it")
        : Problem.UNAUTHORIZED;
  }

  private HubAnswer confirm(X509Certificate certificate) throws IOException {
    return switch (pairing.confirm(certificate)) {
      case Pairing.Confirmation.Stranger() -> Problem.UNAUTHORIZED;
      case Pairing.Confirmation.Active(Phone phone) ->
          HubAnswer.json(
              HubAnswer.JSON
                  .createObjectNode()
                  .put("status", "active")
                  .put("role", phone.role().wireName())
                  .put("epoch", phone.epoch())
                  .put("phoneId", phone.id())
                  .put("hubId", hub.toString())
                  .put("name", phone.name()));
    };
  }

  private HubAnswer route(AuthenticatedPhone phone, HubRequest request)
      throws IOException, MalformedException {
    Map<String, Route> methods =
        request.path().startsWith(ONE_PHONE) ? onePhone : routes.get(request.path());
    if (methods == null) {
      return request.path().equals(CONFIRM) ? Problem.method(List.of("POST")) : Problem.NOT_FOUND;
    }
    Route route = methods.get(request.method());
    return route == null ? Problem.method(methods.keySet()) : route.answer(phone, request);
  }

  /** The id at the end of {@code /v1/phones/ID}. */
  static String phoneId(HubRequest request) {
    return request.path().substring(ONE_PHONE.length());
  }
}
