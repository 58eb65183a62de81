// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.agent;

import dev.countersign.cli.terminal.CommandException;
import dev.countersign.client.agent.DeviceAgent.SealedWay;
import dev.countersign.client.sealed.Carrier;
import dev.countersign.client.sealed.DeviceKeys;
import dev.countersign.client.sealed.FileNumbersStorage;
import dev.countersign.client.sealed.HttpCarrier;
import dev.countersign.client.sealed.SealedDevice;
import dev.countersign.client.sealed.SealedProfile;
import dev.countersign.client.transport.Endpoint;
import dev.countersign.client.transport.JdkTransport;
import dev.countersign.client.transport.ServerTrust;
import dev.countersign.client.transport.TimeFloor;
import dev.countersign.client.transport.Transport;
import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.keys.SealedAlgorithm;
import dev.countersign.protocol.sealed.SealedMessage;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of an agent whose messages are sealed, and go through a relay. */
final class ByRelay {
  /** What servers and proxies take in a line of a request, less a path. */
  private static final int MAX_GET_CHARS = 1900;

  private static final int MIN_TOKEN_CHARS = 128;

  /** Named as on the command line. */
  enum Carriage {
    post,
    get
  }

  /** Named as on the command line. */
  enum Algorithm {
    ccm,
    ccm8,
    chacha20
  }

  @Option(
      names = "--relay",
      paramLabel = "URL",
      description =
          "With --mode sealed or mac: who carries the messages, such as"
              + " https://relay.example.com/r, http:// as well; or the server's own"
              + " https://devices.example.com:8443/r.")
  private Optional<URI> relay = Optional.empty();

  @Option(
      names = "--carriage",
      paramLabel = "HOW",
      defaultValue = "post",
      description = "How they are carried: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Carriage carriage = Carriage.post;

  @Option(
      names = "--algorithm",
      paramLabel = "NAME",
      defaultValue = "ccm",
      description =
          "With --mode sealed, as the device was registered: ${COMPLETION-CANDIDATES} (default:"
              + " ${DEFAULT-VALUE}).")
  private Algorithm algorithm = Algorithm.ccm;

  @Option(
      names = "--poll",
      paramLabel = "TIME",
      defaultValue = "60s",
      description =
          "How often settings are asked for, half to one and a half times this (default:"
              + " ${DEFAULT-VALUE}).")
  private Duration poll = SealedProfile.POLL_EVERY;

  @Option(
      names = "--max-token",
      paramLabel = "N",
      description =
          "Characters that the relay carries at once, there and back; longer messages go in parts"
              + " (default: 1900 with get).")
  private Optional<Long> maxToken = Optional.empty();

  /** Where the messages go, once it is known that they are sealed. */
  URI relay() throws CommandException {
    URI url =
        relay.orElseThrow(() ->
            CommandException.usage(
                "--mode sealed and mac need a relay", "give --relay URL; the server's own is /r"));
    boolean known = "https".equals(url.getScheme()) || "http".equals(url.getScheme());
    if (!known || url.getHost() == null) {
      throw CommandException.usage(
          "--relay expects a URL such as https://localhost:8443/r, got " + url,
          "write it with https:// or http://");
    }
    return url;
  }

  boolean isGiven() {
    return relay.isPresent();
  }

  /** How the device's messages are sealed and carried. */
  SealedWay way(
      DeviceSerial serial,
      boolean mac,
      DeviceKeys keys,
      Path state,
      TimeFloor floor,
      Optional<X509Certificate> trust,
      boolean enrols)
      throws CommandException {
    URI url = relay();
    int maxChars = maxTokenChars();
    Optional<SealedAlgorithm> sealing =
        mac ? Optional.empty() : SealedAlgorithm.named(algorithm.name());
    SealedDevice.NumbersOf numbers =
        generation ->
            new FileNumbersStorage(
                state.resolve((mac ? "mac" : "sealed") + "-numbers-" + generation));
    return new SealedWay(
        new SealedProfile(serial, sealing, poll),
        new SealedDevice.Platform(keys, numbers, floor),
        () -> carrier(url, maxChars, floor, trust),
        enrols);
  }

  private int maxTokenChars() throws CommandException {
    long chars =
        maxToken.orElse(
            carriage == Carriage.get ? (long) MAX_GET_CHARS : SealedMessage.MAX_TOKEN_CHARS);
    if (chars < MIN_TOKEN_CHARS || chars > SealedMessage.MAX_TOKEN_CHARS) {
      throw CommandException.usage(
          "--max-token expects "
              + MIN_TOKEN_CHARS
              + " to "
              + SealedMessage.MAX_TOKEN_CHARS
              + ", got "
              + chars,
          "leave it out if the relay has no limit");
    }
    return (int) chars;
  }

  private Carrier carrier(URI url, int maxChars, TimeFloor floor, Optional<X509Certificate> trust)
      throws IOException {
    Transport transport =
        trust.isPresent() && "https".equals(url.getScheme())
            ? JdkTransport.open(
                new Endpoint(url, new ServerTrust.Root(trust.get()), floor, Optional.empty()))
            : JdkTransport.toRelay(url);
    String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
    String path = (url.getRawPath().isEmpty() ? "/" : url.getRawPath()) + query;
    return carriage == Carriage.get
        ? HttpCarrier.get(transport, path, maxChars)
        : HttpCarrier.post(transport, path, maxChars);
  }
}
