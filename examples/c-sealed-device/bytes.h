/* SPDX-FileCopyrightText: Countersign contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Bytes in buffers of fixed size: writing, CBOR, Base64url. Nothing here allocates. */
#ifndef BYTES_H
#define BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is written. "full" is kept until it is looked at, so that only the end has to be checked. */
struct out {
  uint8_t *bytes;
  size_t length, capacity;
  bool full;
};

void put(struct out *out, const void *bytes, size_t length);
void put_byte(struct out *out, uint8_t byte);

/* CBOR, RFC 8949 section 3; the shortest form of a length. */
enum { CBOR_UINT = 0, CBOR_NEGATIVE, CBOR_BYTES, CBOR_TEXT, CBOR_ARRAY, CBOR_MAP };
void cbor_head(struct out *out, int major, uint64_t argument);
void cbor_bytes(struct out *out, const void *bytes, size_t length);
void cbor_text(struct out *out, const char *text);
void cbor_float(struct out *out, float number);
void cbor_null(struct out *out);

/* What is read; "bad" is kept until it is looked at. */
struct in {
  const uint8_t *bytes;
  size_t length;
  bool bad;
};

uint8_t get_byte(struct in *in);
const uint8_t *get(struct in *in, size_t length);
uint64_t cbor_expect(struct in *in, int major);
/* A byte string: where it begins, and its length. */
const uint8_t *cbor_get_bytes(struct in *in, size_t *length);
/* Prints one item as people write it. */
void cbor_print(struct in *in, int depth);

/* Base64url without padding, RFC 4648 section 5. Decoding returns false for anything else. */
void base64url(struct out *out, const uint8_t *bytes, size_t length);
bool base64url_decode(struct out *out, const char *text, size_t length);

#endif
