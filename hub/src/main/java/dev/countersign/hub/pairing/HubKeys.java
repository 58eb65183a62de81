// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.pairing;

import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.pairing.HubId;
import dev.countersign.protocol.pairing.PairingSecret;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * What pairing must know of the hub's identity.
 *
 * @param key the hash of its SubjectPublicKeyInfo
 * @param chain leaf, authority, root
 * @param label the secret on the printed label
 */
public record HubKeys(HubId id, Sha256 key, List<X509Certificate> chain, PairingSecret label) {}
