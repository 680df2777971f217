/* SPDX-License-Identifier: MIT
 *
 * From an object to its one weak reference, for managers that do not move:
 * open addressing with linear probing, deletion by shifting back (Knuth, TAOCP
 * vol. 3, 6.4, algorithm R). The caller locks.
 */
#ifndef GCM_SUPPORT_WEAK_TABLE_H
#define GCM_SUPPORT_WEAK_TABLE_H

#include "collectors/type.h"

/* Empty when zeroed. Invariant: at least half of the slots are free, and no
 * free slot lies between an entry and the slot its target hashes to. */
struct gcm_weak_table {
  struct gcm_weak_entry {
    gcm_ref target, weak;
  } * slots;
  size_t count, capacity; /* capacity is 0 or a power of two */
};

/* The weak reference of `target`, or null. */
gcm_ref gcm_weak_table_find(const struct gcm_weak_table *table, gcm_ref target);

/* Enter a target that is not in the table. False if memory ran out. */
bool gcm_weak_table_add(struct gcm_weak_table *table, gcm_ref target, gcm_ref weak);

/* Remove the target; its weak reference, or null if it was not there. */
gcm_ref gcm_weak_table_remove(struct gcm_weak_table *table, gcm_ref target);

#endif
