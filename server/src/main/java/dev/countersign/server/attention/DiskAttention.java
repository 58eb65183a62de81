// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.attention;

import dev.countersign.server.disk.DiskLimits;
import dev.countersign.server.disk.DiskWatch;
import java.util.ArrayList;
import java.util.List;

/** Room that gets short, and stores that cannot write. */
public final class DiskAttention implements AttentionSource {
  private static final long MIB = 1 << 20;

  private final DiskWatch disk;

  public DiskAttention(DiskWatch disk) {
    this.disk = disk;
  }

  @Override
  public List<Attention> look() {
    var found = new ArrayList<Attention>();
    for (DiskWatch.Place place : disk.places()) {
      place
          .space()
          .ifPresent(space -> {
            String free = space.freeBytes() / MIB + " MiB are free in " + place.path();
            switch (place.state()) {
              case ROOM -> {}
              case LOW ->
                  found.add(
                      new Attention(
                          "disk-low", free, "make room, before devices are refused" + at()));
              case FULL ->
                  found.add(
                      new Attention(
                          "disk-full", free + ", and devices are refused", "make room now"));
            }
          });
    }
    disk.failing()
        .forEach((store, cause) ->
            found.add(
                new Attention(
                    "store-failing",
                    "the " + store + " cannot be written (" + cause + ")",
                    "look at the disk; it goes on by itself when it can")));
    return found;
  }

  private String at() {
    DiskLimits limits = disk.limits();
    return limits.stopFreeBytes() == 0 ? "" : " at " + limits.stopFreeBytes() / MIB + " MiB";
  }
}
