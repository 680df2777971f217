/* SPDX-License-Identifier: MIT */
#include "harness/nearest.h"

#include <limits.h>
#include <string.h>

enum { LONGEST = 63 };

static unsigned least(unsigned a, unsigned b) {
  return a < b ? a : b;
}

/* Optimal string alignment (Damerau 1964, restricted to one edit per substring), three rows. */
unsigned nearest_distance(const char *a, const char *b) {
  size_t a_length = strnlen(a, LONGEST);
  size_t b_length = strnlen(b, LONGEST);
  unsigned rows[3][LONGEST + 1];
  unsigned *before = rows[0];
  unsigned *above = rows[1];
  unsigned *row = rows[2];
  memset(rows, 0, sizeof rows);
  for (size_t j = 0; j <= b_length; j++) {
    row[j] = (unsigned)j;
  }
  for (size_t i = 1; i <= a_length; i++) {
    unsigned *recycled = before;
    before = above;
    above = row;
    row = recycled;
    row[0] = (unsigned)i;
    for (size_t j = 1; j <= b_length; j++) {
      unsigned substitution = above[j - 1] + (a[i - 1] != b[j - 1]);
      row[j] = least(least(above[j], row[j - 1]) + 1, substitution);
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = least(row[j], before[j - 2] + 1);
      }
    }
  }
  return row[b_length];
}

const char *nearest(const char *word, const char *const *candidates, size_t count) {
  const char *best = NULL;
  unsigned best_distance = UINT_MAX;
  for (size_t i = 0; i < count; i++) {
    unsigned distance = nearest_distance(word, candidates[i]);
    if (distance < best_distance) {
      best = candidates[i];
      best_distance = distance;
    }
  }
  return best;
}
