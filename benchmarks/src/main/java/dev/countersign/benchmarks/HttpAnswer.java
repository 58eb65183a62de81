// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.benchmarks;

/** What a server answered, as far as a load client looks at it. */
@SuppressWarnings("ArrayRecordComponent") // made, read once, and gone
record HttpAnswer(int status, byte[] body) {}
