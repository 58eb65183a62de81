// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub;

import dev.countersign.hub.device.HubDevice;
import dev.countersign.hub.gateway.HubAnswer;
import dev.countersign.hub.gateway.HubRequest;
import dev.countersign.hub.identity.HubIdentity;
import dev.countersign.hub.page.HubFacts;
import dev.countersign.hub.page.HubPage;
import dev.countersign.hub.page.PageAnswer;
import dev.countersign.hub.page.PageRequest;
import dev.countersign.hub.page.PageView;
import dev.countersign.protocol.Sha256;
import java.io.IOException;
import java.security.cert.CertificateEncodingException;
import java.util.function.Function;

/** Brings the page to the port, and what the panel shows to the page. */
final class MountedPage {
  private MountedPage() {}

  /** What anybody may know of this hub. */
  static HubFacts facts(HubIdentity identity, HubOptions options, HubDevice device)
      throws IOException {
    try {
      return new HubFacts(
          options.name().orElse(device.model()),
          device.model(),
          identity.serial().value(),
          identity.id(),
          identity.keyHash(),
          Sha256.of(identity.root().getEncoded()));
    } catch (CertificateEncodingException e) {
      throw new IOException("the maker's root cannot be encoded", e);
    }
  }

  static Function<HubRequest, HubAnswer> of(HubFacts facts, HubPanel panel) {
    var page = new HubPage(facts, () -> view(panel));
    return request -> {
      PageAnswer answer =
          page.answer(
              new PageRequest(
                  request.method(), request.path(), request.headers(), request.fromTheHub()));
      return new HubAnswer(answer.status(), answer.headers(), answer.bytes());
    };
  }

  private static PageView view(HubPanel panel) {
    return new PageView(
        panel.isOwned(),
        panel
            .screen()
            .map(screen ->
                new PageView.Window(
                    screen.code(), screen.manual(), screen.validFor(), screen.windowCloses())));
  }
}
