// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server;

import io.netty.handler.ssl.OpenSsl;
import org.rocksdb.RocksDB;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is loaded from files of machine code: a good part of a start. Begun early on a thread of its
 * own, it is done, or nearly, when the server comes to use it.
 */
public final class NativeLibraries {
  private static final Logger log = LoggerFactory.getLogger(NativeLibraries.class);

  private NativeLibraries() {}

  /** Begins to load; who uses a library before it is there waits for it. */
  public static void beginLoading() {
    Thread.ofPlatform().daemon().name("native-libraries").start(NativeLibraries::load);
  }

  private static void load() {
    try {
      OpenSsl.isAvailable();
      RocksDB.loadLibrary();
    } catch (Exception | LinkageError e) {
      // Whoever needs it meets the same, and can say what for.
      log.debug("native_library=failed", e);
    }
  }
}
