// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * Files that survive a power cut, and the directory they are in. POSIX systems only; other
 * platforms bring their own implementations of the storage interfaces.
 */
@NullMarked
package dev.countersign.client.storage;

import org.jspecify.annotations.NullMarked;
