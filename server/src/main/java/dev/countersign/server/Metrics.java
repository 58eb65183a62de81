// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server;

import dev.countersign.server.disk.DiskWatch;
import dev.countersign.server.disk.WatchedStore;
import dev.countersign.server.fleet.DeviceDirectory;
import dev.countersign.server.gateway.OpenConnections;
import dev.countersign.server.http.ConnectionFailure.Limit;
import dev.countersign.server.http.HttpListener;
import dev.countersign.server.journal.Journal;
import dev.countersign.server.journal.Reason;
import dev.countersign.server.registry.DeviceStatus;
import dev.countersign.server.relay.health.FindingKind;
import dev.countersign.server.relay.health.RelayHealth;
import dev.countersign.server.telemetry.ReadingStore;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What {@code /metrics} shows. Counted in the listeners; read here when somebody asks. */
final class Metrics {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final DeviceDirectory devices;

  /** As of the scrape under way: to count a million devices once is enough. */
  private volatile Map<DeviceStatus, Long> counted = Map.of();

  Metrics(
      List<HttpListener> listeners,
      OpenConnections connections,
      DeviceDirectory devices,
      Journal journal,
      RelayHealth relays,
      DiskWatch disk,
      ReadingStore readings) {
    this.devices = devices;
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    for (HttpListener listener : listeners) {
      Gauge.builder("countersign.connections", listener, HttpListener::openConnections)
          .tag("listener", listener.name())
          .register(registry);
      Gauge.builder("countersign.handshakes", listener, HttpListener::handshakes)
          .tag("listener", listener.name())
          .register(registry);
      Gauge.builder("countersign.bodies.bytes", listener, HttpListener::bodyBytesInMemory)
          .tag("listener", listener.name())
          .register(registry);
      for (Limit limit : Limit.values()) {
        FunctionCounter.builder(
                "countersign.connections.refused", listener, counted -> counted.refusedFor(limit))
            .tag("listener", listener.name())
            .tag("limit", limit.name().toLowerCase(Locale.ROOT))
            .register(registry);
      }
      for (int status : HttpListener.COUNTED_STATUSES) {
        FunctionCounter.builder(
                "countersign.requests", listener, counted -> counted.answered(status))
            .tag("listener", listener.name())
            .tag("status", Integer.toString(status))
            .register(registry);
      }
    }
    Gauge.builder("countersign.devices.connected", connections, OpenConnections::devices)
        .register(registry);
    for (DeviceStatus status : DeviceStatus.values()) {
      Gauge.builder("countersign.devices", this, m -> m.counted.getOrDefault(status, 0L))
          .tag("status", status.wireName())
          .register(registry);
    }
    refusals(journal);
    relays(relays);
    disk(disk);
    Gauge.builder("countersign.readings.bytes", readings, ReadingStore::bytes).register(registry);
    new FileDescriptorMetrics().bindTo(registry);
  }

  private void refusals(Journal journal) {
    for (Reason reason : Reason.values()) {
      FunctionCounter.builder("countersign.refusals", journal, counted -> counted.count(reason))
          .tag("step", reason.step().wireName())
          .tag("reason", reason.wireName())
          .register(registry);
    }
    FunctionCounter.builder("countersign.journal.dropped", journal, Journal::dropped)
        .register(registry);
  }

  private void relays(RelayHealth relays) {
    for (FindingKind kind : FindingKind.values()) {
      FunctionCounter.builder("countersign.relay.messages", relays, health -> health.count(kind))
          .tag("finding", kind.wireName())
          .register(registry);
    }
    FunctionCounter.builder("countersign.relay.dropped", relays, RelayHealth::dropped)
        .register(registry);
  }

  private void disk(DiskWatch disk) {
    for (DiskWatch.Place place : disk.places()) {
      Gauge.builder("countersign.disk.free.bytes", disk, watch -> watch.freeBytes(place.name()))
          .tag("directory", place.name())
          .register(registry);
    }
    Gauge.builder("countersign.disk.alarm", disk, watch -> watch.state().severity())
        .register(registry);
    for (WatchedStore store : disk.stores()) {
      Gauge.builder(
              "countersign.store.failing",
              disk,
              watch -> watch.failing().containsKey(store.name()) ? 1 : 0)
          .tag("store", store.name())
          .register(registry);
    }
  }

  String scrape() {
    counted = devices.count();
    return registry.scrape();
  }
}
