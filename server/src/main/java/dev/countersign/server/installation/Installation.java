// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.installation;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;

/**
 * An installation that was opened: checked, with its authorities in memory.
 *
 * @param authorities with the keys of those that issue
 * @param serverCertificate the server's own, renewed while it runs
 */
public record Installation(
    DataDirectory directory, Authorities authorities, ServerCertificate serverCertificate) {
  /**
   * Opens an installation.
   *
   * @throws IOException whose message says what is wrong with the directory and what to do
   */
  public static Installation open(
      DataDirectory directory, List<String> hostnames, SecureRandom random) throws IOException {
    directory.check();
    directory.checkWritable();
    Authorities authorities = Authorities.load(directory, random);
    return new Installation(
        directory, authorities, new ServerCertificate(directory, authorities, hostnames, random));
  }
}
