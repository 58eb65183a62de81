/* SPDX-FileCopyrightText: Countersign contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Level 1: COSE_Mac0 (RFC 9052 section 6.2), for devices without a cipher. */
#include "mac.h"

#include <string.h>

#include <mbedtls/md.h>

enum { MAC = 32, REQUEST = 0, ANSWER = 1 };

#define WRITER(name, size) \
  uint8_t name##_bytes[size]; \
  struct out name = {name##_bytes, 0, size, false}

static const uint8_t PROTECTED[] = {0xa1, 1, 5}; /* {1: 5}, HMAC 256/256 */

static bool mac(
    const struct device *device, int direction, const uint8_t *request_tag, const uint8_t *payload, size_t length,
    uint8_t tag[MAC]) {
  WRITER(external, 64);
  cbor_head(&external, CBOR_ARRAY, 4);
  cbor_text(&external, "cs1-mac");
  cbor_head(&external, CBOR_UINT, (uint64_t)direction);
  cbor_bytes(&external, device->kid, KID);
  cbor_bytes(&external, request_tag, direction == ANSWER ? MAC : 0);
  WRITER(all, BODY + 256);
  cbor_head(&all, CBOR_ARRAY, 4);
  cbor_text(&all, "MAC0");
  cbor_bytes(&all, PROTECTED, sizeof PROTECTED);
  cbor_bytes(&all, external.bytes, external.length);
  cbor_bytes(&all, payload, length);
  const uint8_t *key = direction == REQUEST ? device->request_key : device->answer_key;
  return !all.full && mbedtls_md_hmac(mbedtls_md_info_from_type(MBEDTLS_MD_SHA256), key, MAC, all.bytes, all.length, tag) == 0;
}

bool seal_mac(const struct device *device, uint64_t number, const struct message *message, char token[TOKEN]) {
  char target[160];
  struct out path = {(uint8_t *)target, 0, sizeof target, false};
  put(&path, message->path, strlen(message->path));
  if (message->query != NULL) {
    put_byte(&path, '?');
    put(&path, message->query, strlen(message->query));
  }
  put_byte(&path, 0);
  WRITER(payload, BODY + 192);
  cbor_head(&payload, CBOR_ARRAY, 5);
  cbor_head(&payload, CBOR_UINT, number);
  if (message->echo_length > 0) {
    cbor_bytes(&payload, message->echo, message->echo_length);
  } else {
    cbor_null(&payload);
  }
  cbor_head(&payload, CBOR_UINT, message->code);
  cbor_text(&payload, path.full ? "" : target);
  cbor_bytes(&payload, message->body, message->body_length);
  uint8_t tag[MAC];
  if (path.full || payload.full || !mac(device, REQUEST, NULL, payload.bytes, payload.length, tag)) {
    return false;
  }
  WRITER(all, BODY + 256);
  cbor_head(&all, CBOR_ARRAY, 4);
  cbor_bytes(&all, PROTECTED, sizeof PROTECTED);
  cbor_head(&all, CBOR_MAP, 1);
  cbor_head(&all, CBOR_UINT, 4);
  cbor_bytes(&all, device->kid, KID);
  cbor_bytes(&all, payload.bytes, payload.length);
  cbor_bytes(&all, tag, MAC);
  struct out out = {(uint8_t *)token, 0, TOKEN, false};
  put(&out, "m1.", 3);
  base64url(&out, all.bytes, all.length);
  put_byte(&out, 0);
  return !all.full && !out.full;
}

static bool same(const uint8_t *one, const uint8_t *other, size_t length) {
  uint8_t difference = 0; /* looks at every byte, wherever they differ */
  for (size_t i = 0; i < length; i++) {
    difference |= one[i] ^ other[i];
  }
  return difference == 0;
}

/* The payload and tag of a message: [protected, {} or {4: kid}, payload, tag]. */
static const uint8_t *parts(struct in *in, bool with_kid, size_t *length, const uint8_t **tag) {
  size_t size;
  in->bad |= cbor_expect(in, CBOR_ARRAY) != 4;
  const uint8_t *header = cbor_get_bytes(in, &size);
  in->bad |= size != sizeof PROTECTED || memcmp(header, PROTECTED, sizeof PROTECTED) != 0;
  in->bad |= cbor_expect(in, CBOR_MAP) != (with_kid ? 1 : 0);
  if (with_kid) {
    in->bad |= cbor_expect(in, CBOR_UINT) != 4;
    cbor_get_bytes(in, &size);
  }
  const uint8_t *payload = cbor_get_bytes(in, length);
  *tag = cbor_get_bytes(in, &size);
  in->bad |= size != MAC || in->length != 0;
  return payload;
}

static uint64_t number_of(const uint8_t *payload, size_t length) {
  struct in in = {payload, length, false};
  cbor_expect(&in, CBOR_ARRAY);
  return cbor_expect(&in, CBOR_UINT);
}

bool open_answer_mac(const struct device *device, const char *request, const char *answer, struct message *message) {
  WRITER(sent, TOKEN);
  WRITER(received, TOKEN);
  if (strncmp(answer, "m1.", 3) != 0 || !base64url_decode(&sent, request + 3, strlen(request + 3)) ||
      !base64url_decode(&received, answer + 3, strlen(answer + 3))) {
    return false;
  }
  struct in of_request = {sent.bytes, sent.length, false};
  struct in of_answer = {received.bytes, received.length, false};
  size_t request_length, length;
  const uint8_t *request_tag, *tag;
  uint8_t expected[MAC];
  const uint8_t *request_payload = parts(&of_request, true, &request_length, &request_tag);
  const uint8_t *payload = parts(&of_answer, false, &length, &tag);
  if (of_request.bad || of_answer.bad || !mac(device, ANSWER, request_tag, payload, length, expected) ||
      !same(expected, tag, MAC)) {
    return false;
  }
  struct in in = {payload, length, false};
  memset(message, 0, sizeof *message);
  uint64_t items = cbor_expect(&in, CBOR_ARRAY);
  in.bad |= cbor_expect(&in, CBOR_UINT) != number_of(request_payload, request_length);
  message->code = (uint8_t)cbor_expect(&in, CBOR_UINT);
  const uint8_t *body = cbor_get_bytes(&in, &message->body_length);
  const uint8_t *echo = items == 4 ? cbor_get_bytes(&in, &message->echo_length) : NULL;
  if (in.bad || in.length != 0 || message->body_length > BODY || message->echo_length > ECHO) {
    return false;
  }
  memcpy(message->body, body, message->body_length);
  if (echo != NULL) {
    memcpy(message->echo, echo, message->echo_length);
  }
  return true;
}
