// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.phones;

/** Learns of changes once they are on disk. Called by whoever made the change; must not block. */
public interface PhoneListener {
  /** A phone is on the list now. */
  void paired(Phone phone);

  /** Its name, role or end is another now. */
  void changed(Phone phone);

  /** It is off the list: its connections are to end. */
  void removed(Phone phone);
}
