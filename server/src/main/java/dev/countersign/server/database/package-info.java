// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * The registry's database: transactions that other packages pass to their stores, the one writer
 * that commits many of them together, and the migrations of the schema.
 *
 * <p>A unit of work is all or nothing, and when {@link
 * dev.countersign.server.database.Database#write write} returns it is on disk. The package knows no
 * table but for the migration that makes them, and depends on no feature. Readings are not kept
 * here.
 */
@NullMarked
package dev.countersign.server.database;

import org.jspecify.annotations.NullMarked;
