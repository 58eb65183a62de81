// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * The list of phones: who may control this hub, as what, until when. It decides on every request.
 */
@NullMarked
package dev.countersign.hub.phones;

import org.jspecify.annotations.NullMarked;
