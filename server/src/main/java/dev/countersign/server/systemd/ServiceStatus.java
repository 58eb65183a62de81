// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.systemd;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells systemd how the service is (sd_notify(3)); tells nobody where there is no systemd. What
 * cannot be told is logged, and changes nothing.
 */
public final class ServiceStatus {
  private static final Logger log = LoggerFactory.getLogger(ServiceStatus.class);

  /** Twice as often as it has to be, as sd_watchdog_enabled(3) says. */
  private static final int MARGIN = 2;

  private final @Nullable String address;
  private final @Nullable Duration watchdog;

  private ServiceStatus(@Nullable String address, @Nullable Duration watchdog) {
    this.address = address;
    this.watchdog = watchdog;
  }

  /** What the environment says about whom to tell. */
  public static ServiceStatus of(Map<String, String> environment, long processId) {
    String watchdogProcess = environment.get("WATCHDOG_PID");
    String micros = environment.getOrDefault("WATCHDOG_USEC", "");
    boolean isWatched =
        (watchdogProcess == null || watchdogProcess.equals(Long.toString(processId)))
            && micros.matches("[1-9]\\d{0,15}");
    return new ServiceStatus(
        environment.get("NOTIFY_SOCKET"),
        isWatched ? Duration.ofNanos(Long.parseLong(micros) * 1_000) : null);
  }

  /** How often {@link #alive} is to be told, if systemd waits for it. */
  public Optional<Duration> aliveEvery() {
    return Optional.ofNullable(watchdog).map(limit -> limit.dividedBy(MARGIN));
  }

  /** All listeners answer. */
  public void ready() {
    tell("READY=1");
  }

  /** The service still does what it is there for. */
  public void alive() {
    tell("WATCHDOG=1");
  }

  /** It ends, because it was asked to. */
  public void stopping() {
    tell("STOPPING=1");
  }

  private void tell(String message) {
    if (address == null) {
      return;
    }
    if (!Epoll.isAvailable()) {
      log.warn("systemd=not_told message={} cause=no_native_transport", message);
      return;
    }
    byte[] bytes = message.getBytes(UTF_8);
    ByteBuffer buffer = ByteBuffer.allocateDirect(bytes.length).put(bytes);
    // An address that begins with @ is in the abstract name space, and begins with 0 there.
    byte[] path = address.getBytes(UTF_8);
    if (path.length > 0 && path[0] == '@') {
      path[0] = 0;
    }
    try {
      Socket socket = Socket.newSocketDomainDgram();
      try {
        socket.sendToDomainSocket(buffer, 0, bytes.length, path);
      } finally {
        socket.close();
      }
    } catch (IOException e) {
      log.warn("systemd=not_told message={} cause={}", message, e.toString());
    }
  }
}
