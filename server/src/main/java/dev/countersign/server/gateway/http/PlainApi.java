// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.gateway.http;

import dev.countersign.protocol.x509.Certificates;
import dev.countersign.server.http.Answer;
import dev.countersign.server.http.Handler;
import dev.countersign.server.http.Problem;
import dev.countersign.server.http.Router;
import java.security.cert.X509Certificate;
import java.util.Map;

/**
 * What must be had without TLS: the certificates of the authorities (RFC 5280 §4.2.2.1), which
 * whoever builds a chain fetches before there is trust. They prove themselves.
 */
public final class PlainApi {
  private static final String SUFFIX = ".cer";

  private PlainApi() {}

  /** The routes of the plain listener, over the authorities by name. */
  public static Handler routes(Map<String, X509Certificate> authorities) {
    return new Router()
        .on(
            "GET",
            "/ca/{file}",
            exchange -> {
              String file = exchange.pathParameter("file");
              String name =
                  file.endsWith(SUFFIX) ? file.substring(0, file.length() - SUFFIX.length()) : "";
              X509Certificate certificate = authorities.get(name);
              return certificate == null
                  ? Problem.notFound("no such authority; 'ca show' lists them")
                  : Answer.bytes(200, "application/pkix-cert", Certificates.der(certificate));
            });
  }
}
