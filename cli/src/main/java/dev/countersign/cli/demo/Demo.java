// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.demo;

import dev.countersign.cli.remote.OperatorClient;
import dev.countersign.cli.remote.OperatorIdentity;
import dev.countersign.cli.server.Environment;
import dev.countersign.cli.server.Serve;
import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Terminal;
import dev.countersign.hub.factory.StationRefusedException;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.server.Server;
import dev.countersign.server.installation.DataDirectory;
import dev.countersign.server.installation.Initialization;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code countersign demo}. */
@Command(
    name = "demo",
    description = {
      "Show the main job on this machine, no questions asked: own root, server, devices of"
          + " every kind, a relay that turns against them, a hub with its phones.",
      "Stays up until Ctrl-C, for a try with curl and the other commands."
    })
public final class Demo implements Callable<Integer> {
  /** Where they stand among {@link Server#listeners}. */
  private static final int DEVICES = 0;

  private static final int OPERATORS = 1;
  private static final int KEYS = 3;

  private final Terminal terminal;

  @Option(names = "--once", description = "End after the last step; 0 if every step held.")
  private boolean once;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Where to make the installation (default: a fresh temporary directory).")
  private @Nullable Path data;

  @Option(
      names = "--port-base",
      paramLabel = "N",
      description = "Move all ports: 8443 becomes N, 8444 N+1, 9443 N+4, 8080 N+5.")
  private @Nullable Integer portBase;

  public Demo(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws CommandException {
    var output = new Output(terminal, false);
    boolean temporary = data == null;
    Path scratch = data == null ? newTemporaryDirectory() : data;
    Path directory = temporary ? scratch.resolve("data") : scratch;
    try {
      // Nobody will need this root again: its passphrase is made and forgotten.
      char[] passphrase = Long.toHexString(new SecureRandom().nextLong()).repeat(2).toCharArray();
      Initialization.Result made = initialize(directory, passphrase);
      OptionalInt base = portBase == null ? OptionalInt.empty() : OptionalInt.of(portBase);
      try (Server server = Environment.start(directory, base, terminal)) {
        output.done("own root                    " + made.rootFingerprint().hex());
        Serve.announce(server, output);
        runSteps(server, made, factory(made, passphrase, scratch), scratch, output);
        adviseNext(server, made.directory(), output);
        if (!once) {
          waitForSignal();
        }
      }
    } finally {
      if (temporary) {
        deleteTree(scratch);
      }
    }
    return 0;
  }

  private Initialization.Result initialize(Path directory, char[] passphrase)
      throws CommandException {
    var random = new SecureRandom();
    var request = new Initialization.Request("Demo", List.of(), Initialization.DEFAULT_HUB_DOMAIN);
    try {
      return new Initialization(request, terminal.clock(), random).run(directory, passphrase);
    } catch (IOException e) {
      throw CommandException.refused(
          String.valueOf(e.getMessage()), "choose an empty directory with --data");
    }
  }

  private FactoryFloor factory(Initialization.Result made, char[] passphrase, Path scratch)
      throws CommandException {
    try {
      return new FactoryFloor(made.directory(), passphrase, scratch, terminal.clock());
    } catch (IOException | ProtocolException | StationRefusedException e) {
      throw CommandException.refused(
          "a step did not hold: no station could be made: " + e.getMessage(),
          "please report it with the lines above");
    }
  }

  private static void runSteps(
      Server server, Initialization.Result made, FactoryFloor floor, Path scratch, Output output)
      throws CommandException {
    var doors = new Stage.Doors(url(server, DEVICES), url(server, KEYS));
    OperatorIdentity identity = OperatorIdentity.read(made.directory().operatorIdentity());
    try (OperatorClient operator = OperatorClient.of(url(server, OPERATORS), identity)) {
      new DemoSteps(new Stage(doors, operator, scratch, output), made.rootFingerprint(), floor)
          .run();
    }
  }

  private static URI url(Server server, int listener) {
    return URI.create("https://localhost:" + server.listeners().get(listener).port());
  }

  private void adviseNext(Server server, DataDirectory directory, Output output)
      throws CommandException {
    output.text("");
    if (once) {
      output.done("every step held");
      output.next("./countersign demo      the same, and stays up for a look around");
      output.next("./countersign init --data DIR   an installation of your own");
      return;
    }
    String options =
        " --server https://localhost:%d --identity %s"
            .formatted(server.listeners().get(OPERATORS).port(), directory.operatorIdentity());
    output.text("Try next, in another terminal:");
    output.next("./countersign status" + options);
    output.next("./countersign device add MINE-1" + options);
    output.next("./countersign audit verify" + options);
    output.next(
        "openssl s_client -connect localhost:%d -CAfile %s </dev/null"
            .formatted(server.listeners().get(DEVICES).port(), directory.root()));
    output.text("Ctrl-C ends it" + (data == null ? " and leaves nothing behind." : "."));
  }

  private static Path newTemporaryDirectory() throws CommandException {
    try {
      return Files.createTempDirectory("countersign-demo-");
    } catch (IOException e) {
      throw CommandException.refused(
          "no temporary directory can be made", "choose one with --data");
    }
  }

  /** The JVM ends by a signal; until then this thread has nothing to do. */
  private static void waitForSignal() {
    var end = new CountDownLatch(1);
    Thread main = Thread.currentThread();
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .unstarted(() -> {
                  end.countDown();
                  try {
                    main.join(15_000); // closes the server and removes what is temporary
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                }));
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void deleteTree(Path directory) {
    try (Stream<Path> tree = Files.walk(directory)) {
      for (Path path : (Iterable<Path>) tree.sorted(Comparator.reverseOrder())::iterator) {
        Files.delete(path);
      }
    } catch (IOException e) {
      // A leftover in the temporary directory does no harm; the demo itself is over.
      return;
    }
  }
}
