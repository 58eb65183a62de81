// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * The keys an authority or a server signs with, and their files: PKCS #8 in PEM (RFC 5958, RFC
 * 7468), encrypted with scrypt and AES-256 (RFC 8018, RFC 7914) where a person keeps them.
 *
 * <p>Chooses no file and touches no disk; the texts go in and out as strings.
 */
@NullMarked
package dev.countersign.pki.key;

import org.jspecify.annotations.NullMarked;
