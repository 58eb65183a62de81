/* SPDX-FileCopyrightText: Countersign contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Sequence numbers that are never used twice, whenever the power goes. Here "flash" is a file; on a
 * microcontroller it is a page, a counter of a secure element, or an EEPROM. */
#ifndef FLASH_H
#define FLASH_H

#include <stdbool.h>
#include <stdint.h>

struct sequence {
  const char *file;
  uint64_t next;  /* in RAM: forgotten when the power goes */
  uint64_t bound; /* in flash: every number from here on is unused */
};

/* After each boot: goes on at the bound, so that numbers which may have been used are skipped. */
bool sequence_boot(struct sequence *sequence, const char *file);

/* The next number; writes the bound ahead before it gives one out. False: send nothing. */
bool sequence_take(struct sequence *sequence, uint64_t *number);

#endif
