// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * What an installation is on disk: its directory, its authorities and keys, and how both come into
 * being once.
 */
@NullMarked
package dev.countersign.server.installation;

import org.jspecify.annotations.NullMarked;
