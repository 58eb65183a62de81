// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.pki;

import java.util.List;

/** What an issuing authority is for, and so the names it is constrained to. */
public sealed interface AuthorityProfile {
  /** Which row of the table it is. */
  CertificateProfile profile();

  /** Issues to devices, by URN; no DNS name and no IP address. */
  record DeviceAuthority() implements AuthorityProfile {
    @Override
    public CertificateProfile profile() {
      return CertificateProfile.DEVICE_AUTHORITY;
    }
  }

  /** Issues to hubs, by names below one domain; no IP address. */
  record HubAuthority(ServerName.Dns domain) implements AuthorityProfile {
    @Override
    public CertificateProfile profile() {
      return CertificateProfile.HUB_AUTHORITY;
    }
  }

  /** Issues to the gateway, by these names (and names below them) and these addresses alone. */
  record ServerAuthority(List<ServerName> names) implements AuthorityProfile {
    public ServerAuthority {
      names = List.copyOf(names);
      if (names.isEmpty()) {
        throw new IllegalArgumentException("names: expected at least one, got none");
      }
    }

    @Override
    public CertificateProfile profile() {
      return CertificateProfile.SERVER_AUTHORITY;
    }
  }
}
