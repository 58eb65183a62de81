// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * {@code agent}: the device SDK as a process, for devices whose program is not written in Java.
 * Reads readings from its standard input, and writes settings to a file.
 *
 * <p>Decides nothing about networks, certificates or retries: {@link
 * dev.countersign.client.agent.DeviceAgent} does.
 */
@NullMarked
package dev.countersign.cli.agent;

import org.jspecify.annotations.NullMarked;
