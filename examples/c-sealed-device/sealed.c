/* SPDX-FileCopyrightText: Countersign contributors
 * SPDX-License-Identifier: Apache-2.0 */
#include "sealed.h"

#include <string.h>

#include <mbedtls/ccm.h>
#include <mbedtls/hkdf.h>
#include <mbedtls/md.h>
#include <mbedtls/platform_util.h>
#include <mbedtls/sha256.h>

#include "mac.h"

enum { ALGORITHM = 30, KEY = 16, NONCE = 13, TAG = 16, PIV = 5 };
enum { OPTION_URI_PATH = 11, OPTION_URI_QUERY = 15, OPTION_BLOCK1 = 27, OPTION_BLOCK2 = 23, OPTION_ECHO = 252 };

#define WRITER(name, size) \
  uint8_t name##_bytes[size]; \
  struct out name = {name##_bytes, 0, size, false}

static const mbedtls_md_info_t *sha256(void) {
  return mbedtls_md_info_from_type(MBEDTLS_MD_SHA256);
}

/* sub(label, L) of docs/protocol.md. */
static bool sub(
    const uint8_t dk[32], const char *label, const char *serial, uint8_t generation, uint8_t *key, size_t length) {
  WRITER(info, 128);
  cbor_head(&info, CBOR_ARRAY, 5);
  cbor_text(&info, "cs1");
  cbor_text(&info, label);
  cbor_bytes(&info, serial, strlen(serial));
  cbor_head(&info, CBOR_UINT, generation);
  cbor_head(&info, CBOR_UINT, length);
  return !info.full && mbedtls_hkdf_expand(sha256(), dk, 32, info.bytes, info.length, key, length) == 0;
}

/* RFC 8613 section 3.2.1, without an ID Context. */
static bool expand(
    const uint8_t prk[32], const uint8_t *id, size_t id_length, const char *type, uint8_t *key, size_t length) {
  WRITER(info, 32);
  cbor_head(&info, CBOR_ARRAY, 5);
  cbor_bytes(&info, id, id_length);
  cbor_null(&info);
  cbor_head(&info, CBOR_UINT, ALGORITHM);
  cbor_text(&info, type);
  cbor_head(&info, CBOR_UINT, length);
  return !info.full && mbedtls_hkdf_expand(sha256(), prk, 32, info.bytes, info.length, key, length) == 0;
}

static bool key_id(uint8_t kid[KID], const char *serial, uint8_t generation) {
  uint8_t digest[32];
  WRITER(name, 128);
  put(&name, "cs1/kid", 8); /* with its final zero */
  put(&name, serial, strlen(serial));
  put_byte(&name, generation);
  if (name.full || mbedtls_sha256_ret(name.bytes, name.length, digest, 0) != 0) {
    return false;
  }
  memcpy(kid, digest, KID);
  return true;
}

bool device_keys(
    struct device *device, const void *secret, size_t length, const char *serial, uint8_t generation) {
  static const char salt[] = "countersign/device/v1";
  uint8_t dk[32], master_secret[16], master_salt[8], prk[32];
  bool made =
      key_id(device->kid, serial, generation) &&
      mbedtls_hkdf_extract(sha256(), (const uint8_t *)salt, sizeof salt - 1, secret, length, dk) == 0 &&
      sub(dk, "oscore-ms", serial, generation, master_secret, sizeof master_secret) &&
      sub(dk, "oscore-salt", serial, generation, master_salt, sizeof master_salt) &&
      sub(dk, "mac-d2s", serial, generation, device->request_key, sizeof device->request_key) &&
      sub(dk, "mac-s2d", serial, generation, device->answer_key, sizeof device->answer_key) &&
      mbedtls_hkdf_extract(sha256(), master_salt, sizeof master_salt, master_secret, sizeof master_secret, prk) == 0 &&
      expand(prk, device->kid, KID, "Key", device->sender_key, KEY) &&
      expand(prk, NULL, 0, "Key", device->recipient_key, KEY) &&
      expand(prk, NULL, 0, "IV", device->common_iv, NONCE);
  mbedtls_platform_zeroize(dk, sizeof dk);
  mbedtls_platform_zeroize(master_secret, sizeof master_secret);
  mbedtls_platform_zeroize(prk, sizeof prk);
  return made;
}

/* RFC 8613 section 5.2. */
static void nonce(const struct device *device, const uint8_t *piv, size_t length, uint8_t nonce[NONCE]) {
  memcpy(nonce, device->common_iv, NONCE);
  nonce[0] ^= KID;
  for (size_t i = 0; i < KID; i++) {
    nonce[NONCE - PIV - KID + i] ^= device->kid[i];
  }
  for (size_t i = 0; i < length; i++) {
    nonce[NONCE - length + i] ^= piv[i];
  }
}

/* RFC 8613 section 5.4. */
static void additional_data(struct out *out, const struct device *device, const uint8_t *piv, size_t length) {
  WRITER(external, 32);
  cbor_head(&external, CBOR_ARRAY, 5);
  cbor_head(&external, CBOR_UINT, 1);
  cbor_head(&external, CBOR_ARRAY, 1);
  cbor_head(&external, CBOR_UINT, ALGORITHM);
  cbor_bytes(&external, device->kid, KID);
  cbor_bytes(&external, piv, length);
  cbor_bytes(&external, NULL, 0);
  cbor_head(out, CBOR_ARRAY, 3);
  cbor_text(out, "Encrypt0");
  cbor_bytes(out, NULL, 0);
  cbor_bytes(out, external.bytes, external.length);
  out->full |= external.full;
}

/* Encrypts in place and appends the tag; or checks the tag, decrypts and takes it off. */
static bool crypt(
    const struct device *device, bool seal, const uint8_t *piv, size_t piv_length, struct out *text) {
  uint8_t iv[NONCE];
  WRITER(aad, 64);
  nonce(device, piv, piv_length, iv);
  additional_data(&aad, device, piv, piv_length);
  if (aad.full || text->full || (seal ? text->capacity - text->length < TAG : text->length <= TAG)) {
    return false;
  }
  size_t length = seal ? text->length : text->length - TAG;
  uint8_t *tag = text->bytes + length;
  mbedtls_ccm_context ccm;
  mbedtls_ccm_init(&ccm);
  const uint8_t *key = seal ? device->sender_key : device->recipient_key;
  int failed = mbedtls_ccm_setkey(&ccm, MBEDTLS_CIPHER_ID_AES, key, 8 * KEY);
  if (failed == 0) {
    failed = seal ? mbedtls_ccm_encrypt_and_tag(
                        &ccm, length, iv, NONCE, aad.bytes, aad.length, text->bytes, text->bytes, tag, TAG)
                  : mbedtls_ccm_auth_decrypt(
                        &ccm, length, iv, NONCE, aad.bytes, aad.length, text->bytes, text->bytes, tag, TAG);
  }
  mbedtls_ccm_free(&ccm);
  text->length = seal ? length + TAG : length;
  return failed == 0;
}

/* RFC 7252 section 3.1; options must come in the order of their numbers. */
static void option(struct out *out, int *previous, int number, const void *value, size_t length) {
  int delta = number - *previous;
  put_byte(out, (uint8_t)((delta < 13 ? delta : 13) << 4 | (length < 13 ? length : 13)));
  if (delta >= 13) {
    put_byte(out, (uint8_t)(delta - 13));
  }
  if (length >= 13) {
    put_byte(out, (uint8_t)(length - 13));
  }
  put(out, value, length);
  *previous = number;
}

static void plaintext(struct out *out, const struct message *message) {
  int previous = 0;
  put_byte(out, message->code);
  option(out, &previous, OPTION_URI_PATH, message->path, strlen(message->path));
  if (message->query != NULL) {
    option(out, &previous, OPTION_URI_QUERY, message->query, strlen(message->query));
  }
  if (message->echo_length > 0) {
    option(out, &previous, OPTION_ECHO, message->echo, message->echo_length);
  }
  if (message->body_length > 0) {
    put_byte(out, 0xff);
    put(out, message->body, message->body_length);
  }
}

bool seal(const struct device *device, uint64_t number, const struct message *message, char token[TOKEN]) {
  uint8_t piv[PIV];
  size_t length = 1;
  while (length < PIV && number >> (8 * length) != 0) {
    length++;
  }
  for (size_t i = 0; i < length; i++) {
    piv[i] = (uint8_t)(number >> (8 * (length - 1 - i)));
  }
  WRITER(head, 1 + PIV + KID);
  put_byte(&head, (uint8_t)(0x08 | length)); /* with a kid; so many bytes of Partial IV */
  put(&head, piv, length);
  put(&head, device->kid, KID);
  WRITER(text, BODY + 64);
  plaintext(&text, message);
  if (number >= UINT64_C(1) << 40 || !crypt(device, true, piv, length, &text)) {
    return false;
  }
  struct out out = {(uint8_t *)token, 0, TOKEN, false};
  put(&out, "o1.", 3);
  base64url(&out, head.bytes, head.length);
  put_byte(&out, '.');
  base64url(&out, text.bytes, text.length);
  put_byte(&out, 0);
  return !out.full;
}

/* RFC 7252 section 3.1: a number of four bits, or what follows it. */
static size_t extended(struct in *in, size_t nibble) {
  if (nibble == 13) {
    return 13u + get_byte(in);
  } else if (nibble == 14) {
    size_t high = get_byte(in);
    return 269u + (high << 8 | get_byte(in));
  }
  in->bad |= nibble == 15;
  return nibble;
}

static bool parse(struct in *in, struct message *message) {
  size_t number = 0;
  memset(message, 0, sizeof *message);
  message->code = get_byte(in);
  while (in->length > 0 && !in->bad) {
    uint8_t head = get_byte(in);
    if (head == 0xff) {
      message->body_length = in->length;
      if (in->length == 0 || in->length > BODY) {
        return false;
      }
      memcpy(message->body, get(in, in->length), message->body_length);
      break;
    }
    number += extended(in, head >> 4);
    size_t length = extended(in, head & 15);
    const uint8_t *value = get(in, length);
    if (number == OPTION_ECHO && length <= ECHO && !in->bad) {
      memcpy(message->echo, value, length);
      message->echo_length = length;
    } else if (number % 2 == 1) {
      return false; /* critical and unknown here: blocks, for one */
    }
  }
  return !in->bad;
}

bool open_answer(const struct device *device, const char *request, const char *answer, struct message *message) {
  if (strncmp(request, "m1.", 3) == 0) {
    return open_answer_mac(device, request, answer, message);
  }
  WRITER(head, 1 + PIV + KID);
  const char *dot = strncmp(request, "o1.", 3) == 0 ? strchr(request + 3, '.') : NULL;
  if (dot == NULL || !base64url_decode(&head, request + 3, (size_t)(dot - request - 3))) {
    return false;
  }
  size_t length = head.length > 0 ? head.bytes[0] & 7u : 0;
  WRITER(text, TOKEN);
  /* Our server's answers have an empty option; another form of the same answer is refused. */
  if (head.length != 1 + length + KID || length < 1 || length > PIV || strncmp(answer, "o1.AA.", 6) != 0 ||
      !base64url_decode(&text, answer + 6, strlen(answer + 6)) ||
      !crypt(device, false, head.bytes + 1, length, &text)) {
    return false;
  }
  struct in in = {text.bytes, text.length, false};
  return parse(&in, message);
}
