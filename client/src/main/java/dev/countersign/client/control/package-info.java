// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * What a paired phone does with its hub: looks at it, commands it, follows its events, and looks
 * after the list of phones. What each role may do is the hub's to say.
 */
@NullMarked
package dev.countersign.client.control;

import org.jspecify.annotations.NullMarked;
