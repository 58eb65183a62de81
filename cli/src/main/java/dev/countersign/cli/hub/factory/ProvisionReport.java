// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.hub.factory;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Printable;
import dev.countersign.cli.terminal.Terminal;
import dev.countersign.client.storage.DurableFile;
import dev.countersign.hub.factory.Provisioned;
import dev.countersign.hub.factory.Quota;
import dev.countersign.hub.identity.HubIdentity;
import dev.countersign.hub.qr.QrPicture;
import dev.countersign.protocol.SecretAccess;
import dev.countersign.protocol.x509.Certificates;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What a line has to know of a hub it made, and the text of its label: a secret, shown once. */
record ProvisionReport(Provisioned made, Quota quota, Path state) {
  /** Half a millimetre for each module on a printer of 400 dots an inch. */
  private static final int PIXELS_PER_MODULE = 8;

  private String label() {
    return made.identity().labelCode().text(SecretAccess.insecure());
  }

  /** Writes the label's code as pictures. */
  void draw(Optional<Path> svg, Optional<Path> png) throws IOException {
    QrPicture picture = QrPicture.of(label());
    if (svg.isPresent()) {
      DurableFile.replace(
          svg.get(), picture.svg("QR code of hub " + made.identity().id()).getBytes(UTF_8));
    }
    if (png.isPresent()) {
      DurableFile.replace(png.get(), picture.png(PIXELS_PER_MODULE));
    }
  }

  void print(Terminal terminal, boolean json) throws CommandException {
    var output = new Output(terminal, json);
    HubIdentity hub = made.identity();
    String label = label();
    ObjectNode view = new JsonMapper().createObjectNode();
    view.put("hubId", hub.id().toString());
    view.put("serial", hub.serial().value());
    view.put("keySha256", hub.keyHash().hex());
    view.put("keyCounter", hub.keyCounter());
    view.put("certificateSha256", Certificates.fingerprint(hub.leaf()).hex());
    view.put("rootSha256", Certificates.fingerprint(hub.root()).hex());
    view.put("station", quota.station());
    made.number().ifPresent(number -> view.put("number", number));
    view.put("issued", made.issued());
    view.put("quota", quota.hubs());
    view.put("label", label);
    output.json(view);
    output.done("hub id                 " + hub.id());
    output.done("serial                 " + hub.serial());
    output.done("key (SHA-256)          " + hub.keyHash().hex());
    output.done("certificate (SHA-256)  " + Certificates.fingerprint(hub.leaf()).hex());
    output.done(
        "station                "
            + "%s  %d of %d made, until %s"
                .formatted(
                    quota.station(), made.issued(), quota.hubs(), Printable.time(quota.until())));
    if (made.number().isEmpty()) {
      output.done("finished               what an earlier attempt began");
    }
    output.text("");
    output.text("  The label's text, a secret, shown this once:  " + label);
    output.text("");
    output.next("print it as a QR code on the hub's label; it pairs after a press on the button");
    output.next("countersign hub run --state " + state);
  }
}
