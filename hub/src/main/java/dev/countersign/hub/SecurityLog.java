// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub;

import dev.countersign.hub.pairing.PairingListener;
import dev.countersign.hub.phones.Phone;
import dev.countersign.hub.phones.PhoneListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes who comes and goes to the log: ids and roles, never a secret. */
final class SecurityLog implements PhoneListener, PairingListener {
  private static final Logger log = LoggerFactory.getLogger(SecurityLog.class);

  @Override
  public void paired(Phone phone) {
    log.info("phone={} role={} change=paired", phone.id(), phone.role().wireName());
  }

  @Override
  public void changed(Phone phone) {
    log.info("phone={} role={} change=changed", phone.id(), phone.role().wireName());
  }

  @Override
  public void removed(Phone phone) {
    log.info("phone={} role={} change=removed", phone.id(), phone.role().wireName());
  }

  @Override
  public void opened() {
    log.info("pairing=opened");
  }

  @Override
  public void failed(int failures) {
    log.warn("pairing=failed failures={}", failures);
  }

  @Override
  public void burned() {
    log.info("pairing=code-used");
  }

  @Override
  public void closed(int failures) {
    log.info("pairing=closed failures={}", failures);
  }
}
