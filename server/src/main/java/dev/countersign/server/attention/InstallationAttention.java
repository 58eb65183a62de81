// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.attention;

import dev.countersign.pki.DeviceName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What was left as {@code init} made it. */
public final class InstallationAttention implements AttentionSource {
  private final Path offlineRootKey;
  private final long privateEnterpriseNumber;

  public InstallationAttention(Path offlineRootKey, long privateEnterpriseNumber) {
    this.offlineRootKey = offlineRootKey;
    this.privateEnterpriseNumber = privateEnterpriseNumber;
  }

  @Override
  public List<Attention> look() {
    var found = new ArrayList<Attention>();
    if (Files.exists(offlineRootKey)) {
      found.add(
          new Attention(
              "root-key-online",
              "the root's key is on this machine, in " + offlineRootKey,
              "copy it to two media without a network, check one, and delete it here"));
    }
    if (privateEnterpriseNumber == DeviceName.EXAMPLE_ENTERPRISE_NUMBER) {
      found.add(
          new Attention(
              "example-enterprise-number",
              "privateEnterpriseNumber is still the example " + privateEnterpriseNumber,
              "set your own in countersign.yaml (iana.org gives it for nothing), before the first"
                  + " device"));
    }
    return found;
  }
}
