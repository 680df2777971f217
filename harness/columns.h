/* SPDX-License-Identifier: MIT
 *
 * The columns of runs.csv as C: identifiers, their descriptions, and a row of
 * optional values. Shared by the runner (which fills the RUNNER columns) and
 * the driver (which fills the rest and writes the row).
 */
#ifndef GCM_HARNESS_COLUMNS_H
#define GCM_HARNESS_COLUMNS_H

#include <stdint.h>

/* Raised whenever a column changes its meaning or goes away. */
#define GCM_SCHEMA_VERSION 1

enum gcm_column {
#define COLUMN(name, type, unit, source, meaning) GCM_COLUMN_##name,
#include "columns.def"
#undef COLUMN
  GCM_COLUMN_COUNT
};

enum gcm_column_type { GCM_COLUMN_TEXT, GCM_COLUMN_UINT, GCM_COLUMN_REAL };
enum gcm_column_source { GCM_COLUMN_PLAN, GCM_COLUMN_PARENT, GCM_COLUMN_RUNNER };

struct gcm_column_description {
  const char *name;
  enum gcm_column_type type;
  const char *unit;
  enum gcm_column_source source;
  const char *meaning;
};

/* Indexed by enum gcm_column. */
extern const struct gcm_column_description gcm_columns[GCM_COLUMN_COUNT];

/* One optional value; which member counts follows from the column's type. */
struct gcm_value {
  int present;
  union {
    uint64_t uint;
    double real;
    char *text; /* owned by the row, malloc */
  };
};

/* One run. All absent when zeroed. */
struct gcm_row {
  struct gcm_value values[GCM_COLUMN_COUNT];
};

/* Set a value; the column must have that type. Text is copied; -1 if memory ran out. */
void gcm_row_set_uint(struct gcm_row *row, enum gcm_column column, uint64_t value);
void gcm_row_set_real(struct gcm_row *row, enum gcm_column column, double value);
int gcm_row_set_text(struct gcm_row *row, enum gcm_column column, const char *value);

/* Frees the texts and leaves every value absent. */
void gcm_row_clear(struct gcm_row *row);

#endif
