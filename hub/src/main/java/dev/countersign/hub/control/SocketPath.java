// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;

/** The address of a Unix domain socket, if the system can hold it. */
final class SocketPath {
  /** unix(7): sun_path has 108 bytes on Linux, one of them for the end; others have 104. */
  private static final int MAX_BYTES = 103;

  private SocketPath() {}

  /**
   * The address of this file.
   *
   * @throws IOException if its path is too long; says what to do
   */
  static UnixDomainSocketAddress of(Path file) throws IOException {
    int bytes = file.toString().getBytes(UTF_8).length;
    if (bytes > MAX_BYTES) {
      throw new IOException(
          "the path of "
              + file.getFileName()
              + " is too long for a socket: expected at most "
              + MAX_BYTES
              + " bytes, got "
              + bytes
              + "; use a state directory with a shorter path, or a link to it");
    }
    return UnixDomainSocketAddress.of(file);
  }
}
