// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.server;

import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Printable;
import dev.countersign.cli.terminal.Terminal;
import dev.countersign.protocol.x509.Certificates;
import dev.countersign.server.installation.DataDirectory;
import dev.countersign.server.installation.Initialization;
import dev.countersign.server.installation.SoundClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code countersign init}. */
@Command(
    name = "init",
    description = {
      "Make a new installation: root, authorities, server certificate, first operator.",
      "The root's key is encrypted; move it away from this machine afterwards."
    })
public final class Init implements Callable<Integer> {
  /** No letters that look like digits: people copy it from a screen. */
  private static final String PASSPHRASE_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789";

  /** 6 × 5 characters of 31: 148 bits. */
  private static final int PASSPHRASE_GROUPS = 6;

  private static final int PASSPHRASE_GROUP_CHARS = 5;
  private static final int MIN_PASSPHRASE_CHARS = 12;

  private final Terminal terminal;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "Where to make it; must not exist or be empty (default: $COUNTERSIGN_DATA, else"
              + " ./countersign-data).")
  private @Nullable Path data;

  @Option(
      names = "--organization",
      paramLabel = "NAME",
      defaultValue = "Countersign",
      description = "The maker's name, in every certificate (default: ${DEFAULT-VALUE}).")
  private String organization = "";

  @Option(
      names = "--hostname",
      paramLabel = "NAME",
      description = "A name or address devices reach this server by, besides localhost.")
  private List<String> hostnames = new ArrayList<>();

  @Option(
      names = "--root-passphrase-file",
      paramLabel = "FILE",
      description = "Encrypts the root's key with the first line; else one is made and shown.")
  private @Nullable Path passphraseFile;

  @Option(names = "--json", description = "One JSON object on stdout.")
  private boolean json;

  public Init(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws CommandException {
    Path target = data == null ? terminal.defaultData() : data;
    if (organization.isBlank() || organization.length() > 64) {
      throw CommandException.usage(
          "--organization: expected 1 to 64 characters", "it is the O of every certificate");
    }
    var random = new SecureRandom();
    char[] passphrase =
        passphraseFile == null ? makePassphrase(random) : readPassphrase(passphraseFile);
    try {
      var request =
          new Initialization.Request(organization, hostnames, Initialization.DEFAULT_HUB_DOMAIN);
      Initialization.Result made =
          new Initialization(request, soundClock(), random).run(target, passphrase);
      report(made, passphraseFile == null ? Optional.of(passphrase) : Optional.empty());
    } catch (IOException e) {
      throw Environment.failure(e);
    } finally {
      Arrays.fill(passphrase, '\0');
    }
    return 0;
  }

  /** Authorities that begin in 1970 would have ended before any device was made. */
  private Clock soundClock() {
    SoundClock sound = SoundClock.of(terminal.clock(), Instant.EPOCH);
    if (!sound.isMachineSound()) {
      terminal.warning(
          "this machine's clock says "
              + Printable.time(terminal.clock().instant())
              + ", which cannot be; certificates begin at "
              + Printable.time(sound.instant())
              + ". Better set the clock, and begin anew");
    }
    return sound;
  }

  private static char[] makePassphrase(SecureRandom random) {
    var made = new StringBuilder();
    for (int group = 0; group < PASSPHRASE_GROUPS; group++) {
      if (group > 0) {
        made.append('-');
      }
      for (int i = 0; i < PASSPHRASE_GROUP_CHARS; i++) {
        made.append(PASSPHRASE_ALPHABET.charAt(random.nextInt(PASSPHRASE_ALPHABET.length())));
      }
    }
    return made.toString().toCharArray();
  }

  private static char[] readPassphrase(Path file) throws CommandException {
    try {
      String line = Files.readString(file).lines().findFirst().orElse("");
      if (line.length() < MIN_PASSPHRASE_CHARS) {
        throw CommandException.refused(
            file + ": expected a passphrase of at least " + MIN_PASSPHRASE_CHARS + " characters",
            "whoever guesses it can speak for every device; leave the option out to have one made");
      }
      return line.toCharArray();
    } catch (IOException e) {
      throw CommandException.refused(
          file + " cannot be read", "check the path and its permissions");
    }
  }

  private void report(Initialization.Result made, Optional<char[]> passphrase)
      throws CommandException {
    var output = new Output(terminal, json);
    DataDirectory directory = made.directory();
    ObjectNode view = new JsonMapper().createObjectNode();
    view.put("data", directory.path().toString());
    view.put("root", directory.root().toString());
    view.put("rootSha256", made.rootFingerprint().hex());
    view.put("rootKey", directory.offlineRootKey().toString());
    passphrase.ifPresent(secret -> view.put("rootPassphrase", new String(secret)));
    view.put("operator", directory.operatorIdentity().toString());
    output.json(view);
    for (Map.Entry<String, X509Certificate> authority : made.authorities().entrySet()) {
      output.done(
          "%-12s %s…  until %tF"
              .formatted(
                  authority.getKey(),
                  Certificates.fingerprint(authority.getValue()).hex().substring(0, 16),
                  authority.getValue().getNotAfter()));
    }
    output.done("root fingerprint (SHA-256)  " + made.rootFingerprint().hex());
    output.done("what devices trust          " + directory.root());
    output.done("your operator identity      " + directory.operatorIdentity() + " (0600)");
    output.done("configuration               " + directory.config());
    output.done("root key, encrypted         " + directory.offlineRootKey());
    if (passphrase.isPresent()) {
      output.text("");
      output.text("  The root's passphrase, shown this once:  " + new String(passphrase.get()));
    }
    output.text("");
    output.next(
        "move "
            + directory.offlineRootKey()
            + " to a place without a network, apart from its"
            + " passphrase: it is needed only to certify new authorities");
    output.next("countersign serve --data " + directory.path());
  }
}
