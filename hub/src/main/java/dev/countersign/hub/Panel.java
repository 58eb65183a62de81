// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub;

import dev.countersign.hub.pairing.Pairing;
import dev.countersign.hub.pairing.Screen;
import dev.countersign.hub.phones.Change;
import dev.countersign.hub.phones.Phone;
import dev.countersign.hub.phones.Phones;
import dev.countersign.protocol.pairing.PairingCode;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The panel of a hub that runs. */
final class Panel implements HubPanel {
  private final Phones phones;
  private final Pairing pairing;
  private final Instant begin;

  Panel(Phones phones, Pairing pairing, Instant begin) {
    this.phones = phones;
    this.pairing = pairing;
    this.begin = begin;
  }

  @Override
  public Optional<Screen> screen() {
    return pairing.screen();
  }

  @Override
  public PairingCode label() {
    return pairing.label();
  }

  @Override
  public void pressButton() throws IOException {
    pairing.pressButton();
  }

  @Override
  public boolean isOwned() {
    return phones.state().isOwned();
  }

  @Override
  public List<Phone> phones() {
    return phones.all();
  }

  @Override
  public Removal remove(String idOrName) throws IOException {
    // The id first: phones choose their names, and one may choose another's id.
    Optional<Phone> named = phones.byId(idOrName);
    List<Phone> found =
        named.isPresent()
            ? List.of(named.get())
            : phones.all().stream().filter(phone -> phone.name().equals(idOrName)).toList();
    if (found.isEmpty()) {
      return new Removal.NoSuchPhone();
    } else if (found.size() > 1) {
      return new Removal.SeveralOfThatName();
    }
    return switch (phones.remove(found.getFirst())) {
      case Change.Done(Phone phone) -> new Removal.Removed(phone);
      case Change.LastOwner() -> new Removal.LastOwner();
      case Change.NoSuchPhone(), Change.NotAllowed(), Change.NotForThisRole() ->
          new Removal.NoSuchPhone();
    };
  }

  @Override
  public void reset() throws IOException {
    pairing.reset(begin);
  }
}
