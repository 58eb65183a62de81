// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay.exchange;

import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.sealed.Block;
import dev.countersign.protocol.sealed.CoapCode;
import dev.countersign.protocol.sealed.InnerMessage;
import dev.countersign.server.credentials.CredentialRefusedException;
import java.util.Map;
import java.util.Optional;

/** What devices can ask for, by its path, with bodies of several blocks. */
final class Resources {
  private final Map<String, Resource> byPath;
  private final BlockTransfers transfers;

  Resources(Map<String, Resource> byPath, BlockTransfers transfers) {
    this.byPath = Map.copyOf(byPath);
    this.transfers = transfers;
  }

  /** Whether what is asked for changes something, so that its number has to be looked at first. */
  boolean acts(InnerMessage message) throws MalformedException {
    Resource resource = byPath.get(message.path());
    return resource != null && (resource.acts(message.code()) || message.block1().isPresent());
  }

  /** Whether what is asked for waits for nothing. */
  boolean isQuick(InnerMessage message) throws MalformedException {
    Resource resource = byPath.get(message.path());
    return resource != null
        && resource.isQuick()
        && message.block1().isEmpty()
        && message.block2().isEmpty();
  }

  /** Does what is asked. What was wrong with it is in the answer. */
  Effect answer(Asked asked) throws CredentialRefusedException {
    try {
      return route(asked);
    } catch (ProtocolException e) {
      return Effect.malformed(e.getMessage());
    }
  }

  private Effect route(Asked asked) throws ProtocolException, CredentialRefusedException {
    InnerMessage message = asked.message();
    String path = message.path();
    Resource resource = byPath.get(path);
    if (resource == null) {
      return Effect.of(CoapCode.NOT_FOUND);
    }
    if (resource.needsFreshness(message.code()) && !asked.isFresh()) {
      return Effect.of(CoapCode.UNAUTHORIZED);
    }
    long device = asked.device().id();
    Optional<Block> block2 = message.block2();
    if (block2.isPresent() && block2.get().number() > 0) {
      Optional<InnerMessage> begun = transfers.fetching(device, path);
      if (begun.isPresent()) {
        return new Effect.Answered(transfers.part(device, path, begun.get(), block2));
      } else if (resource.acts(message.code())) {
        return Effect.of(CoapCode.REQUEST_ENTITY_INCOMPLETE);
      }
    }
    Optional<Block> block1 = message.block1();
    if (block1.isEmpty()) {
      return parted(resource.answer(asked), device, path, block2);
    }
    return switch (transfers.receive(device, message, block1.get())) {
      case BlockTransfers.Received.Partial partial -> new Effect.Answered(partial.answer());
      case BlockTransfers.Received.Whole whole ->
          parted(resource.answer(asked.withBody(whole.body())), device, path, block2);
    };
  }

  private Effect parted(Effect effect, long device, String path, Optional<Block> block2) {
    return effect instanceof Effect.Answered answered
        ? new Effect.Answered(transfers.part(device, path, answered.answer(), block2))
        : effect;
  }
}
