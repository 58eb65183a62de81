// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.remote;

import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Problems;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** Says what a broken connection means: nobody there, somebody else there, or not welcome. */
final class ConnectionFailures {
  private ConnectionFailures() {}

  static CommandException explain(URI server, IOException e) {
    Optional<CertificateException> distrust = cause(e, CertificateException.class);
    if (cause(e, UnresolvedAddressException.class).isPresent()) {
      return unreachable(server, "no such host", "check the name in --server");
    } else if (e instanceof HttpConnectTimeoutException) {
      return unreachable(
          server, "no connection within 10 seconds", "check --server, and firewalls on the way");
    } else if (e instanceof HttpTimeoutException) {
      return unreachable(
          server, "no answer within 60 seconds", "look into the server's log, then try again");
    } else if (cause(e, ConnectException.class).isPresent()) {
      return unreachable(
          server,
          "connection refused",
          "start it with `countersign serve`, or name another with --server URL");
    } else if (distrust.isPresent()) {
      return distrusted(server, distrust.get());
    } else if (cause(e, SSLException.class).isPresent()) {
      return handshake(server, cause(e, SSLException.class).get());
    }
    return unreachable(
        server,
        "the connection broke: " + Problems.reason(e),
        "look into the server's log, and check what was done before trying again");
  }

  private static CommandException unreachable(URI server, String why, String advice) {
    return CommandException.unreachable("cannot reach " + server + ": " + why, advice);
  }

  /** The other side has a certificate, but not one that this operator's root vouches for. */
  private static CommandException distrusted(URI server, CertificateException e) {
    String message = String.valueOf(e.getMessage());
    if (message.startsWith("No ") && message.contains("name")) {
      return unreachable(
          server,
          "its certificate is not for the name " + server.getHost(),
          "use a name the server was set up with, or add this one: `countersign init --hostname`");
    }
    Optional<CertPathValidatorException> path = cause(e, CertPathValidatorException.class);
    String reason =
        path.filter(p -> p.getReason() == CertPathValidatorException.BasicReason.EXPIRED)
            .map(_ -> "its certificate has expired")
            .orElse("its certificate does not come from the root in the operator identity");
    return unreachable(
        server, reason, "give the identity of this server with --identity; nothing was sent to it");
  }

  /** An alert of the other side is its judgement of us; all else is no TLS at all. */
  private static CommandException handshake(URI server, SSLException e) {
    return isAlert(e)
        ? turnedAway(server)
        : unreachable(server, "no TLS there", "check the port of --server");
  }

  /** Whether the connection was made and then broke without a word. */
  static boolean isUnexplained(IOException e) {
    return !(e instanceof HttpTimeoutException)
        && cause(e, ConnectException.class).isEmpty()
        && cause(e, CertificateException.class).isEmpty()
        && cause(e, UnresolvedAddressException.class).isEmpty();
  }

  /** The other side ended the connection by an alert: it does not want us. */
  static boolean isAlert(SSLException e) {
    return String.valueOf(e.getMessage()).contains("Received fatal alert");
  }

  /** The server is the right one, and this operator is not. */
  static CommandException turnedAway(URI server) {
    return CommandException.refused(
        server + " refused this operator identity",
        "it may be removed, expired or of another server: use a present one with --identity");
  }

  private static <T extends Throwable> Optional<T> cause(Throwable thrown, Class<T> type) {
    Throwable at = thrown;
    // A chain of causes could be a ring; nobody nests deeper than this.
    for (int depth = 0; at != null && depth < 20; depth++, at = at.getCause()) {
      if (type.isInstance(at)) {
        return Optional.of(type.cast(at));
      }
    }
    return Optional.empty();
  }
}
