/* SPDX-License-Identifier: MIT */
#include "harness/quantity.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "harness/number.h"

int quantity_whole(const char *what, const char *text, uint64_t minimum, uint64_t maximum,
                   uint64_t *value, struct message *error) {
  uint64_t parsed = 0;
  if (number_parse_uint(text, &parsed) != 0 || parsed < minimum || parsed > maximum) {
    return message_set(error, "%s: '%s' is not a whole number from %" PRIu64 " to %" PRIu64, what,
                       text, minimum, maximum);
  }
  *value = parsed;
  return 0;
}

/* Splits "64M" into "64" and "M". -1 if the number does not fit. */
static int split(const char *text, const char *number_characters, char number[32],
                 const char **suffix) {
  size_t length = strspn(text, number_characters);
  if (length == 0 || length >= 32) {
    return -1;
  }
  memcpy(number, text, length);
  number[length] = '\0';
  *suffix = text + length;
  return 0;
}

static int parse_bytes(const char *text, uint64_t *bytes) {
  char number[32];
  const char *suffix = NULL;
  uint64_t parsed = 0;
  if (split(text, "0123456789", number, &suffix) != 0 || number_parse_uint(number, &parsed) != 0) {
    return -1;
  }
  static const char letters[] = "KMGTkmgt";
  unsigned shift = 0;
  if (*suffix != '\0') {
    const char *letter = strchr(letters, *suffix);
    if (letter == NULL || suffix[1] != '\0') {
      return -1;
    }
    shift = 10 * ((unsigned)(letter - letters) % 4 + 1);
  }
  if (parsed > UINT64_MAX >> shift) {
    return -1;
  }
  *bytes = parsed << shift;
  return 0;
}

/* The largest suffix that divides the amount, so that limits read as people write them. */
static void format_bytes(char text[32], uint64_t bytes) {
  static const char letters[] = "\0KMGT";
  unsigned power = 0;
  while (power < 4 && bytes != 0 && bytes % 1024 == 0) {
    bytes /= 1024;
    power++;
  }
  snprintf(text, 32, "%" PRIu64 "%.1s", bytes, letters + power);
}

int quantity_bytes(const char *what, const char *text, uint64_t minimum, uint64_t maximum,
                   uint64_t *bytes, struct message *error) {
  uint64_t parsed = 0;
  if (parse_bytes(text, &parsed) != 0 || parsed < minimum || parsed > maximum) {
    char low[32];
    char high[32];
    format_bytes(low, minimum);
    format_bytes(high, maximum);
    return message_set(error,
                       "%s: '%s' is not a number of bytes from %s to %s (as 67108864 or 64M)", what,
                       text, low, high);
  }
  *bytes = parsed;
  return 0;
}

static int parse_seconds(const char *text, double *seconds) {
  static const struct {
    const char *suffix;
    double scale;
  } units[] = {{"", 1}, {"s", 1}, {"ms", 1e-3}, {"m", 60}, {"h", 3600}};
  char number[32];
  const char *suffix = NULL;
  double parsed = 0;
  if (split(text, "0123456789.", number, &suffix) != 0 || number_parse_real(number, &parsed) != 0) {
    return -1;
  }
  for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
    if (strcmp(suffix, units[i].suffix) == 0) {
      *seconds = parsed * units[i].scale;
      return 0;
    }
  }
  return -1;
}

int quantity_seconds(const char *what, const char *text, double minimum, double maximum,
                     double *seconds, struct message *error) {
  double parsed = 0;
  if (parse_seconds(text, &parsed) != 0 || parsed < minimum || parsed > maximum) {
    return message_set(error, "%s: '%s' is not a time from %g s to %g s (as 90, 500ms, 5m or 1h)",
                       what, text, minimum, maximum);
  }
  *seconds = parsed;
  return 0;
}
