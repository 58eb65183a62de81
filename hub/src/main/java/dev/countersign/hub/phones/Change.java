// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.phones;

/** What became of a change that a phone asked for. */
public sealed interface Change {
  /** It is done, and on disk. */
  record Done(Phone phone) implements Change {}

  record NoSuchPhone() implements Change {}

  /** Who asked may not do that. */
  record NotAllowed() implements Change {}

  /** Nobody would own the hub; a transfer or a reset is the way. */
  record LastOwner() implements Change {}

  /** Only guests have an end. */
  record NotForThisRole() implements Change {}
}
