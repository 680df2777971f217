/* SPDX-License-Identifier: MIT */
#include "median.h"

#include <math.h>
#include <stdlib.h>

static int compare(const void *left, const void *right) {
  double a = *(const double *)left;
  double b = *(const double *)right;
  return (a > b) - (a < b);
}

double median(double *values, size_t count) {
  if (count == 0) {
    return NAN;
  }
  qsort(values, count, sizeof values[0], compare);
  double upper = values[count / 2];
  if (count % 2 == 1) {
    return upper;
  }
  double lower = values[count / 2 - 1];
  return lower + (upper - lower) / 2; /* cannot overflow, unlike the sum of two large values */
}
