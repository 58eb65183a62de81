// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * What the device was told to do, and how far it came with it. Kept on the device.
 *
 * <p>Fetches nothing; that is {@link dev.countersign.client.agent}.
 */
@NullMarked
package dev.countersign.client.settings;

import org.jspecify.annotations.NullMarked;
