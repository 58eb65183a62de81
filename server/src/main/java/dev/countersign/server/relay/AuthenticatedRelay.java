// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay;

import java.util.Optional;

/**
 * A relay that proved, on this delivery, that it has its account's secret. Only {@link RelayGate}
 * makes it.
 *
 * <p><b>Security guarantees.</b> The account exists and is not frozen, as of the last committed
 * change. In mode {@code signed} the whole body came from who has the secret, within five minutes;
 * in mode {@code static} the peer has seen the fixed header, now or ever. Nothing about a device.
 */
public final class AuthenticatedRelay {
  private final RelayAccount account;
  private final Optional<String> delivery;
  private final boolean repeated;

  AuthenticatedRelay(RelayAccount account, Optional<String> delivery, boolean repeated) {
    this.account = account;
    this.delivery = delivery;
    this.repeated = repeated;
  }

  public long id() {
    return account.id();
  }

  public String name() {
    return account.name();
  }

  /** The account, as of this delivery. */
  public RelayAccount account() {
    return account;
  }

  /** The relay's own number of this delivery, if it was signed. */
  public Optional<String> delivery() {
    return delivery;
  }

  /** Whether this delivery's number came before, with the same body. */
  public boolean isRepeated() {
    return repeated;
  }

  @Override
  public String toString() {
    return "AuthenticatedRelay[" + name() + "]";
  }
}
