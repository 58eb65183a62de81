// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.hub;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.countersign.hub.Hub;
import dev.countersign.hub.HubOptions;
import dev.countersign.protocol.SecretAccess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/**
 * A hub in a process of its own, whose button and screen are its standard input and output: a test
 * that kills it needs both to the moment. Arguments: state directory, address.
 */
final class HubMain {
  private HubMain() {}

  public static void main(String[] arguments) throws IOException {
    HubOptions options =
        HubOptions.of(Path.of(arguments[0]), 0).on(new InetSocketAddress(arguments[1], 0));
    try (Hub hub = Hub.open(options, new TestDoor());
        var lines = new BufferedReader(new InputStreamReader(System.in, UTF_8))) {
      System.out.println("ready " + hub.port());
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        System.out.println(answer(hub, line));
      }
    }
  }

  private static String answer(Hub hub, String line) throws IOException {
    return switch (line) {
      case "press" -> {
        hub.panel().pressButton();
        yield "pressed";
      }
      case "screen" ->
          hub.panel()
              .screen()
              .map(screen -> screen.code().text(SecretAccess.insecure()))
              .orElse("none");
      case "label" -> hub.panel().label().text(SecretAccess.insecure());
      case "phones" ->
          hub.panel().phones().stream()
              .map(phone -> phone.id() + "=" + phone.role().wireName())
              .toList()
              .toString();
      default -> throw new IOException("unknown: " + line);
    };
  }
}
