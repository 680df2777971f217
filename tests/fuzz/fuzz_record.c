/* SPDX-License-Identifier: MIT
 *
 * Whatever a runner leaves as its record: it is taken whole or not at all.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "harness/driver/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first byte chooses the exit code. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct gcm_row row = {0};
  struct message error;
  if (size == 0) {
    return 0;
  }
  int exit_code = data[0] % 8;
  int result = record_read((const char *)data + 1, size - 1, exit_code, &row, &error);
  for (int i = 0; i < GCM_COLUMN_COUNT; i++) {
    bool taken = gcm_columns[i].source == GCM_COLUMN_RUNNER || i == GCM_COLUMN_status ||
                 i == GCM_COLUMN_message;
    if (row.values[i].present && (result != 0 || !taken)) {
      abort();
    }
  }
  if (result == 0 && strcmp(row.values[GCM_COLUMN_status].text, record_status_word(exit_code))) {
    abort();
  }
  gcm_row_clear(&row);
  return 0;
}
