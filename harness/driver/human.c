/* SPDX-License-Identifier: MIT */
#include "human.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* Largest first. The last is the base unit for bytes, the smallest for seconds. */
static const struct human_unit units_of_bytes[] = {
    {"GB", 1e9},
    {"MB", 1e6},
    {"kB", 1e3},
    {"B", 1},
};
static const struct human_unit units_of_seconds[] = {
    {"s", 1},
    {"ms", 1e-3},
    {"us", 1e-6},
    {"ns", 1e-9},
};
#define UNIT_COUNT 4

/* From this share of a unit on, the value is shown in it: 0.812 s rather than 812 ms. */
static const double least_share = 0.1;

static struct human_unit choose_unit(const struct human_unit *units, double value, double share) {
  for (size_t i = 0; i + 1 < UNIT_COUNT; i++) {
    /* 999.6 kB rounds to 1.00 MB: decide on what three digits will show. */
    if (value * 1.0005 >= units[i].factor * share) {
      return units[i];
    }
  }
  return units[UNIT_COUNT - 1];
}

struct human_unit human_unit_of_bytes(double bytes) {
  return choose_unit(units_of_bytes, bytes, least_share);
}

struct human_unit human_unit_of_seconds(double seconds) {
  return choose_unit(units_of_seconds, seconds, least_share);
}

/* Puts a comma before every third of the first `digits` characters, counted from their end. */
static void separate_thousands(char *text, size_t digits) {
  size_t length = strlen(text);
  for (size_t position = digits; position > 3;) {
    position -= 3;
    memmove(text + position + 1, text + position, length - position + 1);
    text[position] = ',';
    length++;
  }
}

char *human_count(char *out, uint64_t count) {
  snprintf(out, HUMAN_SIZE, "%" PRIu64, count);
  separate_thousands(out, strlen(out));
  return out;
}

char *human_number(char *out, double value) {
  if (value <= 0) {
    snprintf(out, HUMAN_SIZE, "0");
    return out;
  }
  if (value > 1e15) { /* beyond any measurement; keeps the text within HUMAN_SIZE */
    snprintf(out, HUMAN_SIZE, "> 1e15");
    return out;
  }
  /* Rounding may carry into a fourth digit (9.996), hence the look at the rounded value. */
  int magnitude = (int)floor(log10(value));
  double step = pow(10, magnitude - 2);
  magnitude = (int)floor(log10(round(value / step) * step) + 1e-9);
  int decimals = magnitude >= 2 ? 0 : 2 - magnitude;
  if (decimals > 12) {
    decimals = 12;
  }
  snprintf(out, HUMAN_SIZE, "%.*f", decimals, value);
  separate_thousands(out, strcspn(out, "."));
  return out;
}

static char *with_unit(char *out, double value, struct human_unit unit) {
  char number[HUMAN_SIZE];
  human_number(number, value / unit.factor);
  snprintf(out, HUMAN_SIZE, "%.20s %s", number, unit.name);
  return out;
}

char *human_bytes(char *out, double bytes) {
  struct human_unit unit = choose_unit(units_of_bytes, bytes, 1);
  if (unit.factor > 1) {
    return with_unit(out, bytes, unit);
  }
  snprintf(out, HUMAN_SIZE, "%.0f B", bytes < 0 ? 0 : bytes); /* no part of a byte */
  return out;
}

char *human_seconds(char *out, double seconds) {
  return with_unit(out, seconds,
                   seconds > 0 ? human_unit_of_seconds(seconds) : units_of_seconds[0]);
}

char *human_clock(char *out, double seconds) {
  uint64_t total = seconds > 0 && seconds < 1e12 ? (uint64_t)seconds : 0;
  uint64_t hours = total / 3600;
  uint64_t minutes = total / 60 % 60;
  if (hours > 0) {
    snprintf(out, HUMAN_SIZE, "%" PRIu64 ":%02" PRIu64 ":%02" PRIu64, hours, minutes, total % 60);
  } else {
    snprintf(out, HUMAN_SIZE, "%" PRIu64 ":%02" PRIu64, minutes, total % 60);
  }
  return out;
}
