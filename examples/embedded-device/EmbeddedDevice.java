// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0

import dev.countersign.client.agent.AgentListener;
import dev.countersign.client.agent.DeviceAgent;
import dev.countersign.client.agent.FileState;
import dev.countersign.client.telemetry.QueueLimits;
import dev.countersign.client.transport.JdkTransport;
import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.Scalar;
import dev.countersign.protocol.est.EnrolmentToken;
import dev.countersign.protocol.telemetry.Reading;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A device in ten lines: server, serial, token and state directory are its arguments. */
public final class EmbeddedDevice {
  private EmbeddedDevice() {}

  public static void main(String[] args) throws Exception {
    var token = Optional.of(EnrolmentToken.parse(args[2]));
    var account =
        new DeviceAgent.Account(
            URI.create(args[0]), DeviceSerial.parse(args[1]), token, Optional.empty());
    AgentListener log = event -> System.out.println(event);
    try (var files =
            FileState.open(Path.of(args[3]), QueueLimits.STANDARD, JdkTransport::open, log);
        var device =
            DeviceAgent.start(
                account, files.state(), answer -> System.out.println(answer.settings()), log)) {
      device.send(List.of(new Reading("temperature", new Scalar.Numeric(21.5), null)));
      Thread.currentThread().join(); // a device ends with its power
    }
  }
}
