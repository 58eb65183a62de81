// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** What an operator does, over the operator API, each act on a connection of its own. */
public final class OperatorCalls {
  private final Installation server;
  private final TlsIdentity identity;

  OperatorCalls(Installation server, TlsIdentity identity) {
    this.server = server;
    this.identity = identity;
  }

  public TlsIdentity identity() {
    return identity;
  }

  /** A connection to the operator API. */
  public HttpsConnection connect() throws IOException {
    return HttpsConnection.open(server.operatorPort(), server.root(), Optional.of(identity));
  }

  /** One request, whatever the answer. */
  public Answer send(String method, String path, String body) throws IOException {
    try (HttpsConnection connection = connect()) {
      return connection.send(method, path, body);
    }
  }

  public Answer get(String path) throws IOException {
    return send("GET", path, "");
  }

  /** Registers a device and returns its enrolment token. */
  public String addDevice(String serial) throws IOException {
    Answer added = send("POST", "/v1/devices", "{\"serial\":\"" + serial + "\"}").expect(201);
    return added.json().path("enrolmentToken").asString();
  }

  /** Registers a device with a secret, which is returned. */
  public String addWithSecret(String serial, String credential) throws IOException {
    String request = "{\"serial\":\"%s\",\"credential\":\"%s\"}".formatted(serial, credential);
    return send("POST", "/v1/devices", request).expect(201).json().path("secret").asString();
  }

  /** Makes a new enrolment token. */
  public String newToken(String serial) throws IOException {
    Answer made = send("POST", "/v1/devices/" + serial + "/token", "").expect(200);
    return made.json().path("enrolmentToken").asString();
  }

  public void suspend(String serial) throws IOException {
    stop(serial, "suspend");
  }

  public void resume(String serial) throws IOException {
    stop(serial, "resume");
  }

  public void revoke(String serial) throws IOException {
    stop(serial, "revoke");
  }

  private void stop(String serial, String act) throws IOException {
    send("POST", "/v1/devices/" + serial + "/" + act, "{\"reason\":\"test\"}").expect(200);
  }

  public JsonNode device(String serial) throws IOException {
    return get("/v1/devices/" + serial).expect(200).json();
  }

  /** Merges values into a device's settings. */
  public JsonNode set(String serial, String json) throws IOException {
    return send("PATCH", "/v1/devices/" + serial + "/settings", json).expect(200).json();
  }

  public JsonNode settings(String serial) throws IOException {
    return get("/v1/devices/" + serial + "/settings").expect(200).json();
  }

  /** All readings of a device, oldest first. */
  public List<JsonNode> readings(String serial) throws IOException {
    return get("/v1/devices/" + serial + "/readings?last=100000").expect(200).lines();
  }

  /** The entries of the audit log about a subject, by type. */
  public List<JsonNode> audit(String subject, String type) throws IOException {
    return audit().stream()
        .filter(entry -> entry.path("subject").asString().equals(subject))
        .filter(entry -> entry.path("type").asString().equals(type))
        .toList();
  }

  /** The audit log as far as one page goes. */
  public List<JsonNode> audit() throws IOException {
    return get("/v1/audit").expect(200).lines();
  }

  public JsonNode auditVerification() throws IOException {
    return get("/v1/audit/verification").expect(200).json();
  }
}
