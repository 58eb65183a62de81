// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol;

/**
 * The key to the content of secrets. A secret shows itself only to code that holds this, and an
 * architecture rule lists the few classes that may ask for it, so that every place where a secret
 * can leave its type is known.
 */
public final class SecretAccess {
  private static final SecretAccess INSTANCE = new SecretAccess();

  private SecretAccess() {}

  /** Insecure unless the caller hands the content straight to what must have it. */
  public static SecretAccess insecure() {
    return INSTANCE;
  }
}
