/* SPDX-License-Identifier: MIT */
#include "collectors/support/tally.h"

void gcm_tally_report(const struct gcm_tally *tally, const struct gcm_heap_config *config,
                      size_t (*fixed_bytes)(const gcm_type *type), struct gcm_heap_counts *counts) {
  counts->allocated_objects = tally->objects[GCM_TYPES_MAX];
  counts->allocated_bytes = tally->tail_bytes + tally->objects[GCM_TYPES_MAX] * fixed_bytes(NULL);
  counts->finalizable = 0;
  for (size_t id = 0; id < config->type_count; id++) {
    const gcm_type *type = config->types[id];
    counts->allocated_objects += tally->objects[id];
    counts->allocated_bytes += tally->objects[id] * fixed_bytes(type);
    counts->finalizable += type->finalize == NULL ? 0 : tally->objects[id];
  }
}
