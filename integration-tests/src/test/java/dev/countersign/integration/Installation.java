// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration;

import dev.countersign.protocol.ProtocolException;
import dev.countersign.server.installation.DataDirectory;
import java.io.IOException;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.Optional;

/** A server that runs somewhere, and the ways to it. */
public interface Installation {
  DataDirectory directory();

  X509Certificate root();

  int devicePort();

  int operatorPort();

  int pskPort();

  /** Where devices reach it. */
  default URI deviceUrl() {
    return URI.create("https://localhost:" + devicePort());
  }

  /** The first operator. */
  default OperatorCalls operator() throws IOException, ProtocolException {
    return operator(TlsIdentity.read(directory().operatorIdentity()));
  }

  /** Somebody who says to be an operator. */
  default OperatorCalls operator(TlsIdentity identity) {
    return new OperatorCalls(this, identity);
  }

  /** A connection to the device API with this client certificate. */
  default HttpsConnection connect(TlsIdentity identity) throws IOException {
    return HttpsConnection.open(devicePort(), root(), Optional.of(identity));
  }

  /** A connection to the device API without a client certificate. */
  default HttpsConnection connect() throws IOException {
    return HttpsConnection.open(devicePort(), root(), Optional.empty());
  }

  /** Registers a device and enrols it. */
  default TestDevice enrol(String serial) throws Exception {
    return TestDevice.enrol(this, serial, operator().addDevice(serial));
  }
}
