// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.pairing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.hub.phones.AuthenticatedPhone;
import dev.countersign.hub.phones.Phone;
import dev.countersign.hub.phones.Phones;
import dev.countersign.protocol.SecretAccess;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.pairing.PairingCode;
import dev.countersign.protocol.pairing.PairingSecret;
import dev.countersign.protocol.pairing.Role;
import dev.countersign.protocol.x509.Certificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

final class PairingSequencesTest {
  private static final List<Role> ROLES = List.of(Role.OWNER, Role.ADMIN, Role.USER, Role.GUEST);

  /** What may happen in a household, in any order; the number says to whom. */
  enum Event {
    BUTTON,
    SCAN_SCREEN,
    SCAN_LABEL,
    SCAN_CARD,
    SCAN_INVITATION,
    SCAN_ANYTHING,
    CONFIRM,
    CONFIRM_ANY,
    INVITE,
    OFFER_HUB,
    OPEN_WINDOW,
    PRINT_CARD,
    REMOVE,
    REMOVE_AT_THE_HUB,
    CHANGE_ROLE,
    TRANSFER,
    WAIT_A_MOMENT,
    WAIT_LONG,
    RESTART,
    RESET
  }

  /** An event, and a number that says which phone, code or role. */
  record Step(Event event, int which) {}

  @Provide
  Arbitrary<Step> steps() {
    return Combinators.combine(Arbitraries.of(Event.class), Arbitraries.integers().between(0, 11))
        .as(Step::new);
  }

  @Property(tries = 80, shrinking = ShrinkingMode.BOUNDED)
  @Label("Whatever happens in a household, in any order, its list keeps its rules")
  void any_order(@ForAll @Size(min = 5, max = 40) List<@From("steps") Step> steps)
      throws Exception {
    Path directory = Files.createTempDirectory("household");
    try {
      new Household(new Room(directory)).live(steps);
    } finally {
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }

  @Property(tries = 20)
  @Label("Of any number of wrong secrets in a row, five are tried")
  void guesses(@ForAll @IntRange(min = 1, max = 12) int guesses) throws Exception {
    Path directory = Files.createTempDirectory("guesses");
    var room = new Room(directory);
    int tried = 0;
    for (int guess = 0; guess < guesses; guess++) {
      PairingDecision decision =
          new Visitor(room, "guesser").scan(PairingSecret.random(Room.RANDOM));
      tried += decision instanceof PairingDecision.Refused ? 1 : 0;
    }
    assertThat(tried).isEqualTo(Math.min(guesses, Pairing.MAX_FAILURES));
    Files.delete(room.file());
    Files.delete(directory);
  }

  /** Lives through a sequence of events and looks at the rules after each. */
  private static final class Household {
    private final Room room;
    private final List<Visitor> visitors = new ArrayList<>();
    private final List<PairingCode> codes = new ArrayList<>();
    private final Set<Sha256> confirmed = new HashSet<>();
    private final Map<String, Integer> uses = new HashMap<>();
    private Optional<Visitor> halfWay = Optional.empty();
    private Optional<PairingCode> card = Optional.empty();
    private long epoch = 1;
    private boolean owned;

    Household(Room room) {
      this.room = room;
    }

    void live(List<Step> steps) throws Exception {
      for (Step step : steps) {
        happen(step);
        lookAround(step);
      }
    }

    private void happen(Step step) throws Exception {
      int which = step.which();
      switch (step.event()) {
        case BUTTON -> room.pairing().pressButton();
        case SCAN_SCREEN -> {
          var screen = room.pairing().screen();
          if (screen.isPresent()) {
            codes.add(screen.get().code());
            scan(screen.get().code(), true);
          }
        }
        case SCAN_LABEL -> scan(room.pairing().label(), false);
        case SCAN_CARD -> {
          if (card.isPresent()) {
            scan(card.get(), false);
          }
        }
        case SCAN_INVITATION -> {
          if (!codes.isEmpty()) {
            scan(codes.get(which % codes.size()), true);
          }
        }
        case SCAN_ANYTHING -> new Visitor(room, "guesser").scan(PairingSecret.random(Room.RANDOM));
        case CONFIRM -> {
          if (halfWay.isPresent()) {
            confirm(halfWay.get());
          }
        }
        case CONFIRM_ANY -> {
          if (!visitors.isEmpty()) {
            confirm(visitors.get(which % visitors.size()));
          }
        }
        case INVITE -> invite(which, Terms.Occasion.ADDITION);
        case OFFER_HUB -> invite(which, Terms.Occasion.TRANSFER);
        case WAIT_A_MOMENT -> room.advance(Duration.ofSeconds(7L * which));
        case WAIT_LONG -> room.advance(Duration.ofMinutes(which));
        case RESTART -> room.restart();
        case RESET -> {
          room.pairing().reset(Room.BEGIN);
          epoch++;
          owned = false;
        }
        default -> decide(step);
      }
    }

    private void decide(Step step) throws Exception {
      Optional<AuthenticatedPhone> by = somebody(step.which());
      List<Phone> phones = room.phones().all();
      if (by.isEmpty()) {
        return;
      }
      Phone whom = phones.get(step.which() / 2 % phones.size());
      boolean byOwner = by.get().role() == Role.OWNER;
      switch (step.event()) {
        case REMOVE -> room.phones().remove(by.get(), whom.id());
        case REMOVE_AT_THE_HUB -> room.phones().remove(whom);
        case TRANSFER -> room.phones().transfer(by.get(), whom.id());
        case CHANGE_ROLE ->
            room.phones()
                .change(
                    by.get(),
                    whom.id(),
                    Optional.empty(),
                    Optional.of(ROLES.get(step.which() % 4)),
                    Optional.empty());
        case OPEN_WINDOW -> {
          if (byOwner) {
            room.pairing().openFor(by.get(), Role.ADMIN, Optional.empty());
          }
        }
        case PRINT_CARD -> {
          Optional<PairingCode> made = room.pairing().newRecoveryCard(by.get());
          assertThat(made.isPresent()).isEqualTo(byOwner);
          card = made.or(() -> card);
        }
        default -> throw new AssertionError(step);
      }
    }

    private void scan(PairingCode code, boolean once) throws Exception {
      var visitor = new Visitor(room, "phone " + visitors.size());
      if (visitor.scan(code) instanceof PairingDecision.Granted) {
        visitors.add(visitor);
        halfWay = Optional.of(visitor);
        if (once) {
          uses.merge(code.text(SecretAccess.insecure()), 1, Integer::sum);
        }
      }
    }

    private void confirm(Visitor visitor) throws IOException {
      Set<Sha256> before = Set.copyOf(room.phones().all().stream().map(Phone::key).toList());
      long then = room.phones().state().epoch();
      if (visitor.confirm() instanceof Pairing.Confirmation.Active(Phone phone)) {
        confirmed.add(phone.key());
        assertThat(phone.key()).isEqualTo(Certificates.keyHash(visitor.certificate()));
        assertThat(halfWay.filter(visitor::equals).isPresent() || before.contains(phone.key()))
            .as("only the phone that was paired last can still come in")
            .isTrue();
        if (room.phones().state().epoch() > then) {
          epoch++;
          assertThat(room.phones().all()).hasSize(1);
        }
      }
    }

    private void invite(int which, Terms.Occasion occasion) {
      Optional<AuthenticatedPhone> by = somebody(which);
      Role role = occasion == Terms.Occasion.TRANSFER ? Role.OWNER : ROLES.get(1 + which % 3);
      if (by.isPresent()
          && (occasion == Terms.Occasion.TRANSFER
              ? by.get().role() == Role.OWNER
              : by.get().role().includes(Role.ADMIN) && by.get().role().isAbove(role))) {
        var terms = new Terms(occasion, role, Optional.of(by.get().phone().id()), Optional.empty());
        room.pairing().invite(terms).ifPresent(codes::add);
      }
    }

    private Optional<AuthenticatedPhone> somebody(int which) {
      List<AuthenticatedPhone> here =
          visitors.stream().flatMap(visitor -> room.judge(visitor).stream()).toList();
      return here.isEmpty() ? Optional.empty() : Optional.of(here.get(which % here.size()));
    }

    private void lookAround(Step step) throws IOException {
      var state = room.phones().state();
      assertThat(!owned || state.isOwned()).as("an owned hub stays owned: %s", step).isTrue();
      owned = state.isOwned();
      assertThat(state.epoch()).as("%s", step).isEqualTo(epoch);
      assertThat(state.phones()).hasSizeLessThanOrEqualTo(Room.MAX_PHONES);
      assertThat(confirmed).containsAll(state.phones().stream().map(Phone::key).toList());
      assertThat(state.phones()).allMatch(phone -> phone.status() == Phone.Status.ACTIVE);
      assertThat(state.phones().isEmpty() || state.isOwned()).as("never masterless").isTrue();
      assertThat(uses.values()).as("a code pairs once").allMatch(count -> count == 1);
      var stored = Phones.open(room.file(), room.keys().id(), Room.BEGIN, Room.RANDOM).state();
      assertThat(stored.phones()).as("what is on disk: %s", step).isEqualTo(state.phones());
      assertThat(stored.epoch()).isEqualTo(state.epoch());
      assertThat(stored.failures()).isEqualTo(state.failures());
      assertThat(stored.recoveryCard().map(one -> one.bytes(SecretAccess.insecure())))
          .usingRecursiveComparison()
          .isEqualTo(state.recoveryCard().map(one -> one.bytes(SecretAccess.insecure())));
    }
  }
}
