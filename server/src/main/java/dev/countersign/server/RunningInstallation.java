// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server;

import dev.countersign.protocol.x509.Certificates;
import dev.countersign.server.attention.Attention;
import dev.countersign.server.attention.AttentionSource;
import dev.countersign.server.console.InstallationView;
import dev.countersign.server.database.DatabaseException;
import dev.countersign.server.disk.DiskWatch;
import dev.countersign.server.disk.FreeSpace;
import dev.countersign.server.http.HttpListener;
import dev.countersign.server.installation.Authorities;
import dev.countersign.server.installation.Installation;
import dev.countersign.server.telemetry.ReadingStore;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the operator API tells about this server; says "not ready" until all listeners are open. */
final class RunningInstallation implements InstallationView {
  private record Running(Server server, Metrics metrics, AttentionSource attention) {}

  private final Installation installation;
  private final ServerConfig config;
  private final DiskWatch disk;
  private final ReadingStore readings;
  private final Instant startedAt;
  private volatile @Nullable Running running;

  RunningInstallation(
      Installation installation,
      ServerConfig config,
      DiskWatch disk,
      ReadingStore readings,
      Clock clock) {
    this.installation = installation;
    this.config = config;
    this.readings = readings;
    this.disk = disk;
    this.startedAt = clock.instant();
  }

  void running(Server server, Metrics metrics, AttentionSource attention) {
    running = new Running(server, metrics, attention);
  }

  @Override
  public List<Map<String, Object>> listeners() {
    Running now = running;
    var views = new ArrayList<Map<String, Object>>();
    for (HttpListener listener : now == null ? List.<HttpListener>of() : now.server.listeners()) {
      Map<String, Object> view = new LinkedHashMap<>();
      view.put("name", listener.name());
      view.put("port", listener.port());
      view.put("connections", listener.openConnections());
      views.add(view);
    }
    return views;
  }

  @Override
  public List<Map<String, Object>> authorities() {
    var views = new ArrayList<Map<String, Object>>();
    installation
        .authorities()
        .certificates()
        .forEach((name, certificate) -> views.add(view(name, certificate)));
    return views;
  }

  private static Map<String, Object> view(String name, X509Certificate certificate) {
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("name", name);
    view.put("subject", certificate.getSubjectX500Principal().getName());
    view.put("sha256", Certificates.fingerprint(certificate).hex());
    view.put("notBefore", certificate.getNotBefore().toInstant().toString());
    view.put("notAfter", certificate.getNotAfter().toInstant().toString());
    view.put("keyAlgorithm", certificate.getPublicKey().getAlgorithm());
    view.put("issues", issues(name));
    return view;
  }

  private static List<String> issues(String name) {
    return switch (name) {
      case Authorities.ROOT -> List.of(Authorities.DEVICE, Authorities.HUB, Authorities.SERVER);
      case Authorities.DEVICE -> List.of("devices");
      case Authorities.HUB -> List.of("hubs");
      case Authorities.SERVER -> List.of("this server");
      case Authorities.OPERATOR -> List.of("operators");
      default -> List.of();
    };
  }

  @Override
  public String version() {
    String version = Server.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  @Override
  public Instant startedAt() {
    return startedAt;
  }

  @Override
  public Instant serverCertificateEnds() {
    Running now = running;
    return now == null ? Instant.MAX : now.server.certificate().getNotAfter().toInstant();
  }

  @Override
  public List<Map<String, Object>> disk() {
    var views = new ArrayList<Map<String, Object>>();
    for (DiskWatch.Place place : disk.places()) {
      Map<String, Object> view = new LinkedHashMap<>();
      view.put("directory", place.name());
      view.put("freeBytes", place.space().map(FreeSpace::freeBytes).orElse(null));
      view.put("totalBytes", place.space().map(FreeSpace::totalBytes).orElse(null));
      view.put("state", place.state().name().toLowerCase(Locale.ROOT));
      views.add(view);
    }
    return views;
  }

  @Override
  public Map<String, Object> readings() {
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("bytes", readingsBytes().orElse(null));
    view.put("maxBytes", config.readings().maxBytes());
    view.put("retentionDays", config.readings().retentionDays());
    return view;
  }

  /** The store may be closed, after a failed write: status is asked for just then. */
  private Optional<Long> readingsBytes() {
    try {
      return Optional.of(readings.bytes());
    } catch (DatabaseException e) {
      return Optional.empty();
    }
  }

  @Override
  public List<Attention> attention() {
    Running now = running;
    return now == null ? List.of() : now.attention.look();
  }

  @Override
  public boolean isReady() {
    return running != null && disk.takesWrites();
  }

  @Override
  public String metrics() {
    Running now = running;
    return now == null ? "" : now.metrics.scrape();
  }
}
