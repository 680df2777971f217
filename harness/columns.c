/* SPDX-License-Identifier: MIT */
#include "columns.h"

#include <stdlib.h>
#include <string.h>

const struct gcm_column_description gcm_columns[GCM_COLUMN_COUNT] = {
#define COLUMN(name, type, unit, source, meaning)                                                  \
  {#name, GCM_COLUMN_##type, unit, GCM_COLUMN_##source, meaning},
#include "columns.def"
#undef COLUMN
};

static void clear_value(struct gcm_value *value, enum gcm_column_type type) {
  if (value->present && type == GCM_COLUMN_TEXT) {
    free(value->text);
  }
  *value = (struct gcm_value){0};
}

void gcm_row_set_uint(struct gcm_row *row, enum gcm_column column, uint64_t value) {
  row->values[column] = (struct gcm_value){.present = 1, .uint = value};
}

void gcm_row_set_real(struct gcm_row *row, enum gcm_column column, double value) {
  row->values[column] = (struct gcm_value){.present = 1, .real = value};
}

int gcm_row_set_text(struct gcm_row *row, enum gcm_column column, const char *value) {
  char *copy = strdup(value);
  if (copy == NULL) {
    return -1;
  }
  clear_value(&row->values[column], GCM_COLUMN_TEXT);
  row->values[column] = (struct gcm_value){.present = 1, .text = copy};
  return 0;
}

void gcm_row_clear(struct gcm_row *row) {
  for (int i = 0; i < GCM_COLUMN_COUNT; i++) {
    clear_value(&row->values[i], gcm_columns[i].type);
  }
}
