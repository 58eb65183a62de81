// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * A device's side of the conversation, in one class: {@link dev.countersign.client.DeviceClient}.
 *
 * <pre>{@code
 * var identity = new FileIdentityStorage(stateDirectory);
 * var device = DeviceClient.enrol(server, serial, token, identity);   // once
 * var device = DeviceClient.open(server, identity);                   // ever after
 * device.send(List.of(new Reading("temperature", new Scalar.Numeric(21.5), null)));
 * SettingsAnswer settings = device.settings();
 * device.confirm(settings);
 * }</pre>
 */
@NullMarked
package dev.countersign.client;

import org.jspecify.annotations.NullMarked;
