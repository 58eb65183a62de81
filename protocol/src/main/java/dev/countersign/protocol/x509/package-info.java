// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * Certificates as this project uses them: certificate requests (RFC 2986), path validation (RFC
 * 5280 §6) whose verdict is a type, and the hash that names a public key.
 *
 * <p>Issues nothing and knows no trust store of the machine.
 */
@NullMarked
package dev.countersign.protocol.x509;

import org.jspecify.annotations.NullMarked;
