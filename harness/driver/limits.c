/* SPDX-License-Identifier: MIT */
#include "limits.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "harness/driver/campaign.h"
#include "harness/driver/environment_source.h"
#include "harness/quantity.h"

/* 0 if the kernel does not tell. */
static uint64_t available_bytes(void) {
  char line[256];
  uint64_t kibibytes = 0;
  FILE *file = fopen("/proc/meminfo", "re");
  while (file != NULL && fgets(line, sizeof line, file) != NULL) {
    if (sscanf(line, "MemAvailable: %" SCNu64, &kibibytes) == 1) {
      break;
    }
  }
  if (file != NULL) {
    fclose(file);
  }
  return kibibytes * 1024;
}

static int percent(const char *what, const char *text, uint64_t *bytes, struct message *error) {
  char number[8] = "";
  uint64_t share = 0;
  size_t length = strlen(text) - 1;
  uint64_t available = available_bytes();
  struct environment_source source = {.root = ""};
  uint64_t allowed = environment_cgroup_room_bytes(&source);
  memcpy(number, text, length < sizeof number ? length : sizeof number - 1);
  if (quantity_whole(what, number, 1, 100, &share, error) != 0) {
    return -1;
  }
  *bytes = (available < allowed ? available : allowed) / 100 * share;
  if (*bytes < CAMPAIGN_LEAST_MEMORY_BYTES) {
    return message_set(error, "%s: cannot tell %s of the available memory; give bytes", what, text);
  }
  return 0;
}

int limits_memory(const char *what, const char *text, uint64_t *bytes, struct message *error) {
  size_t length = strlen(text);
  if (length > 1 && text[length - 1] == '%') {
    return percent(what, text, bytes, error);
  }
  return quantity_bytes(what, text, CAMPAIGN_LEAST_MEMORY_BYTES, CAMPAIGN_MOST_MEMORY_BYTES, bytes,
                        error);
}
