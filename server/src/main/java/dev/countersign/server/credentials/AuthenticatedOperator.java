// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.credentials;

/** A person who proved to be a current operator. Only {@link OperatorAuthenticator} makes it. */
public final class AuthenticatedOperator {
  private final String name;

  AuthenticatedOperator(String name) {
    this.name = name;
  }

  public String name() {
    return name;
  }

  /** How the audit log names this person. */
  public String actor() {
    return "operator:" + name;
  }

  @Override
  public String toString() {
    return actor();
  }
}
