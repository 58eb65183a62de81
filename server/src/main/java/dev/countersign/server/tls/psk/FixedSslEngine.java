// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.tls.psk;

import javax.net.ssl.SSLEngine;

/** The part of an engine in which there is nothing to set. */
abstract class FixedSslEngine extends SSLEngine {
  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

  @Override
  public final String[] getSupportedCipherSuites() {
    return PskProfile.SUITE_NAMES.toArray(String[]::new);
  }

  @Override
  public final String[] getEnabledCipherSuites() {
    return getSupportedCipherSuites();
  }

  @Override
  public final void setEnabledCipherSuites(String[] suites) {
    throw fixed();
  }

  @Override
  public final String[] getSupportedProtocols() {
    return PROTOCOLS.clone();
  }

  @Override
  public final String[] getEnabledProtocols() {
    return PROTOCOLS.clone();
  }

  @Override
  public final void setEnabledProtocols(String[] protocols) {
    throw fixed();
  }

  @Override
  public final void setUseClientMode(boolean isClient) {
    if (isClient) {
      throw fixed();
    }
  }

  @Override
  public final boolean getUseClientMode() {
    return false;
  }

  @Override
  public final void setNeedClientAuth(boolean need) {
    throw fixed();
  }

  @Override
  public final boolean getNeedClientAuth() {
    return false;
  }

  @Override
  public final void setWantClientAuth(boolean want) {
    throw fixed();
  }

  @Override
  public final boolean getWantClientAuth() {
    return false;
  }

  /** There are no sessions to resume. */
  @Override
  public final void setEnableSessionCreation(boolean enable) {
    if (!enable) {
      throw fixed();
    }
  }

  @Override
  public final boolean getEnableSessionCreation() {
    return true;
  }

  private static UnsupportedOperationException fixed() {
    return new UnsupportedOperationException("the profile of this engine is fixed");
  }
}
