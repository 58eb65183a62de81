// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * A file system of its own that is as small as a test wants it: a process in a mount namespace of
 * its own runs the test's scenario there, and nobody else sees the mount.
 */
public final class SmallDisk {
  private static final int NO_MOUNT = 77;
  private static final long TIMEOUT_SECONDS = 600;
  private static final int MIB = 1 << 20;

  private final Path path;

  private SmallDisk(Path path) {
    this.path = path;
  }

  /** What a scenario does on the disk. */
  @FunctionalInterface
  public interface Scenario {
    void on(SmallDisk disk) throws Exception;
  }

  /**
   * Runs a scenario. Skips the test where nothing can be mounted, unless programs are required.
   *
   * @param scenarios a class whose {@code main} calls {@link #main}
   * @param scratch an empty directory
   */
  public static void run(Class<?> scenarios, String name, int mebibytes, Path scratch)
      throws IOException, InterruptedException {
    Path mountPoint = Files.createDirectory(scratch.resolve("disk"));
    Path output = scratch.resolve("scenario.txt");
    var command =
        new ArrayList<>(
            List.of(
                "unshare",
                "--map-root-user",
                "--mount",
                "sh",
                "-c",
                "mount -t tmpfs -o size=" + mebibytes + "m tmpfs \"$0\" || exit 77; exec \"$@\"",
                mountPoint.toString()));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            System.getProperty("java.class.path"),
            scenarios.getName(),
            name,
            mountPoint.toString()));
    Process process;
    try {
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
    } catch (IOException e) {
      skip("the program unshare is missing");
      return;
    }
    if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
    String printed = Files.readString(output, UTF_8);
    if (process.exitValue() == NO_MOUNT || printed.startsWith("unshare:")) {
      skip("no small file system could be mounted: " + printed);
    }
    assertThat(process.exitValue()).as(printed).isZero();
  }

  private static void skip(String reason) {
    assertThat(System.getProperty("countersign.programs")).as(reason).isNotEqualTo("required");
    Assumptions.abort(reason);
  }

  /** The other end of {@link #run}: plays the scenario and ends the process. */
  public static void main(String[] arguments, Scenario scenario) {
    try {
      scenario.on(new SmallDisk(Path.of(arguments[1])));
      System.exit(0);
    } catch (Exception | AssertionError e) {
      e.printStackTrace();
      System.exit(1);
    }
  }

  public Path path() {
    return path;
  }

  public long freeBytes() throws IOException {
    return Files.getFileStore(path).getUsableSpace();
  }

  /** Takes all room but this much. */
  public void fillUpTo(long leaveFreeBytes) throws IOException {
    var block = ByteBuffer.allocate(MIB);
    try (var ballast =
        FileChannel.open(
            path.resolve("ballast"), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      while (freeBytes() > leaveFreeBytes) {
        block.clear().limit((int) Math.min(MIB, freeBytes() - leaveFreeBytes));
        ballast.write(block);
      }
    } catch (IOException e) {
      if (leaveFreeBytes > 0 || !String.valueOf(e.getMessage()).contains("No space left")) {
        throw e;
      }
    }
  }

  /** Gives all that room back. */
  public void makeRoom() throws IOException {
    Files.deleteIfExists(path.resolve("ballast"));
  }

  /** Changes the mount, as an administrator or a faulty disk would. */
  public void remount(String options) throws IOException, InterruptedException {
    int exit =
        new ProcessBuilder("mount", "-o", "remount," + options, path.toString())
            .inheritIO()
            .start()
            .waitFor();
    assertThat(exit).isZero();
  }
}
