/* SPDX-FileCopyrightText: Countersign contributors
 * SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include "flash.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* One write for so many numbers: flash wears out, and a boot costs at most so many. */
#define STEP 64
/* From here on the device must agree on a new context, or on a new key. */
#define LAST (UINT64_C(1) << 39)

/* The new bound beside the old, then the name: one or the other is there, and never half of one. */
static bool write_bound(const char *file, uint64_t bound) {
  char beside[512], text[32];
  if (snprintf(beside, sizeof beside, "%s.new", file) >= (int)sizeof beside) {
    return false;
  }
  int length = snprintf(text, sizeof text, "%" PRIu64 "\n", bound);
  int fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (fd < 0) {
    return false;
  }
  bool written = write(fd, text, (size_t)length) == length && fsync(fd) == 0;
  written = close(fd) == 0 && written;
  if (!written || rename(beside, file) != 0) {
    return false;
  }
  char *slash = strrchr(beside, '/');
  if (slash != NULL) {
    slash[1] = '\0';
  }
  int directory = open(slash != NULL ? beside : ".", O_RDONLY);
  bool kept = directory >= 0 && fsync(directory) == 0;
  return (directory < 0 || close(directory) == 0) && kept;
}

bool sequence_boot(struct sequence *sequence, const char *file) {
  sequence->file = file;
  sequence->bound = 0;
  FILE *stored = fopen(file, "r");
  if (stored != NULL) {
    /* A bound that cannot be read is no zero: lost state, and the server must be asked. */
    bool read = fscanf(stored, "%" SCNu64, &sequence->bound) == 1;
    fclose(stored);
    if (!read) {
      return false;
    }
  } else if (errno != ENOENT) {
    return false;
  }
  sequence->next = sequence->bound;
  return true;
}

bool sequence_take(struct sequence *sequence, uint64_t *number) {
  if (sequence->next >= LAST) {
    return false;
  }
  if (sequence->next == sequence->bound) {
    if (!write_bound(sequence->file, sequence->bound + STEP)) {
      return false;
    }
    sequence->bound += STEP;
  }
  *number = sequence->next++;
  return true;
}
