/* SPDX-License-Identifier: MIT */
#include "collectors/support/weak_table.h"

#include <stdlib.h>

/* Fibonacci hashing of the address; objects are 8-aligned. The order of the
 * table is never observable. */
static size_t home(const struct gcm_weak_table *table, gcm_ref target) {
  uint64_t hash = ((uintptr_t)target >> 3) * UINT64_C(0x9e3779b97f4a7c15);
  return (size_t)(hash >> 32) & (table->capacity - 1);
}

static size_t next(const struct gcm_weak_table *table, size_t slot) {
  return (slot + 1) & (table->capacity - 1);
}

/* The slot of the target, or the free slot where it would go. */
static size_t locate(const struct gcm_weak_table *table, gcm_ref target) {
  size_t slot = home(table, target);
  while (table->slots[slot].target != NULL && table->slots[slot].target != target) {
    slot = next(table, slot);
  }
  return slot;
}

gcm_ref gcm_weak_table_find(const struct gcm_weak_table *table, gcm_ref target) {
  return table->capacity == 0 ? NULL : table->slots[locate(table, target)].weak;
}

static bool grow(struct gcm_weak_table *table) {
  struct gcm_weak_table larger = {.count = table->count,
                                  .capacity = table->capacity == 0 ? 16 : 2 * table->capacity};
  larger.slots = calloc(larger.capacity, sizeof *larger.slots);
  if (larger.slots == NULL) {
    return false;
  }
  for (size_t i = 0; i < table->capacity; i++) {
    if (table->slots[i].target != NULL) {
      larger.slots[locate(&larger, table->slots[i].target)] = table->slots[i];
    }
  }
  free(table->slots);
  *table = larger;
  return true;
}

bool gcm_weak_table_add(struct gcm_weak_table *table, gcm_ref target, gcm_ref weak) {
  if (2 * (table->count + 1) > table->capacity && !grow(table)) {
    return false;
  }
  table->slots[locate(table, target)] = (struct gcm_weak_entry){target, weak};
  table->count++;
  return true;
}

gcm_ref gcm_weak_table_remove(struct gcm_weak_table *table, gcm_ref target) {
  if (table->capacity == 0) {
    return NULL;
  }
  size_t hole = locate(table, target);
  gcm_ref weak = table->slots[hole].weak;
  if (weak == NULL) {
    return NULL;
  }
  table->count--;
  size_t mask = table->capacity - 1;
  for (size_t slot = next(table, hole); table->slots[slot].target != NULL;
       slot = next(table, slot)) {
    /* An entry may fill the hole if the hole lies between its home and it. */
    size_t distance = (slot - home(table, table->slots[slot].target)) & mask;
    if (distance >= ((slot - hole) & mask)) {
      table->slots[hole] = table->slots[slot];
      hole = slot;
    }
  }
  table->slots[hole] = (struct gcm_weak_entry){NULL, NULL};
  return weak;
}
