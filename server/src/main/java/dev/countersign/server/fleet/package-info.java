// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * What operators ask and do about devices: add, import, list, suspend, resume, revoke, remove.
 *
 * <p>Every change is one transaction with its entry in the audit log, and takes an {@link
 * dev.countersign.server.credentials.AuthenticatedOperator}.
 */
@NullMarked
package dev.countersign.server.fleet;

import org.jspecify.annotations.NullMarked;
