// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.agent;

import dev.countersign.client.DeviceApi;
import dev.countersign.protocol.ProtocolException;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.Optional;

/** How a device comes to its server, and what it can do for its credential. */
interface Access {
  /**
   * Opens the way, and enrols if that is needed.
   *
   * @return empty if it cannot go on; a person was told
   */
  Optional<? extends DeviceApi> open()
      throws IOException,
          ProtocolException,
          GeneralSecurityException,
          StorageFailedException,
          InterruptedException;

  /** The credential that is in use now; another object for another one. */
  Object credential();

  /**
   * Does what can be done about a credential that was refused.
   *
   * @param refused the one that was in use; if it is another one by now, nothing is done
   */
  void mend(Object refused)
      throws IOException,
          ProtocolException,
          GeneralSecurityException,
          StorageFailedException,
          InterruptedException;

  /** Renews what ends, if it is time. */
  void renewIfDue()
      throws IOException,
          ProtocolException,
          GeneralSecurityException,
          StorageFailedException,
          InterruptedException;
}
