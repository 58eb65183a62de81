// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.agent;

/** Why an agent waits. */
public enum Trouble {
  /** No network, no server, or the connection broke. */
  UNREACHABLE("is the server running, and the network up?"),
  /** Somebody answered who is not this device's server. Nothing was said to him. */
  SERVER_NOT_ACCEPTED(
      "nothing was sent: is this the right address, and does nothing stand in between?"),
  /** Something came back that the server did not seal: from a relay, or from nobody known. */
  NO_SEALED_ANSWER(
      "nobody can forge an answer, so nothing was believed: is the device registered with this"
          + " secret, and does the relay hand messages on unchanged?"),
  /** 401: the certificate does not count, and could not be renewed either. */
  CREDENTIAL_REFUSED(
      "ask the operator: the server's log has the reason; a new token (device token) enrols again"),
  /** 403: an operator stopped this device for now. */
  SUSPENDED("an operator suspended this device, and can resume it"),
  /** 429 or 503. */
  OVERLOADED("it is tried again when the server said, or later"),
  /** Another answer that was not expected. */
  UNEXPECTED("is the server of the same version, or newer?"),
  /** This device could not write or read its own files. */
  STORAGE("has the disk room, and may this user write to the state directory?");

  private final String advice;

  Trouble(String advice) {
    this.advice = advice;
  }

  /** What a person can look at. */
  public String advice() {
    return advice;
  }
}
