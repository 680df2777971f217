/* SPDX-License-Identifier: MIT
 *
 * Errors as values: a function that fails writes one line here and returns -1;
 * the command that called it prints that line once.
 */
#ifndef GCMARK_HARNESS_MESSAGE_H
#define GCMARK_HARNESS_MESSAGE_H

struct message {
  char text[1024];
};

/* Sets the text (cut if too long) and returns -1, so that a failing function can return the call.
 */
int message_set(struct message *message, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Prints "gcmark: TEXT" as one line to standard error; control characters become spaces. */
void message_print(const struct message *message);

/* The same from a format. */
void message_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
