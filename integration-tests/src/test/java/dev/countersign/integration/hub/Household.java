// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.hub;

import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.pairing.PairingCode;
import dev.countersign.protocol.pairing.Role;
import java.io.IOException;
import java.nio.file.Path;

/** A hub with an owner, who lets others in. */
public final class Household implements AutoCloseable {
  private final TestHub hub;
  private final TestPhone owner;

  private Household(TestHub hub, TestPhone owner) {
    this.hub = hub;
    this.owner = owner;
  }

  /** A new hub, paired with one phone by the code on its screen. */
  public static Household start(Path state) throws Exception {
    return of(TestHub.start(state, new TestMaker()));
  }

  /** The same with this hub, which nobody owns yet. */
  public static Household of(TestHub hub) throws IOException, ProtocolException {
    return new Household(hub, new TestPhone("Olga").pair(hub.port(), hub.shown()));
  }

  public TestHub hub() {
    return hub;
  }

  public int port() {
    return hub.port();
  }

  public TestPhone owner() {
    return owner;
  }

  /** A phone that the owner invited. */
  public TestPhone add(String name, Role role) throws IOException, ProtocolException {
    if (role == Role.OWNER) {
      TestPhone phone = add(name, Role.ADMIN);
      expect(200, send("PATCH", "/v1/phones/" + phone.id(), "{\"role\":\"owner\"}"));
      return phone;
    }
    return new TestPhone(name).pair(port(), invite(role));
  }

  /** An invitation by the owner. */
  public PairingCode invite(Role role) throws IOException, ProtocolException {
    return invite(owner, role);
  }

  /** An invitation by somebody. */
  public PairingCode invite(TestPhone by, Role role) throws IOException, ProtocolException {
    var reply =
        by.send(port(), "POST", "/v1/invitations", "{\"role\":\"" + role.wireName() + "\"}");
    return code(reply);
  }

  /** The code in such an answer. */
  public static PairingCode code(TestPhone.Reply reply) throws IOException, ProtocolException {
    return PairingCode.parse(expect(201, reply).json().path("code").asString(""));
  }

  /** As the owner. */
  public TestPhone.Reply send(String method, String path, String json) throws IOException {
    return owner.send(port(), method, path, json);
  }

  /** The answer, if it is this one. */
  public static TestPhone.Reply expect(int status, TestPhone.Reply reply) {
    if (reply.status() != status) {
      throw new AssertionError("expected " + status + ", got " + reply);
    }
    return reply;
  }

  @Override
  public void close() throws IOException {
    hub.close();
  }
}
