/* SPDX-License-Identifier: MIT */
#include "floor.h"

#include <string.h>

static const char *text_of(const struct gcm_row *row, enum gcm_column column) {
  return row->values[column].present ? row->values[column].text : "";
}

static int is_floor_of(const struct gcm_row *candidate, const struct gcm_row *row) {
  return candidate->values[GCM_COLUMN_round].uint == 0 &&
         candidate->values[GCM_COLUMN_peak_rss_bytes].present &&
         strcmp(text_of(candidate, GCM_COLUMN_status), "ok") == 0 &&
         strcmp(text_of(candidate, GCM_COLUMN_collector), text_of(row, GCM_COLUMN_collector)) ==
             0 &&
         strcmp(text_of(candidate, GCM_COLUMN_allocator), text_of(row, GCM_COLUMN_allocator)) == 0;
}

void floor_fill(const struct rows *rows, struct gcm_row *row) {
  if (row->values[GCM_COLUMN_round].uint == 0) {
    return;
  }
  /* The plan has one such run, which is its own median. */
  for (size_t i = 0; i < rows->count; i++) {
    if (is_floor_of(&rows->list[i], row)) {
      gcm_row_set_uint(row, GCM_COLUMN_floor_rss_bytes,
                       rows->list[i].values[GCM_COLUMN_peak_rss_bytes].uint);
      return;
    }
  }
}
