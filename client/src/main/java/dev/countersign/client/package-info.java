// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * A device's side of the conversation, in one class: {@link dev.countersign.client.DeviceClient};
 * and a phone's: {@link dev.countersign.client.PhoneClient}.
 *
 * <pre>{@code
 * var identity = new FileIdentityStorage(stateDirectory);
 * var device = DeviceClient.enrol(server, serial, token, identity);   // once
 * var device = DeviceClient.open(server, identity);                   // ever after
 * device.send(List.of(new Reading("temperature", new Scalar.Numeric(21.5), null)));
 * SettingsAnswer settings = device.settings();
 * device.confirm(settings);
 *
 * var phone = PhoneClient.of(new FilePhoneStorage(stateDirectory));
 * phone.pair(PairingCode.parse(scanned), "Anna's phone", HubAddress.parse("192.168.4.1"));
 * if (phone.open(hub) instanceof Opening.Opened opened) {
 *   opened.session().command("lock", new Scalar.Text("locked"));
 * }
 * }</pre>
 */
@NullMarked
package dev.countersign.client;

import org.jspecify.annotations.NullMarked;
