// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.server;

import dev.countersign.cli.log.LogSettings;
import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Terminal;
import dev.countersign.server.ConfigFile;
import dev.countersign.server.Server;
import dev.countersign.server.ServerConfig;
import dev.countersign.server.database.DatabaseException;
import dev.countersign.server.installation.DataDirectory;
import dev.countersign.server.systemd.InheritedSockets;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.OptionalInt;

/** Opens a server on a directory, and says in two lines what stands in the way. */
public final class Environment {
  private static final int MAX_PORT_BASE = 65_000;

  private Environment() {}

  /** Starts a server as its directory configures it, perhaps on other ports. */
  public static Server start(Path data, OptionalInt portBase, Terminal terminal)
      throws CommandException {
    if (portBase.isPresent() && (portBase.getAsInt() < 1 || portBase.getAsInt() > MAX_PORT_BASE)) {
      throw CommandException.usage(
          "--port-base: expected 1 to " + MAX_PORT_BASE + ", got " + portBase.getAsInt(),
          "six ports from this one on are used");
    }
    try {
      var directory = new DataDirectory(data);
      directory.check();
      ServerConfig config = ConfigFile.read(directory.config());
      if (portBase.isPresent()) {
        config = config.withListeners(config.listeners().withPortBase(portBase.getAsInt()));
      }
      LogSettings.apply(LogSettings.effective(config.log(), terminal.environment()));
      return Server.start(
          directory,
          config,
          InheritedSockets.of(terminal.environment(), ProcessHandle.current().pid()),
          terminal.clock());
    } catch (NoSuchFileException e) {
      throw CommandException.refused(
          e.getFile() + " is missing", "restore it from a backup of " + data);
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(
          Objects.requireNonNullElse(e.getMessage(), ""), "docs/operations.md, Log");
    } catch (IOException | DatabaseException | IllegalStateException e) {
      throw failure(e);
    }
  }

  /** Messages of the server are "cause; remedy". */
  static CommandException failure(Exception e) {
    String message = Objects.requireNonNullElse(e.getMessage(), e.toString());
    int remedy = message.indexOf("; ");
    return remedy < 0
        ? CommandException.refused(message, "the lines above, if any, say more")
        : CommandException.refused(message.substring(0, remedy), message.substring(remedy + 2));
  }
}
