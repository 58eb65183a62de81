// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** What was built: the version, and the commit it was built from. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    var built = new Properties();
    // Written by the build.
    try (InputStream in = Version.class.getResourceAsStream("version.properties")) {
      if (in != null) {
        built.load(in);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new String[] {
      "countersign " + built.getProperty("version", "unknown"),
      "commit " + built.getProperty("commit", "unknown")
    };
  }
}
