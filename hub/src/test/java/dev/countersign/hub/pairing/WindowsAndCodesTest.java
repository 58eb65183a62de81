// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.pairing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.hub.pairing.PairingDecision.Busy;
import dev.countersign.hub.pairing.PairingDecision.Closed;
import dev.countersign.hub.pairing.PairingDecision.Full;
import dev.countersign.hub.pairing.PairingDecision.Granted;
import dev.countersign.hub.pairing.PairingDecision.Refused;
import dev.countersign.hub.phones.Phone;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.pairing.PairingCode;
import dev.countersign.protocol.pairing.PairingSecret;
import dev.countersign.protocol.pairing.Role;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Who gets onto a hub's list, by a clock that a test turns")
class WindowsAndCodesTest {
  private static final Duration MOMENT = Duration.ofNanos(1);

  @TempDir private Path directory = Path.of("");
  private Room room;

  @BeforeEach
  void enter() throws Exception {
    room = new Room(directory);
  }

  private static Role role(Visitor visitor, Room room) {
    return room.known(visitor).role();
  }

  private Visitor stranger() {
    return new Visitor(room, "stranger");
  }

  @Test
  @DisplayName("a code is shown for half a minute, and pairs for a whole one")
  void screen_codes_rotate() throws Exception {
    PairingCode first = room.shown();
    room.advance(Duration.ofSeconds(30).minus(MOMENT));
    assertThat(room.shown().secret()).isEqualTo(first.secret());
    room.advance(MOMENT);
    PairingCode second = room.shown();
    assertThat(second.secret()).isNotEqualTo(first.secret());
    room.advance(Duration.ofSeconds(30).minus(MOMENT));
    assertThat(room.pairing().screen().orElseThrow().validFor())
        .isEqualTo(Duration.ofSeconds(30).plus(MOMENT));
    assertThat(stranger().scan(first)).isInstanceOf(Granted.class);
  }

  @Test
  @DisplayName("a screen's code pairs no more after a minute")
  void screen_codes_end() throws Exception {
    PairingCode first = room.shown();
    room.advance(Duration.ofSeconds(60));
    assertThat(stranger().scan(first)).isInstanceOf(Refused.class);
    assertThat(stranger().scan(room.shown())).isInstanceOf(Granted.class);
  }

  @Test
  @DisplayName("a window closes after two minutes, with its codes and its digits")
  void windows_end() throws Exception {
    room.advance(Duration.ofSeconds(119));
    PairingCode last = room.shown();
    Visitor visitor = stranger();
    Visitor.Typed typed = visitor.type(room.pairing().screen().orElseThrow().manual());
    room.advance(Duration.ofSeconds(1).minus(MOMENT));
    assertThat(room.pairing().windowRemaining()).contains(MOMENT);
    room.advance(MOMENT);
    assertThat(room.pairing().screen()).isEmpty();
    assertThat(stranger().scan(last)).isInstanceOf(Closed.class);
    assertThat(visitor.complete(typed)).isInstanceOf(Closed.class);
    assertThat(room.heard()).containsExactly("opened", "closed 1");
  }

  @Test
  @DisplayName("another window has other digits; those of the one before are worth nothing")
  void digits_are_new_with_each_window() throws Exception {
    Visitor visitor = stranger();
    Visitor.Typed typed = visitor.type(room.pairing().screen().orElseThrow().manual());
    room.pairing().pressButton();
    assertThat(visitor.complete(typed)).isInstanceOf(Closed.class);
  }

  @Test
  @DisplayName("an invitation lives ten minutes, for one phone")
  void invitations_end() throws Exception {
    Visitor owner = room.owner();
    PairingCode used = room.invitation(owner, Role.USER);
    PairingCode old = room.invitation(owner, Role.USER);
    room.advance(Duration.ofMinutes(10).minus(MOMENT));
    assertThat(role(room.paired("user", used), room)).isEqualTo(Role.USER);
    assertThat(stranger().scan(used)).isInstanceOf(Refused.class);
    room.advance(MOMENT);
    assertThat(stranger().scan(old)).isInstanceOf(Closed.class);
  }

  @Test
  @DisplayName("an invitation goes with the phone that gave it, and with its rank")
  void invitations_go_with_their_giver() throws Exception {
    Visitor owner = room.owner();
    Visitor admin = room.invited(owner, Role.ADMIN);
    PairingCode byAdmin = room.invitation(admin, Role.USER);
    Visitor halfWay = stranger();
    assertThat(halfWay.scan(room.invitation(admin, Role.GUEST))).isInstanceOf(Granted.class);
    String id = room.known(admin).phone().id();
    room.phones().remove(room.known(owner), id);
    assertThat(halfWay.confirm()).isInstanceOf(Pairing.Confirmation.Stranger.class);
    assertThat(stranger().scan(byAdmin)).isInstanceOf(Closed.class);

    Visitor second = room.invited(owner, Role.ADMIN);
    PairingCode before = room.invitation(second, Role.USER);
    room.phones()
        .change(
            room.known(owner),
            room.known(second).phone().id(),
            Optional.empty(),
            Optional.of(Role.USER),
            Optional.empty());
    assertThat(stranger().scan(before)).isInstanceOf(Closed.class);
  }

  @Test
  @DisplayName("a window goes with the owner that opened it")
  void windows_go_with_their_owner() throws Exception {
    Visitor owner = room.owner();
    Visitor heir = room.invited(owner, Role.ADMIN);
    room.pairing().openFor(room.known(owner), Role.ADMIN, Optional.empty());
    PairingCode shown = room.shown();
    room.phones().transfer(room.known(owner), room.known(heir).phone().id());
    assertThat(stranger().scan(shown)).isInstanceOf(Closed.class);
  }

  @Test
  @DisplayName("who does not confirm within a minute is not on the list, and the code is spent")
  void pending_ends() throws Exception {
    Visitor owner = room.owner();
    PairingCode code = room.invitation(owner, Role.USER);
    PairingCode next = room.invitation(owner, Role.USER);
    Visitor late = stranger();
    assertThat(late.scan(code)).isInstanceOf(Granted.class);
    room.advance(Duration.ofSeconds(60).minus(MOMENT));
    assertThat(stranger().scan(next)).isInstanceOf(Busy.class);
    room.advance(MOMENT);
    assertThat(late.confirm()).isInstanceOf(Pairing.Confirmation.Stranger.class);
    assertThat(room.phones().all()).hasSize(1);
    assertThat(stranger().scan(code)).isInstanceOf(Refused.class);
    assertThat(stranger().scan(next)).isInstanceOf(Granted.class);
  }

  @Test
  @DisplayName("who presses the button does not wait for a phone that did not get on")
  void button_gives_up_pending() throws Exception {
    Visitor late = stranger();
    late.scan(room.shown());
    room.pairing().pressButton();
    assertThat(stranger().scan(room.shown())).isInstanceOf(Granted.class);
    assertThat(late.confirm()).isInstanceOf(Pairing.Confirmation.Stranger.class);
  }

  @Test
  @DisplayName("a phone that confirms within the minute stays, however often it confirms")
  void confirmation_is_idempotent() throws Exception {
    Visitor owner = stranger();
    owner.scan(room.shown());
    room.advance(Duration.ofSeconds(60).minus(MOMENT));
    assertThat(owner.confirm()).isInstanceOf(Pairing.Confirmation.Active.class);
    room.advance(Duration.ofHours(1));
    assertThat(owner.confirm()).isEqualTo(owner.confirm());
    assertThat(room.phones().all())
        .extracting(Phone::status, Phone::role, Phone::epoch)
        .containsExactly(
            org.assertj.core.api.Assertions.tuple(Phone.Status.ACTIVE, Role.OWNER, 1L));
  }

  @Test
  @DisplayName("one phone at a time: another is told so, and nothing is counted")
  void one_at_a_time() throws Exception {
    Visitor owner = room.owner();
    Visitor first = stranger();
    PairingCode next = room.invitation(owner, Role.USER);
    assertThat(first.scan(room.invitation(owner, Role.USER))).isInstanceOf(Granted.class);
    room.pairing().openFor(room.known(owner), Role.USER, Optional.empty());
    assertThat(stranger().scan(next)).isInstanceOf(Busy.class);
    assertThat(stranger().type(room.pairing().screen().orElseThrow().manual()).share())
        .isEqualTo(new Pairing.Share.Refused(new Busy()));
    assertThat(room.phones().state().failures()).isZero();
    first.confirm();
    assertThat(stranger().scan(next)).isInstanceOf(Granted.class);
  }

  @Test
  @DisplayName("a window is for one phone")
  void window_is_for_one() throws Exception {
    PairingCode code = room.shown();
    room.paired("owner", code);
    assertThat(stranger().scan(code)).isInstanceOf(Closed.class);
    assertThat(room.pairing().screen()).isEmpty();
  }

  @Test
  @DisplayName("the label pairs after the button only, and as often as that is pressed")
  void label_needs_the_button() throws Exception {
    assertThat(stranger().scan(room.pairing().label()))
        .as("the window at first boot is for the screen")
        .isInstanceOf(Refused.class);
    room.pairing().pressButton();
    assertThat(role(room.paired("first", room.pairing().label()), room)).isEqualTo(Role.OWNER);
    assertThat(stranger().scan(room.pairing().label())).isInstanceOf(Closed.class);
    room.pairing().pressButton();
    assertThat(role(room.paired("second", room.pairing().label()), room)).isEqualTo(Role.USER);
    room.pairing()
        .openFor(room.known(room.paired("third", pressedCode())), Role.USER, Optional.empty());
  }

  private PairingCode pressedCode() throws Exception {
    room.pairing().pressButton();
    return room.pairing().label();
  }

  @Test
  @DisplayName("a window that an owner opened from afar is not for printed codes")
  void label_needs_somebody_there() throws Exception {
    Visitor owner = room.owner();
    PairingCode card = room.card(owner);
    room.pairing().openFor(room.known(owner), Role.USER, Optional.empty());
    assertThat(stranger().scan(room.pairing().label())).isInstanceOf(Refused.class);
    assertThat(stranger().scan(card)).isInstanceOf(Refused.class);
    assertThat(stranger().scan(room.shown())).isInstanceOf(Granted.class);
  }

  @Test
  @DisplayName("what is printed makes no owner once there is one, whenever the button was pressed")
  void label_makes_no_second_owner() throws Exception {
    Visitor first = stranger();
    first.scan(room.shown());
    room.pairing().pressButton(); // the hub is nobody's yet: this window makes an owner
    assertThat(first.confirm())
        .as("else there would be two")
        .isInstanceOf(Pairing.Confirmation.Stranger.class);
    assertThat(role(room.paired("second", room.pairing().label()), room)).isEqualTo(Role.OWNER);
    room.pairing().pressButton();
    assertThat(room.shown().role()).isEqualTo(Role.USER);
    assertThat(role(room.paired("third", room.pairing().label()), room)).isEqualTo(Role.USER);
  }

  @Test
  @DisplayName("a recovery card makes an owner once, after the button; another voids it")
  void recovery_card() throws Exception {
    Visitor owner = room.owner();
    PairingCode void1 = room.card(owner);
    PairingCode card = room.card(owner);
    assertThat(stranger().scan(card)).isInstanceOf(Closed.class);
    room.pairing().pressButton();
    assertThat(stranger().scan(void1)).isInstanceOf(Refused.class);
    Visitor late = stranger();
    assertThat(late.scan(card)).isInstanceOf(Granted.class);
    room.advance(Duration.ofSeconds(60));
    assertThat(late.confirm()).isInstanceOf(Pairing.Confirmation.Stranger.class);
    room.pairing().pressButton();
    Visitor back = room.paired("back", card);
    assertThat(role(back, room)).isEqualTo(Role.OWNER);
    assertThat(room.phones().all()).hasSize(2);
    room.restart();
    room.pairing().pressButton();
    assertThat(stranger().scan(card)).as("spent, also after a restart").isInstanceOf(Refused.class);
  }

  @Test
  @DisplayName("handing over by a code removes all others in a new epoch, once it is confirmed")
  void transfer() throws Exception {
    Visitor owner = room.owner();
    Visitor user = room.invited(owner, Role.USER);
    PairingCode card = room.card(owner);
    PairingCode invitation = room.invitation(owner, Role.ADMIN);
    Visitor buyer = stranger();
    assertThat(buyer.scan(room.transfer(owner))).isInstanceOf(Granted.class);
    assertThat(room.phones().all()).as("nothing before it is confirmed").hasSize(2);
    assertThat(room.phones().state().epoch()).isEqualTo(1);
    buyer.confirm();
    assertThat(room.phones().state().epoch()).isEqualTo(2);
    assertThat(room.phones().all())
        .extracting(Phone::role, Phone::epoch)
        .containsExactly(org.assertj.core.api.Assertions.tuple(Role.OWNER, 2L));
    assertThat(room.judge(owner)).isEmpty();
    assertThat(room.judge(user)).isEmpty();
    assertThat(owner.confirm()).isInstanceOf(Pairing.Confirmation.Stranger.class);
    assertThat(stranger().scan(invitation)).isInstanceOf(Closed.class);
    room.pairing().pressButton();
    assertThat(stranger().scan(card)).isInstanceOf(Refused.class);
  }

  @Test
  @DisplayName("who is no owner any more cannot hand the hub over with a code from before")
  void transfer_of_a_former_owner() throws Exception {
    Visitor owner = room.owner();
    Visitor heir = room.invited(owner, Role.USER);
    PairingCode code = room.transfer(owner);
    room.phones().transfer(room.known(owner), room.known(heir).phone().id());
    assertThat(stranger().scan(code)).isInstanceOf(Closed.class);
  }

  @Test
  @DisplayName("five wrong secrets close everything, also after a restart, until the button")
  void five_failures() throws Exception {
    Visitor owner = room.owner();
    PairingCode invitation = room.invitation(owner, Role.USER);
    room.pairing().pressButton();
    room.heard().clear();
    for (int failures = 1; failures <= 5; failures++) {
      assertThat(stranger().scan(PairingSecret.random(Room.RANDOM))).isInstanceOf(Refused.class);
      assertThat(room.phones().state().failures()).isEqualTo(failures);
    }
    assertThat(room.heard())
        .containsExactly("failed 1", "failed 2", "failed 3", "failed 4", "failed 5", "closed 5");
    assertThat(room.pairing().screen()).isEmpty();
    assertThat(stranger().scan(invitation)).isInstanceOf(Closed.class);
    room.restart();
    assertThat(room.phones().state().failures()).isEqualTo(5);
    assertThat(stranger().scan(room.invitation(owner, Role.USER))).isInstanceOf(Closed.class);
    room.pairing().pressButton();
    assertThat(room.phones().state().failures()).isZero();
    assertThat(stranger().scan(room.shown())).isInstanceOf(Granted.class);
  }

  @Test
  @DisplayName("a hub of nobody at which somebody guessed opens no window at boot")
  void boot_after_guesses() throws Exception {
    for (int failures = 1; failures <= 4; failures++) {
      stranger().scan(PairingSecret.random(Room.RANDOM));
      room.restart();
    }
    assertThat(room.pairing().screen()).isPresent();
    stranger().scan(PairingSecret.random(Room.RANDOM));
    room.restart();
    assertThat(room.pairing().screen()).isEmpty();
  }

  @Test
  @DisplayName("a typed code counts as a failure before it is answered, until it proves right")
  void typed_codes_are_counted_first() throws Exception {
    Visitor visitor = stranger();
    var manual = room.pairing().screen().orElseThrow().manual();
    Visitor.Typed left = visitor.type(manual);
    assertThat(left.share()).isInstanceOf(Pairing.Share.Answered.class);
    assertThat(room.phones().state().failures()).isEqualTo(1);
    Visitor.Typed wrong = stranger().type(manual);
    assertThat(stranger().guess(wrong)).isInstanceOf(Refused.class);
    assertThat(stranger().guess(wrong)).as("one guess for each share").isInstanceOf(Closed.class);
    assertThat(room.phones().state().failures()).isEqualTo(2);
    Visitor.Typed right = visitor.type(manual);
    assertThat(visitor.complete(right)).isInstanceOf(Granted.class);
    assertThat(room.phones().state().failures()).isEqualTo(2);
    visitor.confirm();
    assertThat(room.phones().state().failures()).as("somebody trusted came in").isZero();
  }

  @Test
  @DisplayName("who goes away after each answer has five guesses as well")
  void shares_are_guesses() throws Exception {
    var manual = room.pairing().screen().orElseThrow().manual();
    for (int failures = 1; failures <= 5; failures++) {
      assertThat(stranger().type(manual).share()).isInstanceOf(Pairing.Share.Answered.class);
    }
    assertThat(stranger().type(manual).share()).isEqualTo(new Pairing.Share.Refused(new Closed()));
    assertThat(room.pairing().screen()).isEmpty();
    assertThat(room.heard()).contains("closed 5");
  }

  @Test
  @DisplayName("the list has an end, which is told before anything is spent")
  void full_list() throws Exception {
    Visitor owner = room.owner();
    for (int count = 1; count < Room.MAX_PHONES; count++) {
      room.invited(owner, Role.USER);
    }
    PairingCode one = room.invitation(owner, Role.USER);
    assertThat(stranger().scan(one)).isInstanceOf(Full.class);
    room.phones().remove(room.phones().all().getLast());
    assertThat(stranger().scan(one)).isInstanceOf(Granted.class);
  }

  @Test
  @DisplayName("eight invitations are out at most; time makes room")
  void invitations_are_limited() throws Exception {
    Visitor owner = room.owner();
    for (int count = 0; count < 8; count++) {
      room.invitation(owner, Role.USER);
    }
    var terms = new Terms(Terms.Occasion.ADDITION, Role.USER, Optional.empty(), Optional.empty());
    assertThat(room.pairing().invite(terms)).isEmpty();
    room.advance(Duration.ofMinutes(10));
    assertThat(room.pairing().invite(terms)).isPresent();
  }

  @Test
  @DisplayName("a key is on the list once")
  void known_key() throws Exception {
    Visitor owner = room.owner();
    PairingCode code = room.invitation(owner, Role.ADMIN);
    var again = new Visitor(room, "again", owner.keys());
    assertThatThrownBy(() -> again.scan(code)).isInstanceOf(MalformedException.class);
    assertThat(stranger().scan(code)).as("nothing was spent").isInstanceOf(Granted.class);
  }

  @Test
  @DisplayName("a reset ends what was under way, and the label pairs after the button")
  void reset() throws Exception {
    Visitor owner = room.owner();
    PairingCode card = room.card(owner);
    PairingCode invitation = room.invitation(owner, Role.USER);
    Visitor halfWay = stranger();
    halfWay.scan(room.invitation(owner, Role.USER));
    room.pairing().reset(Room.BEGIN);
    assertThat(room.phones().state().epoch()).isEqualTo(2);
    assertThat(halfWay.confirm()).isInstanceOf(Pairing.Confirmation.Stranger.class);
    assertThat(room.judge(owner)).isEmpty();
    assertThat(stranger().scan(invitation)).isInstanceOf(Refused.class);
    assertThat(stranger().scan(room.pairing().label())).isInstanceOf(Refused.class);
    room.pairing().pressButton();
    assertThat(stranger().scan(card)).isInstanceOf(Refused.class);
    Visitor next = room.paired("next", room.pairing().label());
    assertThat(room.known(next).phone().epoch()).isEqualTo(2);
    assertThat(role(next, room)).isEqualTo(Role.OWNER);
  }

  @Test
  @DisplayName("a restart voids the window, codes, invitations and the pairing under way")
  void restart() throws Exception {
    PairingCode shown = room.shown();
    Visitor halfWay = stranger();
    halfWay.scan(shown);
    room.restart();
    assertThat(halfWay.confirm()).isInstanceOf(Pairing.Confirmation.Stranger.class);
    assertThat(stranger().scan(shown)).isInstanceOf(Refused.class);
    Visitor owner = room.owner();
    PairingCode invitation = room.invitation(owner, Role.USER);
    room.restart();
    assertThat(room.pairing().screen()).as("it is somebody's now").isEmpty();
    assertThat(stranger().scan(invitation)).isInstanceOf(Closed.class);
    assertThat(role(owner, room)).isEqualTo(Role.OWNER);
  }
}
