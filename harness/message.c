/* SPDX-License-Identifier: MIT */
#include "harness/message.h"

#include <stdarg.h>
#include <stdio.h>

int message_set(struct message *message, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(message->text, sizeof message->text, format, arguments);
  va_end(arguments);
  return -1;
}

void message_print(const struct message *message) {
  char line[sizeof message->text + 16];
  snprintf(line, sizeof line, "gcmark: %s", message->text);
  for (char *at = line; *at != '\0'; at++) {
    if ((unsigned char)*at < ' ' || *at == 0x7f) {
      *at = ' ';
    }
  }
  fprintf(stderr, "%s\n", line);
}

void message_say(const char *format, ...) {
  struct message message;
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(message.text, sizeof message.text, format, arguments);
  va_end(arguments);
  message_print(&message);
}
