// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.console;

import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.Scalar;
import dev.countersign.server.credentials.AuthenticatedOperator;
import dev.countersign.server.http.Answer;
import dev.countersign.server.http.Exchange;
import dev.countersign.server.settings.DeviceSettings;
import dev.countersign.server.settings.SettingsVersion;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** {@code /v1/devices/{serial}/settings}. */
final class SettingsHandlers {
  private final DeviceSettings settings;

  SettingsHandlers(DeviceSettings settings) {
    this.settings = settings;
  }

  /** A merge patch (RFC 7396) of a flat object: null removes. */
  Answer patch(AuthenticatedOperator operator, Exchange exchange) throws MalformedException {
    var changes = new LinkedHashMap<String, Optional<Scalar>>();
    for (Map.Entry<String, JsonNode> field : RequestBody.object(exchange.body()).properties()) {
      changes.put(field.getKey(), value(field.getKey(), field.getValue()));
    }
    if (changes.isEmpty()) {
      throw new MalformedException("body", "expected at least one name=value");
    }
    return settings
        .change(DeviceHandlers.serial(exchange), changes, operator)
        .map(status -> Answer.json(200, Views.settings(status)))
        .orElseGet(DeviceHandlers::noSuchDevice);
  }

  private static Optional<Scalar> value(String name, JsonNode node) throws MalformedException {
    if (node.isNull()) {
      return Optional.empty();
    } else if (node.isString()) {
      return Optional.of(Scalar.text(name, node.stringValue()));
    } else if (node.isNumber()) {
      return Optional.of(Scalar.number(name, node.decimalValue()));
    } else if (node.isBoolean()) {
      return Optional.of(new Scalar.Flag(node.booleanValue()));
    }
    throw new MalformedException(name, "expected a number, a text, true, false or null");
  }

  Answer get(AuthenticatedOperator operator, Exchange exchange) throws MalformedException {
    return settings
        .status(DeviceHandlers.serial(exchange))
        .map(status -> Answer.json(200, Views.settings(status)))
        .orElseGet(DeviceHandlers::noSuchDevice);
  }

  Answer history(AuthenticatedOperator operator, Exchange exchange) throws MalformedException {
    exchange.onlyQueryParameters("limit");
    var versions = settings.list(DeviceHandlers.serial(exchange), DeviceHandlers.limit(exchange));
    if (versions.isEmpty()) {
      return DeviceHandlers.noSuchDevice();
    }
    return new Answer.Lines(sink -> {
      for (SettingsVersion version : versions.get()) {
        sink.line(Views.settingsVersion(version));
      }
    });
  }
}
