/* SPDX-FileCopyrightText: Countersign contributors
 * SPDX-License-Identifier: Apache-2.0 */
#include "bytes.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

void put(struct out *out, const void *bytes, size_t length) {
  if (out->full || length > out->capacity - out->length) {
    out->full = true;
    return;
  }
  if (length > 0) {
    memcpy(out->bytes + out->length, bytes, length);
    out->length += length;
  }
}

void put_byte(struct out *out, uint8_t byte) {
  put(out, &byte, 1);
}

void cbor_head(struct out *out, int major, uint64_t argument) {
  uint8_t type = (uint8_t)(major << 5);
  if (argument < 24) {
    put_byte(out, (uint8_t)(type | argument));
    return;
  }
  int log = argument <= UINT8_MAX ? 0 : argument <= UINT16_MAX ? 1 : argument <= UINT32_MAX ? 2 : 3;
  put_byte(out, (uint8_t)(type | (24 + log)));
  for (int shift = 8 * ((1 << log) - 1); shift >= 0; shift -= 8) {
    put_byte(out, (uint8_t)(argument >> shift));
  }
}

void cbor_bytes(struct out *out, const void *bytes, size_t length) {
  cbor_head(out, CBOR_BYTES, length);
  put(out, bytes, length);
}

void cbor_text(struct out *out, const char *text) {
  cbor_head(out, CBOR_TEXT, strlen(text));
  put(out, text, strlen(text));
}

void cbor_float(struct out *out, float number) {
  uint32_t bits;
  memcpy(&bits, &number, sizeof bits);
  put_byte(out, 0xfa);
  for (int shift = 24; shift >= 0; shift -= 8) {
    put_byte(out, (uint8_t)(bits >> shift));
  }
}

void cbor_null(struct out *out) {
  put_byte(out, 0xf6);
}

const uint8_t *get(struct in *in, size_t length) {
  static const uint8_t nothing[1] = {0};
  if (in->bad || length > in->length) {
    in->bad = true;
    return nothing;
  }
  const uint8_t *at = in->bytes;
  in->bytes += length;
  in->length -= length;
  return at;
}

uint8_t get_byte(struct in *in) {
  return *get(in, 1);
}

static uint64_t argument(struct in *in, uint8_t initial) {
  uint64_t information = initial & 31, value = 0;
  if (information < 24) {
    return information;
  }
  if (information > 27) { /* indefinite lengths, and what is not well-formed */
    in->bad = true;
    return 0;
  }
  for (int i = 1 << (information - 24); i > 0; i--) {
    value = value << 8 | get_byte(in);
  }
  return value;
}

uint64_t cbor_expect(struct in *in, int major) {
  uint8_t initial = get_byte(in);
  if (initial >> 5 != major) {
    in->bad = true;
  }
  return in->bad ? 0 : argument(in, initial);
}

const uint8_t *cbor_get_bytes(struct in *in, size_t *length) {
  uint64_t announced = cbor_expect(in, CBOR_BYTES);
  if (announced > in->length) {
    in->bad = true;
    announced = 0;
  }
  *length = (size_t)announced;
  return get(in, *length);
}

/* RFC 8949 appendix D. */
static double half(uint64_t bits) {
  int exponent = (int)(bits >> 10 & 31);
  double significand = (double)(bits & 1023);
  double value = exponent == 0 ? ldexp(significand, -24) : ldexp(significand + 1024, exponent - 25);
  return bits >> 15 ? -value : value;
}

static double floating(uint8_t information, uint64_t bits) {
  uint32_t word = (uint32_t)bits;
  float single;
  double number;
  memcpy(&single, &word, sizeof single);
  memcpy(&number, &bits, sizeof number);
  return information == 25 ? half(bits) : information == 26 ? single : number;
}

static void print_string(struct in *in, uint64_t length, bool text) {
  for (const uint8_t *at = get(in, (size_t)length); !in->bad && length > 0; length--, at++) {
    bool plain = *at >= 0x20 && *at != '"' && *at != '\\' && *at != 0x7f;
    printf(text ? (plain ? "%c" : "\\x%02x") : "%02x", *at);
  }
}

void cbor_print(struct in *in, int depth) {
  uint8_t initial = get_byte(in);
  int major = initial >> 5;
  uint64_t value = argument(in, initial);
  bool pairs = major == CBOR_MAP;
  if (in->bad || depth == 0) {
    in->bad = true;
  } else if (major == CBOR_UINT) {
    printf("%" PRIu64, value);
  } else if (major == CBOR_NEGATIVE) {
    printf("-%" PRIu64, value + 1);
  } else if (major == CBOR_BYTES || major == CBOR_TEXT) {
    printf("%s", major == CBOR_TEXT ? "\"" : "h'");
    print_string(in, value, major == CBOR_TEXT);
    printf("%s", major == CBOR_TEXT ? "\"" : "'");
  } else if (major == CBOR_ARRAY || pairs) {
    printf("%c", pairs ? '{' : '[');
    for (uint64_t i = 0; i < value && !in->bad; i++) {
      printf("%s", i > 0 ? ", " : "");
      cbor_print(in, depth - 1);
      if (pairs) {
        printf(": ");
        cbor_print(in, depth - 1);
      }
    }
    printf("%c", pairs ? '}' : ']');
  } else if (major == 7 && (initial & 31) >= 25 && (initial & 31) <= 27) {
    printf("%.9g", floating(initial & 31, value));
  } else if (initial == 0xf4 || initial == 0xf5) {
    printf("%s", initial == 0xf5 ? "true" : "false");
  } else {
    in->bad = true;
  }
}

static const char ALPHABET[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

void base64url(struct out *out, const uint8_t *bytes, size_t length) {
  uint32_t bits = 0;
  int count = 0;
  for (size_t i = 0; i < length; i++) {
    bits = bits << 8 | bytes[i];
    for (count += 8; count >= 6; count -= 6) {
      put_byte(out, (uint8_t)ALPHABET[bits >> (count - 6) & 63]);
    }
  }
  if (count > 0) {
    put_byte(out, (uint8_t)ALPHABET[bits << (6 - count) & 63]);
  }
}

bool base64url_decode(struct out *out, const char *text, size_t length) {
  uint32_t bits = 0;
  int count = 0;
  for (size_t i = 0; i < length; i++) {
    const char *at = text[i] == '\0' ? NULL : strchr(ALPHABET, text[i]);
    if (at == NULL) {
      return false;
    }
    bits = bits << 6 | (uint32_t)(at - ALPHABET);
    count += 6;
    if (count >= 8) {
      count -= 8;
      put_byte(out, (uint8_t)(bits >> count));
    }
  }
  /* What is left over of the last character must be zero, and less than a character. */
  return !out->full && count < 6 && (bits & ((1u << count) - 1)) == 0;
}
