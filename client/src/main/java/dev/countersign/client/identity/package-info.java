// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * Who a device is: its key, made on the device, its certificate and the root it trusts; and where
 * that is kept.
 */
@NullMarked
package dev.countersign.client.identity;

import org.jspecify.annotations.NullMarked;
