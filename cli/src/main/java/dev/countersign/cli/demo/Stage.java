// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.countersign.cli.remote.ApiPath;
import dev.countersign.cli.remote.Json;
import dev.countersign.cli.remote.OperatorClient;
import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Output;
import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.Scalar;
import dev.countersign.protocol.telemetry.Reading;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * What all steps use: the server's doors, an operator to look from the other side, and a way to
 * tell a fact, or to end the demo because it is none.
 *
 * @param scratch where devices keep their state
 */
record Stage(Doors doors, OperatorClient operator, Path scratch, Output output) {
  private static final int MAX_READINGS = 1000;

  /**
   * Where devices knock.
   *
   * @param certificates for those with a certificate, and for relays
   * @param keys for those with a pre-shared key
   */
  record Doors(URI certificates, URI keys) {}

  /** Something that is to fail. */
  @FunctionalInterface
  interface Attempt {
    void run() throws IOException, ProtocolException;
  }

  /** Registers a device, as an operator does. */
  JsonNode register(DeviceSerial serial, String credential) throws CommandException {
    return operator.post(
        ApiPath.of("devices"),
        Json.object().put("serial", serial.value()).put("credential", credential));
  }

  /** The secret that a new device shares with the server, as production would write it into it. */
  byte[] registerWithSecret(DeviceSerial serial, String credential) throws CommandException {
    String secret = register(serial, credential).path("secret").asString("");
    require(!secret.isEmpty(), "the server made no secret for " + serial);
    return secret.getBytes(UTF_8);
  }

  /** What is stored of a device, by what an operator sees. */
  List<JsonNode> readings(DeviceSerial serial) throws CommandException {
    return rows(ApiPath.of("devices", serial.value(), "readings").with("last", MAX_READINGS));
  }

  /** A list of the operator API. */
  List<JsonNode> rows(ApiPath path) throws CommandException {
    var rows = new ArrayList<JsonNode>();
    operator.rows(path, rows::add);
    return rows;
  }

  /** Sets what a device shall do. */
  void set(DeviceSerial serial, String name, int value) throws CommandException {
    operator.patch(
        ApiPath.of("devices", serial.value(), "settings"), Json.object().put(name, value));
  }

  static Reading temperature(double value) {
    return new Reading("temperature", new Scalar.Numeric(value), null);
  }

  Clock clock() {
    return output.terminal().clock();
  }

  /** A fact that was seen to hold. */
  void done(String fact) throws CommandException {
    output.done(fact);
  }

  /** What does not hold ends the demo. */
  static void require(boolean holds, String otherwise) throws CommandException {
    if (!holds) {
      throw CommandException.refused(
          "a step did not hold: " + otherwise, "please report it with the lines above");
    }
  }

  /**
   * What must fail, and in this way.
   *
   * @return how it failed
   */
  static <E extends Exception> E refused(Class<E> expected, String what, Attempt attempt)
      throws CommandException, IOException, ProtocolException {
    try {
      attempt.run();
    } catch (IOException | ProtocolException e) {
      if (expected.isInstance(e)) {
        return expected.cast(e);
      }
      throw e;
    }
    throw CommandException.refused(
        "a step did not hold: " + what + " was accepted", "this must never happen");
  }
}
