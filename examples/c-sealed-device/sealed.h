/* SPDX-FileCopyrightText: Countersign contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Sealed messages of a device (docs/protocol.md): OSCORE with AES-CCM-16-128-128, or COSE_Mac0 with
 * HMAC 256/256. Needs HKDF, CCM and HMAC of mbedTLS, about 3 KiB of stack, and no heap. */
#ifndef SEALED_H
#define SEALED_H

#include "bytes.h"

enum { KID = 6, TOKEN = 1536, BODY = 1024, ECHO = 40 };

/* Keys of one device; made once after each boot from what production wrote. */
struct device {
  uint8_t kid[KID];
  uint8_t sender_key[16], recipient_key[16], common_iv[13]; /* OSCORE */
  uint8_t request_key[32], answer_key[32];                  /* COSE_Mac0 */
};

bool device_keys(
    struct device *device, const void *secret, size_t length, const char *serial, uint8_t generation);

struct message {
  uint8_t code; /* 1 GET, 2 POST; answers as their byte: 0x45 is 2.05 */
  const char *path, *query; /* of a request; one segment, one part or none */
  uint8_t echo[ECHO];
  size_t echo_length; /* 0 for none */
  uint8_t body[BODY];
  size_t body_length;
};

/* The token of a request, with a final zero. The number must never have been used before. */
bool seal(const struct device *device, uint64_t number, const struct message *message, char token[TOKEN]);
bool seal_mac(const struct device *device, uint64_t number, const struct message *message, char token[TOKEN]);

/* Opens the answer to the request in a token, and to no other. */
bool open_answer(const struct device *device, const char *request, const char *answer, struct message *message);

#endif
