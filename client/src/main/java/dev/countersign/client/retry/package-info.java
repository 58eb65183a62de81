// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/** When to try again: the one place where the SDK decides how long to wait. */
@NullMarked
package dev.countersign.client.retry;

import org.jspecify.annotations.NullMarked;
