// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * What the product costs. JMH for the inner loops ({@code *Benchmark}), and a load client that
 * drives the product and a peer in the same way ({@link dev.countersign.benchmarks.LoadClient},
 * used by the scripts in {@code benchmarks/compare}).
 *
 * <p>Run by hand; nothing here is a test, and no number here makes a build fail.
 */
@NullMarked
package dev.countersign.benchmarks;

import org.jspecify.annotations.NullMarked;
