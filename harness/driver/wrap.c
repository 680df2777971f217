/* SPDX-License-Identifier: MIT */
#include "wrap.h"

#include <string.h>

/* How much of text goes on a line of that many columns. */
static size_t fit(const char *text, size_t columns) {
  size_t length = strlen(text);
  if (length <= columns) {
    return length;
  }
  for (size_t end = columns + 1; end > 1; end--) {
    if (text[end - 1] == ' ') {
      return end - 1;
    }
  }
  return columns;
}

void wrap_print(FILE *out, unsigned width, const char *first, const char *rest, const char *text) {
  const char *prefix = first;
  do {
    size_t taken = strlen(prefix);
    size_t length = fit(text, width > taken + 1 ? width - taken : 1);
    fprintf(out, "%s%.*s\n", prefix, (int)length, text);
    text += length;
    text += strspn(text, " ");
    prefix = rest;
  } while (*text != '\0');
}
