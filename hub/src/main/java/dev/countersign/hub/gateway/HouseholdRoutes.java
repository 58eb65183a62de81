// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.gateway;

import dev.countersign.hub.pairing.Pairing;
import dev.countersign.hub.pairing.PairingDecision;
import dev.countersign.hub.pairing.Terms;
import dev.countersign.hub.phones.AuthenticatedPhone;
import dev.countersign.hub.phones.Change;
import dev.countersign.hub.phones.Phone;
import dev.countersign.hub.phones.Phones;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.SecretAccess;
import dev.countersign.protocol.pairing.PairingCode;
import dev.countersign.protocol.pairing.Role;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Who is on the list: phones, invitations, windows, the hub's next owner, the recovery card. */
final class HouseholdRoutes {
  private final Phones phones;
  private final Pairing pairing;

  HouseholdRoutes(Phones phones, Pairing pairing) {
    this.phones = phones;
    this.pairing = pairing;
  }

  Map<String, Map<String, PhoneRoutes.Route>> routes() {
    return Map.of(
        "/v1/phones", Map.of("GET", (phone, request) -> list(phone)),
        "/v1/window", Map.of("POST", this::open, "DELETE", (phone, request) -> close(phone)),
        "/v1/invitations", Map.of("POST", this::invite),
        "/v1/transfer", Map.of("POST", this::transfer),
        "/v1/recovery-card", Map.of("POST", (phone, request) -> recoveryCard(phone)));
  }

  Map<String, PhoneRoutes.Route> onePhone() {
    return Map.of("DELETE", this::remove, "PATCH", this::change);
  }

  private HubAnswer list(AuthenticatedPhone by) {
    var list = HubAnswer.JSON.createArrayNode();
    for (Phone phone : phones.all()) {
      if (by.role().includes(Role.ADMIN) || phone.key().equals(by.phone().key())) {
        list.add(Views.phone(phone));
      }
    }
    return HubAnswer.json(list);
  }

  private HubAnswer remove(AuthenticatedPhone by, HubRequest request) throws IOException {
    return answer(phones.remove(by, PhoneRoutes.phoneId(request)), phone -> HubAnswer.empty());
  }

  private HubAnswer change(AuthenticatedPhone by, HubRequest request)
      throws IOException, MalformedException {
    var fields = JsonFields.read(request, "name", "role", "expires");
    return answer(
        phones.change(
            by,
            PhoneRoutes.phoneId(request),
            fields.name("name"),
            fields.role("role"),
            fields.has("expires") ? Optional.of(fields.instant("expires")) : Optional.empty()),
        phone -> HubAnswer.json(Views.phone(phone)));
  }

  private static HubAnswer answer(Change change, Function<Phone, HubAnswer> done) {
    return switch (change) {
      case Change.Done(Phone phone) -> done.apply(phone);
      case Change.NoSuchPhone() -> Problem.NOT_FOUND;
      case Change.NotAllowed() ->
          Problem.role("an owner decides about everybody, an admin about users and guests");
      case Change.LastOwner() -> Problem.LAST_OWNER;
      case Change.NotForThisRole() -> Problem.malformed("expires: expected only for a guest");
    };
  }

  private HubAnswer open(AuthenticatedPhone by, HubRequest request)
      throws IOException, MalformedException {
    if (by.role() != Role.OWNER) {
      return Problem.role("only an owner adds phones; an admin may invite");
    }
    var fields = JsonFields.read(request, "role", "expires");
    Role role = fields.role("role").orElse(Role.USER);
    if (!by.role().isAbove(role)) {
      throw new MalformedException(
          "role", "expected admin, user or guest; owners are made by transfer");
    }
    Duration length = pairing.openFor(by, role, end(role, fields));
    return HubAnswer.json(
        HubAnswer.JSON.createObjectNode().put("closesInSeconds", length.toSeconds()));
  }

  private static Optional<Instant> end(Role role, JsonFields fields) throws MalformedException {
    Optional<Instant> expires = fields.instant("expires");
    if (expires.isPresent() && role != Role.GUEST) {
      throw new MalformedException("expires", "expected only for a guest");
    }
    return expires;
  }

  private HubAnswer close(AuthenticatedPhone by) {
    if (by.role() != Role.OWNER) {
      return Problem.role("only an owner closes the window");
    }
    pairing.close();
    return HubAnswer.empty();
  }

  private HubAnswer invite(AuthenticatedPhone by, HubRequest request) throws MalformedException {
    if (!by.role().includes(Role.ADMIN)) {
      return Problem.role("owners and admins invite");
    }
    var fields = JsonFields.read(request, "role", "expires");
    Role role = fields.role("role").orElse(Role.USER);
    if (!by.role().isAbove(role)) {
      return Problem.role("an invitation is for a role below one's own");
    }
    return invitation(
        new Terms(Terms.Occasion.ADDITION, role, Optional.of(by.phone().id()), end(role, fields)));
  }

  private HubAnswer invitation(Terms terms) {
    if (pairing.hasTooManyFailures()) {
      return Problem.of(new PairingDecision.Closed());
    }
    Optional<PairingCode> code = pairing.invite(terms);
    return code.isEmpty()
        ? HubAnswer.problem(
            409,
            "too-many-invitations",
            "Too many invitations are out",
            "they end after 10 minutes")
        : HubAnswer.json(
            201,
            HubAnswer.JSON
                .createObjectNode()
                .put("code", code.get().text(SecretAccess.insecure()))
                .put("validForSeconds", Pairing.invitationLength().toSeconds()));
  }

  private HubAnswer transfer(AuthenticatedPhone by, HubRequest request)
      throws IOException, MalformedException {
    if (by.role() != Role.OWNER) {
      return Problem.role("only an owner hands the hub on");
    }
    Optional<String> heir = JsonFields.read(request, "to").text("to");
    return heir.isPresent()
        ? answer(phones.transfer(by, heir.get()), phone -> HubAnswer.json(Views.phone(phone)))
        : invitation(
            new Terms(
                Terms.Occasion.TRANSFER,
                Role.OWNER,
                Optional.of(by.phone().id()),
                Optional.empty()));
  }

  private HubAnswer recoveryCard(AuthenticatedPhone by) throws IOException {
    Optional<PairingCode> card = pairing.newRecoveryCard(by);
    return card.isEmpty()
        ? Problem.role("only an owner prints a recovery card")
        : HubAnswer.json(
            201,
            HubAnswer.JSON
                .createObjectNode()
                .put("code", card.get().text(SecretAccess.insecure())));
  }
}
