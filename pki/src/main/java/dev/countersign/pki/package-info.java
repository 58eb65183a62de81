// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * Certificates of RFC 5280, issued: {@link dev.countersign.pki.CertificateProfile} is the table of
 * what each kind contains, {@link dev.countersign.pki.CertificateAuthority} fills it in and signs.
 *
 * <p>A device's, an operator's, a hub's or a phone's certificate can be made only from a {@link
 * dev.countersign.pki.VerifiedRequest}, and that only by its verifier: proof of possession (RFC
 * 2986) and the {@link dev.countersign.pki.KeyPolicy} cannot be forgotten.
 *
 * <p>Decides nothing about who may have a certificate, remembers none, and validates no chain.
 */
@NullMarked
package dev.countersign.pki;

import org.jspecify.annotations.NullMarked;
