// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.enrolment;

import java.security.cert.X509Certificate;

/** What came of a request for a certificate by somebody who may ask. */
public sealed interface EnrolmentDecision {
  /** The certificate, new or fetched again. */
  record Issued(X509Certificate certificate) implements EnrolmentDecision {}

  /** The key cannot be this device's; an alarm was raised. The text may be shown to the device. */
  record KeyRefused(String detail) implements EnrolmentDecision {}
}
