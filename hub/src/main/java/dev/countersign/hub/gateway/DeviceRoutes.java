// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.gateway;

import dev.countersign.hub.device.DeviceCommand;
import dev.countersign.hub.device.HubDevice;
import dev.countersign.hub.phones.AuthenticatedPhone;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.Scalar;
import dev.countersign.protocol.pairing.Role;
import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The device itself: its state and its commands. */
final class DeviceRoutes {
  private static final Logger log = LoggerFactory.getLogger(DeviceRoutes.class);

  private final HubDevice device;

  DeviceRoutes(HubDevice device) {
    this.device = device;
  }

  Map<String, Map<String, PhoneRoutes.Route>> routes() {
    return Map.of(
        "/v1/state", Map.of("GET", (phone, request) -> state()),
        "/v1/commands", Map.of("GET", (phone, request) -> commands(), "POST", this::execute));
  }

  private HubAnswer state() {
    return HubAnswer.json(Views.state(device.state()));
  }

  private HubAnswer commands() {
    var list = HubAnswer.JSON.createArrayNode();
    new TreeMap<>(device.commands())
        .forEach((name, role) -> list.addObject().put("name", name).put("role", role.wireName()));
    return HubAnswer.json(list);
  }

  private HubAnswer execute(AuthenticatedPhone phone, HubRequest request)
      throws MalformedException {
    ObjectNode body = JsonFields.object(request);
    if (body.size() != 1) {
      throw new MalformedException("body", "expected exactly one command, got " + body.size());
    }
    String name = body.propertyNames().iterator().next();
    Role needed = device.commands().get(name);
    if (needed == null) {
      throw new MalformedException(
          "command",
          "expected one of " + String.join(", ", new TreeMap<>(device.commands()).keySet()));
    }
    if (!phone.role().includes(needed)) {
      return Problem.role(name + " is for the role " + needed.wireName() + " and above");
    }
    return execute(
        new DeviceCommand(name, value(name, body.get(name)), phone.phone().name(), phone.role()));
  }

  private HubAnswer execute(DeviceCommand command) {
    HubDevice.Outcome outcome;
    try {
      outcome = device.execute(command);
    } catch (RuntimeException e) {
      log.error("command={} device_failed", command.name(), e);
      outcome = new HubDevice.Outcome.Refused("the device failed; its log says more");
    }
    return switch (outcome) {
      case HubDevice.Outcome.Done() -> state();
      case HubDevice.Outcome.Refused(String reason) ->
          HubAnswer.problem(409, "not-done", "The device did not do it", reason);
    };
  }

  private static Scalar value(String name, JsonNode value) throws MalformedException {
    if (value.isBoolean()) {
      return new Scalar.Flag(value.asBoolean());
    } else if (value.isNumber()) {
      return Scalar.number(name, digits(name, value));
    } else if (value.isString()) {
      return Scalar.text(name, value.asString());
    }
    throw new MalformedException(name, "expected a number, a string, true or false");
  }

  /** {@code 1e999} is read as infinity, which has none. */
  private static BigDecimal digits(String name, JsonNode value) throws MalformedException {
    try {
      return value.decimalValue();
    } catch (JacksonException e) {
      throw new MalformedException(name, "expected a number within ±1.8e308", e);
    }
  }
}
