// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.hub;

import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.pairing.PairingCode;
import java.io.IOException;

/** What people do with their phones at home, over the hub's port. */
final class Invitations {
  private Invitations() {}

  /** A new phone, invited by another. */
  static TestPhone invite(TestHub hub, TestPhone by, String name, String role)
      throws IOException, ProtocolException {
    return pair(hub, by, new TestPhone(name), "{\"role\":\"" + role + "\"}");
  }

  /** The same on these terms. */
  static TestPhone pair(TestHub hub, TestPhone by, TestPhone phone, String terms)
      throws IOException, ProtocolException {
    return phone.pair(hub.port(), invitation(hub.port(), by, terms));
  }

  static PairingCode invitation(int port, TestPhone by, String terms)
      throws IOException, ProtocolException {
    TestPhone.Reply made = by.send(port, "POST", "/v1/invitations", terms);
    if (made.status() != 201) {
      throw new IOException("not invited: " + made);
    }
    return PairingCode.parse(made.json().path("code").asString(""));
  }

  /** What a phone is on this hub, as the hub says. */
  static String role(TestHub hub, TestPhone phone) throws IOException {
    return phone.send(hub.port(), "GET", "/v1/hub", "").json().path("role").asString("");
  }
}
