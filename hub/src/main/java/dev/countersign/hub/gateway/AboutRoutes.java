// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.gateway;

import dev.countersign.hub.device.HubDevice;
import dev.countersign.hub.phones.AuthenticatedPhone;
import dev.countersign.hub.phones.Phone;
import dev.countersign.hub.phones.Phones;
import dev.countersign.hub.time.HubTime;
import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.pairing.HubId;
import dev.countersign.protocol.pairing.Role;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;

/** The hub itself: who it is, who the phone is to it, and its time. */
final class AboutRoutes {
  private final About about;
  private final HubDevice device;
  private final Phones phones;
  private final HubTime time;

  /**
   * What does not change while the hub runs.
   *
   * @param keyCounter how often its key was replaced
   */
  record About(HubId id, DeviceSerial serial, long keyCounter) {}

  AboutRoutes(About about, HubDevice device, Phones phones, HubTime time) {
    this.about = about;
    this.device = device;
    this.phones = phones;
    this.time = time;
  }

  Map<String, Map<String, PhoneRoutes.Route>> routes() {
    return Map.of(
        "/v1/hub", Map.of("GET", (phone, request) -> hub(phone.phone())),
        "/v1/time", Map.of("PUT", this::setTime));
  }

  private HubAnswer hub(Phone phone) {
    var node =
        HubAnswer.JSON
            .createObjectNode()
            .put("hubId", about.id().toString())
            .put("model", device.model())
            .put("serial", about.serial().value())
            .put("epoch", phones.state().epoch())
            .put("phoneId", phone.id())
            .put("name", phone.name())
            .put("role", phone.role().wireName())
            .put("keyCounter", about.keyCounter());
    node.put("expires", phone.expires().map(Object::toString).orElse(null));
    node.put("time", time.now().map(Object::toString).orElse(null));
    return HubAnswer.json(node);
  }

  private HubAnswer setTime(AuthenticatedPhone by, HubRequest request)
      throws IOException, MalformedException {
    if (by.role() != Role.OWNER) {
      return Problem.role("only an owner tells the hub the time");
    }
    Instant told =
        JsonFields.read(request, "time")
            .instant("time")
            .orElseThrow(() -> new MalformedException("time", "expected a time"));
    if (told.isBefore(time.floor())) {
      return HubAnswer.problem(
          409,
          "time-rewind",
          "The hub's time never goes back",
          "expected at least " + time.floor() + "; look at this phone's clock");
    }
    phones.keepTime(told);
    time.told(told);
    return HubAnswer.json(HubAnswer.JSON.createObjectNode().put("time", time.floor().toString()));
  }
}
