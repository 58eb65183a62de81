// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * The page for a browser on the hotspot: what this device is and how to pair. Nothing in it is
 * secret and nothing in it controls; the code is shown to the device's own screen alone
 * (docs/adr/0021-who-sees-the-code.md).
 *
 * <p>Knows no HTTP server: a request and an answer are plain records, which a listener carries.
 */
@NullMarked
package dev.countersign.hub.page;

import org.jspecify.annotations.NullMarked;
