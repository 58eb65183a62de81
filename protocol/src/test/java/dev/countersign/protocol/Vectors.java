// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Other projects' test vectors, which are too large to be part of this one. */
public final class Vectors {
  private Vectors() {}

  /**
   * A file of the folder that {@code countersign.vectors} names, or {@code ../shared/vectors}
   * beside the checkout; where it is absent, the test reports itself as skipped.
   */
  public static Path file(String name) {
    String folder = System.getProperty("countersign.vectors");
    Path file =
        folder != null
            ? Path.of(folder, name)
            : Path.of(System.getProperty("countersign.root", ".."), "../shared/vectors", name);
    Assumptions.assumeTrue(
        Files.isReadable(file),
        () -> "no test vectors at " + file.toAbsolutePath().normalize() + " (countersign.vectors)");
    return file;
  }
}
