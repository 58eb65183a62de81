// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.pairing;

/** Learns what becomes of windows, to tell owners. Must not block. */
public interface PairingListener {
  void opened();

  /** A wrong code, or a wrong proof. */
  void failed(int failures);

  /** A code did its work; the phone has a minute to confirm. */
  void burned();

  /** By time, by too many failures, or because somebody closed it. */
  void closed(int failures);
}
