// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.phones;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.protocol.pairing.PairingSecret;
import dev.countersign.protocol.pairing.Role;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A hub's list of phones")
class PhonesTest {
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

  @TempDir private Path directory = Path.of("");
  private Path file;
  private Phones phones;
  private final List<String> heard = new ArrayList<>();

  @BeforeEach
  void open() throws IOException {
    file = directory.resolve("phones.json");
    phones = TestPhones.open(file);
    phones.listen(
        new PhoneListener() {
          @Override
          public void paired(Phone phone) {
            heard.add("paired " + phone.name());
          }

          @Override
          public void changed(Phone phone) {
            heard.add("changed " + phone.name() + " " + phone.role().wireName());
          }

          @Override
          public void removed(Phone phone) {
            heard.add("removed " + phone.name());
          }
        });
  }

  private Phone add(String name, Role role) throws IOException {
    Phone phone = TestPhones.phone(name, role);
    phones.add(phone);
    return phone;
  }

  private static AuthenticatedPhone as(Phone phone) {
    return new AuthenticatedPhone(phone);
  }

  private Change makeRole(Phone by, Phone whom, Role role) throws Exception {
    return phones.change(as(by), whom.id(), Optional.empty(), Optional.of(role), Optional.empty());
  }

  /** What the table of docs/protocol.md says, once more in other words. */
  private static boolean mayRemove(Role by, Role whom) {
    return switch (by) {
      case OWNER -> true;
      case ADMIN -> whom == Role.USER || whom == Role.GUEST;
      case USER, GUEST -> false;
    };
  }

  @Test
  @DisplayName("who may remove whom: an owner anybody, an admin users and guests, others nobody")
  void removal_by_role() throws Exception {
    add("owner who stays", Role.OWNER);
    for (Role by : Role.values()) {
      for (Role whom : Role.values()) {
        Phone remover = add("by", by);
        Phone other = add("whom", whom);
        Change change = phones.remove(as(remover), other.id());
        assertThat(change)
            .as("%s removes %s", by, whom)
            .isInstanceOf(mayRemove(by, whom) ? Change.Done.class : Change.NotAllowed.class);
        assertThat(phones.find(other.key()).isPresent()).isEqualTo(!mayRemove(by, whom));
        assertThat(phones.remove(as(remover), remover.id())).isInstanceOf(Change.Done.class);
      }
    }
  }

  @Test
  @DisplayName("who may make whom what: both the role before and the one after count")
  void change_by_role() throws Exception {
    add("owner who stays", Role.OWNER);
    for (Role by : Role.values()) {
      for (Role before : Role.values()) {
        for (Role after : Role.values()) {
          Phone decider = add("by", by);
          Phone other = add("whom", before);
          boolean may = mayRemove(by, before) && mayRemove(by, after);
          assertThat(makeRole(decider, other, after))
              .as("%s makes %s %s", by, before, after)
              .isInstanceOf(may ? Change.Done.class : Change.NotAllowed.class);
          assertThat(phones.find(other.key()).map(Phone::role)).contains(may ? after : before);
          phones.remove(as(decider), decider.id());
        }
      }
    }
  }

  @Test
  @DisplayName("nobody raises itself, and everybody may change its own name")
  void oneself() throws Exception {
    add("owner", Role.OWNER);
    for (Role role : List.of(Role.ADMIN, Role.USER, Role.GUEST)) {
      Phone phone = add("me", role);
      assertThat(makeRole(phone, phone, Role.OWNER)).isInstanceOf(Change.NotAllowed.class);
      var renamed =
          phones.change(
              as(phone), phone.id(), Optional.of("I"), Optional.empty(), Optional.empty());
      assertThat(renamed).isInstanceOf(Change.Done.class);
      assertThat(phones.find(phone.key()).orElseThrow().name()).isEqualTo("I");
    }
  }

  @Test
  @DisplayName("the last owner stays: removed by itself, by the panel, or made something else")
  void last_owner() throws Exception {
    Phone owner = add("owner", Role.OWNER);
    add("admin", Role.ADMIN);
    assertThat(phones.remove(as(owner), owner.id())).isInstanceOf(Change.LastOwner.class);
    assertThat(phones.remove(owner)).isInstanceOf(Change.LastOwner.class);
    assertThat(makeRole(owner, owner, Role.ADMIN)).isInstanceOf(Change.LastOwner.class);
    Phone second = add("second", Role.OWNER);
    assertThat(phones.remove(as(owner), owner.id())).isInstanceOf(Change.Done.class);
    assertThat(phones.remove(second)).isInstanceOf(Change.LastOwner.class);
    assertThat(phones.state().isOwned()).isTrue();
  }

  @Test
  @DisplayName("a transfer makes the heir the owner and the owner an admin, by an owner only")
  void transfer() throws Exception {
    Phone owner = add("owner", Role.OWNER);
    Phone admin = add("admin", Role.ADMIN);
    Phone guest = add("guest", Role.GUEST);
    assertThat(phones.transfer(as(admin), guest.id())).isInstanceOf(Change.NotAllowed.class);
    assertThat(phones.transfer(as(owner), owner.id())).isInstanceOf(Change.NoSuchPhone.class);
    assertThat(phones.transfer(as(owner), "0123456789abcdef"))
        .isInstanceOf(Change.NoSuchPhone.class);
    heard.clear();
    assertThat(phones.transfer(as(owner), guest.id())).isInstanceOf(Change.Done.class);
    assertThat(phones.all())
        .extracting(Phone::name, Phone::role)
        .containsExactlyInAnyOrder(
            org.assertj.core.api.Assertions.tuple("guest", Role.OWNER),
            org.assertj.core.api.Assertions.tuple("owner", Role.ADMIN),
            org.assertj.core.api.Assertions.tuple("admin", Role.ADMIN));
    assertThat(heard).containsExactly("changed guest owner", "changed owner admin");
  }

  @Test
  @DisplayName("a transfer voids the recovery card: who printed it owns the hub no more")
  void transfer_voids_the_card() throws Exception {
    Phone owner = add("owner", Role.OWNER);
    Phone user = add("user", Role.USER);
    phones.setRecoveryCard(PairingSecret.random(new SecureRandom()));
    assertThat(phones.state().recoveryCard()).isPresent();
    phones.transfer(as(owner), user.id());
    assertThat(phones.state().recoveryCard()).isEmpty();
  }

  @Test
  @DisplayName("what was decided since a request came in counts for it")
  void stale_requests() throws Exception {
    Phone owner = add("owner", Role.OWNER);
    Phone second = add("second", Role.OWNER);
    Phone admin = add("admin", Role.ADMIN);
    Phone user = add("user", Role.USER);
    AuthenticatedPhone slow = as(second);
    AuthenticatedPhone slowAdmin = as(admin);
    phones.remove(as(owner), second.id());
    makeRole(owner, admin, Role.USER);
    assertThat(phones.transfer(slow, user.id())).isInstanceOf(Change.NotAllowed.class);
    assertThat(phones.remove(slow, user.id())).isInstanceOf(Change.NotAllowed.class);
    assertThat(phones.remove(slowAdmin, user.id())).isInstanceOf(Change.NotAllowed.class);
    assertThat(phones.find(second.key())).as("nobody comes back that way").isEmpty();

    AuthenticatedPhone twice = as(owner);
    assertThat(phones.transfer(twice, user.id())).isInstanceOf(Change.Done.class);
    assertThat(phones.transfer(twice, admin.id())).isInstanceOf(Change.NotAllowed.class);
    assertThat(phones.all().stream().filter(phone -> phone.role() == Role.OWNER)).hasSize(1);
  }

  @Test
  @DisplayName("only a guest's access ends, and not any more once it is something else")
  void guests_end() throws Exception {
    Phone owner = add("owner", Role.OWNER);
    Phone guest = add("guest", Role.GUEST);
    phones.change(
        as(owner), guest.id(), Optional.empty(), Optional.empty(), Optional.of(Optional.of(NOON)));
    assertThat(phones.find(guest.key()).orElseThrow().expires()).contains(NOON);
    makeRole(owner, guest, Role.USER);
    assertThat(phones.find(guest.key()).orElseThrow().expires()).isEmpty();
    assertThat(
            phones.change(
                as(owner),
                guest.id(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(Optional.of(NOON))))
        .isInstanceOf(Change.NotForThisRole.class);
  }

  @Test
  @DisplayName("handing over keeps the authority, and nothing else of the household")
  void hand_over() throws Exception {
    add("owner", Role.OWNER);
    add("user", Role.USER);
    phones.setRecoveryCard(PairingSecret.random(TestPhones.RANDOM));
    heard.clear();
    phones.handOver(TestPhones.phone("buyer", Role.OWNER));
    assertThat(heard).containsExactly("removed owner", "removed user", "paired buyer");
    assertThat(phones.state().recoveryCard()).isEmpty();
    assertThat(phones.all()).hasSize(1);
  }

  @Test
  @DisplayName("a reset removes all and begins an epoch with another authority")
  void reset() throws Exception {
    add("owner", Role.OWNER);
    phones.setRecoveryCard(PairingSecret.random(TestPhones.RANDOM));
    var before = phones.state().authority().certificate();
    heard.clear();
    phones.reset(TestPhones.BEGIN);
    assertThat(heard).containsExactly("removed owner");
    assertThat(phones.state().epoch()).isEqualTo(2);
    assertThat(phones.state().recoveryCard()).isEmpty();
    assertThat(phones.state().authority().certificate().getPublicKey())
        .isNotEqualTo(before.getPublicKey());
    phones.reset(TestPhones.BEGIN);
    assertThat(TestPhones.open(file).state().epoch()).isEqualTo(3);
  }

  @Test
  @DisplayName("when a phone was seen is kept at the end, and forgotten with the phone")
  void last_seen() throws Exception {
    add("owner", Role.OWNER);
    Phone user = add("user", Role.USER);
    phones.seen(user, Optional.of(NOON));
    phones.seen(user, Optional.empty());
    phones.flush();
    assertThat(TestPhones.open(file).find(user.key()).orElseThrow().lastSeen()).contains(NOON);
    phones.seen(user, Optional.of(NOON.plusSeconds(1)));
    phones.remove(user);
    phones.add(user);
    assertThat(phones.all().getLast().lastSeen()).as("as if it were new").isEmpty();
  }

  @Test
  @DisplayName("what cannot be written did not happen, and nobody hears of it")
  void failing_disk() throws Exception {
    Phone owner = add("owner", Role.OWNER);
    Phone user = add("user", Role.USER);
    List<Phone> before = phones.all();
    HubState state = phones.state();
    heard.clear();
    TestPhones.breakDisk(file);
    List<Executable> changes =
        List.of(
            () -> phones.add(TestPhones.phone("new", Role.USER)),
            () -> phones.recover(TestPhones.phone("new", Role.OWNER)),
            () -> phones.handOver(TestPhones.phone("new", Role.OWNER)),
            () -> phones.remove(user),
            () -> phones.remove(as(owner), user.id()),
            () -> makeRole(owner, user, Role.ADMIN),
            () -> phones.transfer(as(owner), user.id()),
            () -> phones.addFailure(),
            () -> phones.keepTime(NOON),
            () -> phones.setRecoveryCard(PairingSecret.random(TestPhones.RANDOM)),
            () -> phones.reset(TestPhones.BEGIN));
    for (Executable change : changes) {
      assertThatThrownBy(change::execute).isInstanceOf(IOException.class);
      assertThat(phones.state()).isEqualTo(state);
      assertThat(phones.all()).isEqualTo(before);
      assertThat(TestPhones.open(file).state().phones()).isEqualTo(before);
    }
    assertThat(heard).isEmpty();
    TestPhones.repairDisk(file);
    assertThat(phones.remove(user)).isInstanceOf(Change.Done.class);
  }
}
