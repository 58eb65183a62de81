// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.console;

import dev.countersign.protocol.SecretAccess;
import dev.countersign.server.relay.RelayAccount;
import dev.countersign.server.relay.RelayMode;
import dev.countersign.server.relay.RelaySecret;
import dev.countersign.server.relay.health.DeviceTally;
import dev.countersign.server.relay.health.RelayReport;
import dev.countersign.server.relay.health.Tally;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How the operator API shows relays. */
final class RelayViews {
  private RelayViews() {}

  /** A new one, with its secret: the only time that it is shown. */
  static Map<String, @Nullable Object> added(RelayAccount account, RelaySecret secret) {
    Map<String, @Nullable Object> view = account(account);
    view.put("secret", secret.text(SecretAccess.insecure()));
    view.put(
        "header",
        switch (account.mode()) {
          case SIGNED -> "Countersign-Relay: t=<seconds>,id=<delivery>,v1=<hex HMAC-SHA256>";
          case STATIC -> "Authorization: Bearer <secret>";
        });
    return view;
  }

  private static Map<String, @Nullable Object> account(RelayAccount account) {
    var view = new LinkedHashMap<String, @Nullable Object>();
    view.put("name", account.name());
    view.put("mode", account.mode().wireName());
    view.put("weak", account.mode() == RelayMode.STATIC);
    view.put("field", account.field());
    view.put("errorsAs200", account.errorsAs200());
    view.put("path", account.path());
    view.put("createdAt", account.createdAt().toString());
    view.put("createdBy", account.createdBy());
    view.put("frozenAt", account.frozenAt().map(Instant::toString).orElse(null));
    view.put("lastUsed", account.lastUsed().map(Instant::toString).orElse(null));
    view.put("blastRadiusDevices", RelayReport.BLAST_RADIUS_DEVICES);
    return view;
  }

  static Map<String, @Nullable Object> report(RelayReport report) {
    Map<String, @Nullable Object> view = account(report.account());
    view.put("state", report.state().wireName());
    view.put("verdict", report.verdict());
    view.put("findings", findings(report.tallies()));
    return view;
  }

  static Map<String, Object> device(DeviceTally tally) {
    var view = new LinkedHashMap<String, Object>();
    view.put("serial", tally.serial().value());
    view.put("findings", findings(tally.tallies()));
    return view;
  }

  private static Map<String, Object> findings(List<Tally> tallies) {
    var view = new LinkedHashMap<String, Object>();
    for (Tally tally : tallies) {
      var one = new LinkedHashMap<String, Object>();
      one.put("count", tally.count());
      one.put("since", tally.firstAt().toString());
      one.put("last", tally.lastAt().toString());
      view.put(tally.kind().wireName(), one);
    }
    return view;
  }
}
