// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.systemd;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;

/**
 * Makes a descriptor one that does not block (fcntl(2)). systemd passes sockets that do, unless the
 * unit says otherwise, and an event loop would stand still in the first accept that finds nobody.
 */
final class NonBlocking {
  private static final int F_GETFL = 3;
  private static final int F_SETFL = 4;

  /** On Linux for x86-64 and for ARM. */
  private static final int O_NONBLOCK = 0x800;

  /** The arguments from this one on are variadic. */
  private static final int VARIADIC = 2;

  private NonBlocking() {}

  @SuppressWarnings("restricted") // the launcher permits native access, which the stores need too
  static void set(int descriptor) throws IOException {
    Linker linker = Linker.nativeLinker();
    MethodHandle fcntl =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("fcntl"),
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT),
            Linker.Option.firstVariadicArg(VARIADIC));
    int flags = call(fcntl, descriptor, F_GETFL, 0);
    if (flags < 0 || call(fcntl, descriptor, F_SETFL, flags | O_NONBLOCK) < 0) {
      throw new IOException("descriptor " + descriptor + " cannot be made non-blocking");
    }
  }

  private static int call(MethodHandle fcntl, int descriptor, int command, int argument) {
    try {
      return (int) fcntl.invokeExact(descriptor, command, argument);
    } catch (Throwable e) { // declared by every method handle
      throw new AssertionError("fcntl throws nothing", e);
    }
  }
}
