// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * The SDK for devices (enrol, send readings, pull settings) and for phones (pair with a hub,
 * control it), with the server verified. There is no way to switch a verification off.
 */
@org.jspecify.annotations.NullMarked
module dev.countersign.client {
  requires transitive dev.countersign.protocol;
  requires transitive org.jspecify;
  requires java.net.http;
  requires org.bouncycastle.tls;
  requires org.java_websocket;
  requires tools.jackson.core;
  requires tools.jackson.databind;

  exports dev.countersign.client;
  exports dev.countersign.client.agent;
  exports dev.countersign.client.control;
  exports dev.countersign.client.enrolment;
  exports dev.countersign.client.hub;
  exports dev.countersign.client.identity;
  exports dev.countersign.client.pairing;
  exports dev.countersign.client.psk;
  exports dev.countersign.client.retry;
  exports dev.countersign.client.sealed;
  exports dev.countersign.client.settings;
  exports dev.countersign.client.storage;
  exports dev.countersign.client.telemetry;
  exports dev.countersign.client.transport;
}
