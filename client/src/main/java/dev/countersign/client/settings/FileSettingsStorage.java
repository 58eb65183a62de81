// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.settings;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.countersign.client.storage.DurableFile;
import dev.countersign.client.storage.StateDirectory;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.settings.SettingsAnswer;
import dev.countersign.protocol.settings.SettingsReceipt;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Settings in two files: {@code DIR/settings.json}, what was received, for the device's programs;
 * and {@code DIR/settings-applied}, a receipt and whether the server has it, for this SDK.
 */
public final class FileSettingsStorage implements SettingsStorage {
  /** The same as for an answer of the server. */
  private static final int MAX_SETTINGS_BYTES = 1 << 20;

  private static final int MAX_PROGRESS_BYTES = 1024;
  private static final String CONFIRMED = "confirmed";
  private static final String UNCONFIRMED = "unconfirmed";

  private final Path settingsFile;
  private final Path progressFile;

  /** Uses this directory, made if it is not there. */
  public FileSettingsStorage(Path directory) throws IOException {
    StateDirectory.make(directory);
    this.settingsFile = directory.resolve("settings.json");
    this.progressFile = directory.resolve("settings-applied");
  }

  /** What the device's programs read. */
  public Path settingsFile() {
    return settingsFile;
  }

  @Override
  public void received(SettingsAnswer settings) throws IOException {
    DurableFile.replace(settingsFile, settings.toJson());
  }

  /** A file that a person changed is as good as none: the server is asked again anyway. */
  @Override
  public Optional<SettingsAnswer> received() throws IOException {
    Optional<byte[]> content = DurableFile.read(settingsFile, MAX_SETTINGS_BYTES);
    try {
      return !content.isPresent()
          ? Optional.empty()
          : Optional.of(SettingsAnswer.parse(content.get()));
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }

  @Override
  public void progressed(SettingsProgress progress) throws IOException {
    String receipt =
        new String(new SettingsReceipt(progress.version(), progress.sha256()).toJson(), UTF_8);
    String content = receipt + "\n" + (progress.confirmed() ? CONFIRMED : UNCONFIRMED) + "\n";
    DurableFile.replace(progressFile, content.getBytes(UTF_8));
  }

  @Override
  public Optional<SettingsProgress> progress() throws IOException {
    Optional<byte[]> content = DurableFile.read(progressFile, MAX_PROGRESS_BYTES);
    if (!content.isPresent()) {
      return Optional.empty();
    }
    String[] lines = new String(content.get(), UTF_8).split("\n", -1);
    try {
      SettingsReceipt receipt = SettingsReceipt.parse(lines[0].getBytes(UTF_8));
      boolean confirmed = lines.length > 1 && lines[1].equals(CONFIRMED);
      return Optional.of(new SettingsProgress(receipt.version(), receipt.sha256(), confirmed));
    } catch (MalformedException e) {
      throw new IOException(
          progressFile + ": expected a receipt; delete the file to apply the settings again", e);
    }
  }

  @Override
  public void forget() throws IOException {
    DurableFile.delete(progressFile);
  }
}
