// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.ledger;

import java.security.cert.X509Certificate;
import java.time.Instant;

/**
 * A certificate that was just signed.
 *
 * @param subject a device's serial, or the name of an operator, authority or server
 * @param issuer the name of the authority that signed it
 */
public record NewCertificate(
    CertificateKind kind,
    String subject,
    X509Certificate certificate,
    Instant issuedAt,
    String issuer) {}
