// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/** What each device is told to use, version by version, and what it says it applied. */
@NullMarked
package dev.countersign.server.settings;

import org.jspecify.annotations.NullMarked;
