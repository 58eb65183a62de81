// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * What an attacker would try, each beside the honest act that must go on working
 * (docs/threat-model.md).
 */
@NullMarked
package dev.countersign.integration.attacks;

import org.jspecify.annotations.NullMarked;
