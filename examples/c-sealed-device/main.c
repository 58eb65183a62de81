/* SPDX-FileCopyrightText: Countersign contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A device on the command line: each run is a boot. See README.md. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "flash.h"
#include "sealed.h"

static const char USAGE[] =
    "usage: sealed-device SECRET-FILE SERIAL [-m] [-n NUMBER | -f FLASH-FILE] [-e ECHO-HEX] COMMAND\n"
    "  keys                        what is derived from the secret, in hex\n"
    "  reading NAME NUMBER         the token of POST d\n"
    "  settings VERSION            the token of GET s?v=VERSION\n"
    "  open REQUEST ANSWER         what the answer to this request says\n"
    "  -m  by MAC alone (level 1); -n  for tests only: a number used twice gives the key away\n";

static int fail(const char *why) {
  fprintf(stderr, "%s\n", why);
  return 1;
}

static void print_hex(const char *name, const uint8_t *bytes, size_t length) {
  printf("%s ", name);
  for (size_t i = 0; i < length; i++) {
    printf("%02x", bytes[i]);
  }
  printf("\n");
}

static bool read_hex(const char *hex, uint8_t *bytes, size_t *length) {
  unsigned byte;
  for (*length = 0; hex[2 * *length] != '\0'; (*length)++) {
    if (*length == ECHO || sscanf(hex + 2 * *length, "%2x", &byte) != 1) {
      return false;
    }
    bytes[*length] = (uint8_t)byte;
  }
  return true;
}

static size_t read_secret(const char *file, uint8_t *secret, size_t capacity) {
  FILE *in = fopen(file, "rb");
  if (in == NULL) {
    return 0;
  }
  size_t length = fread(secret, 1, capacity, in);
  bool whole = fgetc(in) == EOF;
  fclose(in);
  /* The secret is its exact bytes; a line end is no part of it. */
  while (length > 0 && (secret[length - 1] == '\n' || secret[length - 1] == '\r')) {
    length--;
  }
  return whole ? length : 0;
}

static int print_answer(const struct device *device, const char *request, const char *answer) {
  static struct message message;
  if (!open_answer(device, request, answer, &message)) {
    return fail("not the answer to this request");
  }
  printf("%d.%02d", message.code >> 5, message.code & 31);
  struct in in = {message.body, message.body_length, false};
  if (message.body_length > 0) {
    printf(" ");
    cbor_print(&in, 4);
  }
  printf("\n");
  if (message.echo_length > 0) {
    print_hex("echo", message.echo, message.echo_length);
  }
  return in.bad || in.length > 0 ? fail("the body is no CBOR") : 0;
}

static int send(const struct device *device, bool by_mac, uint64_t number, const struct message *message) {
  static char token[TOKEN];
  if (!(by_mac ? seal_mac : seal)(device, number, message, token)) {
    return fail("too long for a token");
  }
  printf("%s\n", token);
  return 0;
}

static void reading(struct message *message, const char *name, float value) {
  struct out body = {message->body, 0, sizeof message->body, false};
  message->code = 2;
  message->path = "d";
  cbor_head(&body, CBOR_MAP, 1);
  cbor_text(&body, name);
  cbor_float(&body, value);
  message->body_length = body.length;
}

int main(int count, char **arguments) {
  static uint8_t secret[256];
  static struct message message;
  static char query[32];
  struct device device;
  bool by_mac = false, numbered = false;
  uint64_t number = 0;
  const char *flash = NULL;
  if (count < 4) {
    return fail(USAGE) + 1;
  }
  size_t length = read_secret(arguments[1], secret, sizeof secret);
  if (length == 0 || !device_keys(&device, secret, length, arguments[2], 1)) {
    return fail("no secret in this file");
  }
  int at = 3;
  for (; at < count && arguments[at][0] == '-'; at++) {
    char option = arguments[at][1];
    if (option == 'm') {
      by_mac = true;
    } else if (++at == count) {
      return fail(USAGE) + 1;
    } else if (option == 'n') {
      number = strtoull(arguments[at], NULL, 10);
      numbered = true;
    } else if (option == 'f') {
      flash = arguments[at];
    } else if (option != 'e' || !read_hex(arguments[at], message.echo, &message.echo_length)) {
      return fail(USAGE) + 1;
    }
  }
  char **command = arguments + at;
  int words = count - at;
  if (words == 1 && strcmp(command[0], "keys") == 0) {
    print_hex("kid", device.kid, sizeof device.kid);
    print_hex("senderKey", device.sender_key, sizeof device.sender_key);
    print_hex("recipientKey", device.recipient_key, sizeof device.recipient_key);
    print_hex("commonIv", device.common_iv, sizeof device.common_iv);
    print_hex("mac-d2s", device.request_key, sizeof device.request_key);
    print_hex("mac-s2d", device.answer_key, sizeof device.answer_key);
    return 0;
  } else if (words == 3 && strcmp(command[0], "open") == 0) {
    return print_answer(&device, command[1], command[2]);
  } else if (words == 3 && strcmp(command[0], "reading") == 0) {
    reading(&message, command[1], strtof(command[2], NULL));
  } else if (words == 2 && strcmp(command[0], "settings") == 0) {
    message.code = 1;
    message.path = "s";
    message.query = query;
    snprintf(query, sizeof query, "v=%s", command[1]);
  } else {
    return fail(USAGE) + 1;
  }
  struct sequence sequence;
  if (!numbered && (flash == NULL || !sequence_boot(&sequence, flash) || !sequence_take(&sequence, &number))) {
    return fail("no sequence number: give a file with -f that can be written");
  }
  return send(&device, by_mac, number, &message);
}
