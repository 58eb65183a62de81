// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.phone;

import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Problems;
import dev.countersign.client.control.RemovedFromHubException;
import dev.countersign.client.hub.HubAddress;
import dev.countersign.client.hub.HubRefusedException;
import dev.countersign.client.hub.OtherHubException;
import dev.countersign.client.hub.RepeatedHubKeyException;
import dev.countersign.protocol.NotAuthenticException;
import dev.countersign.protocol.pairing.HubId;
import dev.countersign.protocol.x509.ChainRefusedException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;

/** Says what went wrong with a hub, and what to do next. */
final class HubFailures {
  private final PhoneCommand command;
  private final HubAddress address;

  HubFailures(PhoneCommand command, HubAddress address) {
    this.command = command;
    this.address = address;
  }

  CommandException explain(Exception e) {
    return switch (e) {
      case OtherHubException other when other.isSameHub() ->
          CommandException.refused(
              other.getMessage() + "; the old key did not name the new one",
              "nothing was sent. If its maker gave the hub a new key, pair again; else somebody"
                  + " poses as it");
      case OtherHubException other ->
          CommandException.refused(
              other.getMessage(),
              "nothing was sent. Give this hub's own address with --address, or find it: "
                  + "`countersign phone scan`");
      case RepeatedHubKeyException repeated ->
          CommandException.refused(
              repeated.getMessage(), "nothing was sent. Use neither, and tell their maker");
      case ChainRefusedException chain ->
          CommandException.refused(
              "what answers at " + address + " is not the hub that is meant: " + chain.getMessage(),
              "nothing was sent. Check the address, and --root if you gave one");
      case NotAuthenticException _ ->
          CommandException.refused(
              "what answers at " + address + " does not have the secret of the code",
              "nothing was stored. Read a new code from the hub's own screen");
      case RemovedFromHubException removed ->
          CommandException.refused(
              removed.getMessage(),
              "pair again, or " + command.command("forget") + " if it is not wanted any more");
      case HubRefusedException refused -> refused(refused);
      case IOException io -> unreachable(io);
      default ->
          CommandException.refused(
              "the hub at "
                  + address
                  + " says something this program does not understand: "
                  + e.getMessage(),
              "use versions that belong together: `countersign --version`");
    };
  }

  CommandException removed(HubId hub) {
    return CommandException.refused(
        "hub " + hub + " does not know this phone any more",
        "pair again, or " + command.command("forget") + " if it is not wanted any more");
  }

  private CommandException refused(HubRefusedException e) {
    String advice =
        switch (e.problem()) {
          case "role" -> "ask an owner or admin of this hub";
          case "last-owner" ->
              "nobody would own the hub: hand it on first, " + command.command("transfer");
          case "time-rewind" -> "a hub's time only advances";
          case "phones-full" -> "remove a phone first: " + command.command("remove PHONE");
          case "not-done" -> "the device itself says why";
          case "overload" -> "try again in a moment";
          default -> command.command("status") + " shows what this phone is there";
        };
    return CommandException.refused(e.getMessage(), advice);
  }

  private CommandException unreachable(IOException e) {
    String why =
        switch (e) {
          case UnknownHostException _ -> "no such host";
          case ConnectException _ -> "connection refused";
          case SocketTimeoutException _ -> "no answer in time";
          default -> Problems.reason(e);
        };
    return CommandException.unreachable(
        "cannot reach a hub at " + address + ": " + why,
        "join its network, or look where it is: " + "`countersign phone scan`");
  }
}
