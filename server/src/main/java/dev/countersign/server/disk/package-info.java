// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * Room on the disk: warns while there is still some, and keeps the last of it for operators.
 *
 * <p>A server that finds out by a failed write that the disk is full can no longer write down that
 * somebody revoked a device. So devices are refused before that, with what is left kept for
 * operators, the audit log and the stores' own upkeep. Where the disk is full all the same, the
 * stores fail what they could not write, and are asked from here to try again.
 *
 * <p>Quotas of users and of directories are not seen, unless the file system counts them as space.
 */
@NullMarked
package dev.countersign.server.disk;

import org.jspecify.annotations.NullMarked;
