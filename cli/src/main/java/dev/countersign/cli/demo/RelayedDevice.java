// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.demo;

import static dev.countersign.cli.demo.Stage.require;
import static dev.countersign.cli.demo.Stage.temperature;

import dev.countersign.cli.terminal.CommandException;
import dev.countersign.client.sealed.Carrier;
import dev.countersign.client.sealed.FileDeviceKeys;
import dev.countersign.client.sealed.FileNumbersStorage;
import dev.countersign.client.sealed.SealedDevice;
import dev.countersign.client.sealed.SealedProfile;
import dev.countersign.client.sealed.SecretFile;
import dev.countersign.client.storage.DurableFile;
import dev.countersign.client.storage.StateDirectory;
import dev.countersign.client.transport.TimeFloor;
import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.keys.SealedAlgorithm;
import dev.countersign.protocol.telemetry.JsonReadings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/**
 * A device whose messages are sealed and carried by the vendor's cloud. What it must not forget is
 * in files. Its messages are numbered as its queue would do it, and each holds its number as the
 * reading, so that one that is missing, false or there twice shows.
 */
final class RelayedDevice implements AutoCloseable {
  private final DeviceSerial serial;
  private final VendorCloud cloud;
  private final Path state;
  private SealedDevice device;
  private int last;

  /** What an operator was shown of it at registration, and where it keeps it. */
  RelayedDevice(Stage stage, DeviceSerial serial, VendorCloud cloud)
      throws CommandException, IOException {
    this.serial = serial;
    this.cloud = cloud;
    this.state = stage.scratch().resolve("device-" + serial);
    StateDirectory.make(state);
    DurableFile.replace(secretFile(), stage.registerWithSecret(serial, "sealed"));
    this.device = open();
  }

  private Path secretFile() {
    return state.resolve("secret");
  }

  private Path numbersFile() {
    return state.resolve("sealed-numbers-1");
  }

  private SealedDevice open() throws IOException {
    Carrier carrier = cloud.by(module());
    return SealedDevice.open(
        SealedProfile.oscore(serial, SealedAlgorithm.CCM),
        new SealedDevice.Platform(
            new FileDeviceKeys(new SecretFile(secretFile()), 1, state),
            _ -> new FileNumbersStorage(numbersFile()),
            new TimeFloor()),
        carrier);
  }

  DeviceSerial serial() {
    return serial;
  }

  /** What the vendor calls it. */
  String module() {
    return "module-" + serial;
  }

  Path state() {
    return state;
  }

  SealedDevice device() {
    return device;
  }

  /** The next reading, for whatever way it takes. */
  int next() {
    return ++last;
  }

  /** Sends the next reading. */
  void send() throws IOException, ProtocolException {
    send(next());
  }

  /** Sends the last reading again, as a queue does that heard nothing of it. */
  void sendAgain() throws IOException, ProtocolException {
    send(last);
  }

  /** Sends a reading again that is older than the last. */
  void sendBeforeLastAgain() throws IOException, ProtocolException {
    send(last - 1);
  }

  private void send(int number) throws IOException, ProtocolException {
    device.send(JsonReadings.encode(List.of(temperature(number))), OptionalLong.of(number));
  }

  /** Loses its sequence numbers, as in a power cut that wiped a file, and starts again. */
  void loseState() throws IOException {
    device.close();
    DurableFile.delete(numbersFile());
    device = open();
  }

  /** What the operator sees must be what it measured: nothing more, nothing less, nothing twice. */
  void requireStored(Stage stage, int upTo) throws CommandException {
    List<Integer> stored =
        stage.readings(serial).stream()
            .map(reading -> reading.path("value").asInt())
            .sorted()
            .toList();
    List<Integer> measured = IntStream.rangeClosed(1, upTo).boxed().toList();
    require(
        stored.equals(measured),
        "expected the readings " + measured + " of " + serial + ", got " + stored);
  }

  /** All of them are there, once. */
  void requireExactlyOnce(Stage stage) throws CommandException {
    requireStored(stage, last);
  }

  /** The last one is not there. */
  void requireLastMissing(Stage stage) throws CommandException {
    requireStored(stage, last - 1);
  }

  @Override
  public void close() {
    device.close();
  }
}
