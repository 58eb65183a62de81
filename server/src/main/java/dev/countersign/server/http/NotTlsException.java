// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.http;

import javax.net.ssl.SSLException;

/**
 * What came on a TLS port was no TLS. Without a byte of it: it may have been a plain request with a
 * secret in it.
 */
public final class NotTlsException extends SSLException {
  private static final long serialVersionUID = 1L;

  private final boolean isHttp;

  NotTlsException(boolean isHttp) {
    super(isHttp ? "plain HTTP" : "neither TLS nor HTTP");
    this.isHttp = isHttp;
  }

  /** Whether it looked like an HTTP request. */
  public boolean isHttp() {
    return isHttp;
  }
}
