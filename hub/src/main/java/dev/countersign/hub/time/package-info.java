// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * What a hub without internet and perhaps without a clock knows of the time: an instant that has
 * certainly passed, and sometimes what time it is. The machine's clock is never asked.
 */
@NullMarked
package dev.countersign.hub.time;

import org.jspecify.annotations.NullMarked;
