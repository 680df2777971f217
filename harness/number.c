/* SPDX-License-Identifier: MIT */
#include "harness/number.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Made once and kept for the life of the process; (locale_t)0 if memory ran out. */
static locale_t c_locale(void) {
  static locale_t locale;
  if (locale == (locale_t)0) {
    locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
  }
  return locale;
}

void number_format_real(char text[NUMBER_TEXT_SIZE], double value) {
  locale_t locale = c_locale();
  locale_t before = locale == (locale_t)0 ? (locale_t)0 : uselocale(locale);
  for (int digits = 15; digits <= 17; digits++) {
    snprintf(text, NUMBER_TEXT_SIZE, "%.*g", digits, value);
    if (strtod(text, NULL) == value) {
      break;
    }
  }
  if (before != (locale_t)0) {
    uselocale(before);
  }
}

int number_parse_real(const char *text, double *value) {
  locale_t locale = c_locale();
  size_t length = strlen(text);
  if (length == 0 || strspn(text, "0123456789.eE+-") != length || text[0] == '+') {
    return -1;
  }
  char *end = NULL;
  double parsed = locale == (locale_t)0 ? strtod(text, &end) : strtod_l(text, &end, locale);
  if (end != text + length || !isfinite(parsed)) {
    return -1;
  }
  *value = parsed;
  return 0;
}

int number_parse_uint(const char *text, uint64_t *value) {
  uint64_t parsed = 0;
  if (*text == '\0') {
    return -1;
  }
  for (; *text != '\0'; text++) {
    if (*text < '0' || *text > '9') {
      return -1;
    }
    uint64_t digit = (uint64_t)(*text - '0');
    if (parsed > (UINT64_MAX - digit) / 10) {
      return -1;
    }
    parsed = parsed * 10 + digit;
  }
  *value = parsed;
  return 0;
}
