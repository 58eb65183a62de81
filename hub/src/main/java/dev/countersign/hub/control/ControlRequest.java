// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.control;

import java.util.Optional;

/** What can be asked of a running hub by somebody who may open its state directory. */
public sealed interface ControlRequest {
  /** Which hub this is, who owns it, and whether a window is open. */
  record Status() implements ControlRequest {}

  /** The codes that the screen shows. */
  record Screen() implements ControlRequest {}

  /** The code on the printed label. */
  record Label() implements ControlRequest {}

  record PressButton() implements ControlRequest {}

  record Phones() implements ControlRequest {}

  /**
   * Removes a phone.
   *
   * @param phone its id, or its name if only one has it
   */
  record Remove(String phone) implements ControlRequest {}

  /** What ten seconds on the button do. */
  record Reset() implements ControlRequest {}

  /** As it is written on the wire. */
  default String wireName() {
    return switch (this) {
      case Status() -> "status";
      case Screen() -> "screen";
      case Label() -> "label";
      case PressButton() -> "press-button";
      case Phones() -> "phones";
      case Remove(_) -> "remove";
      case Reset() -> "reset";
    };
  }

  /** The request of this name; empty if there is none. */
  static Optional<ControlRequest> of(String wireName, String phone) {
    return switch (wireName) {
      case "status" -> Optional.of(new Status());
      case "screen" -> Optional.of(new Screen());
      case "label" -> Optional.of(new Label());
      case "press-button" -> Optional.of(new PressButton());
      case "phones" -> Optional.of(new Phones());
      case "remove" -> Optional.of(new Remove(phone));
      case "reset" -> Optional.of(new Reset());
      default -> Optional.empty();
    };
  }
}
