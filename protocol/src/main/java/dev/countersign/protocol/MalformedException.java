// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol;

/** Bytes that are not what they claim to be. Names the field, so that the sender can mend it. */
public final class MalformedException extends ProtocolException {
  private static final long serialVersionUID = 1L;

  private final String field;
  private final String problem;

  /**
   * @param field where it is wrong: a JSON name, a header, or {@code body}
   * @param problem what was expected and what came
   */
  public MalformedException(String field, String problem) {
    super(field + ": " + problem);
    this.field = field;
    this.problem = problem;
  }

  public MalformedException(String field, String problem, Throwable cause) {
    super(field + ": " + problem, cause);
    this.field = field;
    this.problem = problem;
  }

  /** Where it is wrong: a JSON name, a header, or {@code body}. */
  public String field() {
    return field;
  }

  /** What was expected there and what came. */
  public String problem() {
    return problem;
  }
}
