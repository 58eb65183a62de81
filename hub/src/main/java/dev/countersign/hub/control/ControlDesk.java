// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.control;

import dev.countersign.hub.HubPanel;
import dev.countersign.hub.page.HubFacts;
import dev.countersign.hub.pairing.Screen;
import dev.countersign.hub.phones.Phone;
import dev.countersign.protocol.SecretAccess;
import java.io.IOException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Does at the panel what was asked. */
final class ControlDesk {
  private static final Logger LOG = LoggerFactory.getLogger(ControlDesk.class);

  private final HubFacts facts;
  private final int port;
  private final HubPanel panel;

  ControlDesk(HubFacts facts, int port, HubPanel panel) {
    this.facts = facts;
    this.port = port;
    this.panel = panel;
  }

  ControlAnswer answer(ControlRequest request) {
    try {
      return switch (request) {
        case ControlRequest.Status() -> done(status());
        case ControlRequest.Screen() ->
            panel
                .screen()
                .map(screen -> done(screen(screen)))
                .orElseGet(() -> new ControlAnswer.Refused(ControlAnswer.Reason.NO_WINDOW));
        case ControlRequest.Label() ->
            done(object().put("text", panel.label().text(SecretAccess.insecure())));
        case ControlRequest.PressButton() -> {
          panel.pressButton();
          yield done(status());
        }
        case ControlRequest.Phones() -> done(phones());
        case ControlRequest.Remove(String phone) -> remove(phone);
        case ControlRequest.Reset() -> {
          panel.reset();
          yield done(status());
        }
      };
    } catch (IOException | RuntimeException e) {
      LOG.error("control request failed request={}", request.wireName(), e);
      return new ControlAnswer.Refused(ControlAnswer.Reason.FAILED);
    }
  }

  private static ControlAnswer done(ObjectNode result) {
    return new ControlAnswer.Done(result);
  }

  private static ObjectNode object() {
    return ControlWire.JSON.createObjectNode();
  }

  private ObjectNode status() {
    ObjectNode status =
        object()
            .put("name", facts.name())
            .put("model", facts.model())
            .put("serial", facts.serial())
            .put("hubId", facts.id().toString())
            .put("keySha256", facts.key().hex())
            .put("rootSha256", facts.root().hex())
            .put("port", port)
            .put("owned", panel.isOwned())
            .put("phones", panel.phones().size());
    panel
        .screen()
        .ifPresentOrElse(
            screen -> status.put("windowClosesInSeconds", screen.windowCloses().toSeconds()),
            () -> status.putNull("windowClosesInSeconds"));
    return status;
  }

  private static ObjectNode screen(Screen screen) {
    return object()
        .put("text", screen.code().text(SecretAccess.insecure()))
        .put("manualCode", screen.manual().digits(SecretAccess.insecure()))
        .put("role", screen.code().role().wireName())
        .put("expiresInSeconds", screen.validFor().toSeconds())
        .put("windowClosesInSeconds", screen.windowCloses().toSeconds());
  }

  private ObjectNode phones() {
    ObjectNode answer = object();
    ArrayNode list = answer.putArray("phones");
    panel.phones().forEach(phone -> list.add(phone(phone)));
    return answer;
  }

  private static ObjectNode phone(Phone phone) {
    return object()
        .put("id", phone.id())
        .put("name", phone.name())
        .put("role", phone.role().wireName())
        .put("status", phone.status().name().toLowerCase(Locale.ROOT))
        .put("epoch", phone.epoch())
        .put("addedBy", phone.addedBy().orElse(null))
        .put("lastSeen", text(phone.lastSeen()))
        .put("expires", text(phone.expires()))
        .put("key", phone.key().hex())
        .put("certificate", phone.certificate().hex());
  }

  private static @Nullable String text(Optional<Instant> instant) {
    return instant.map(Instant::toString).orElse(null);
  }

  private ControlAnswer remove(String phone) throws IOException {
    return switch (panel.remove(phone)) {
      case HubPanel.Removal.Removed(Phone removed) -> done(phone(removed));
      case HubPanel.Removal.NoSuchPhone() ->
          new ControlAnswer.Refused(ControlAnswer.Reason.NO_SUCH_PHONE);
      case HubPanel.Removal.SeveralOfThatName() ->
          new ControlAnswer.Refused(ControlAnswer.Reason.SEVERAL_OF_THAT_NAME);
      case HubPanel.Removal.LastOwner() ->
          new ControlAnswer.Refused(ControlAnswer.Reason.LAST_OWNER);
    };
  }
}
