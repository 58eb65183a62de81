// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * The people who may use the operator API. Their certificates are in the ledger; a certificate
 * counts only while its operator is live here.
 */
@NullMarked
package dev.countersign.server.operators;

import org.jspecify.annotations.NullMarked;
