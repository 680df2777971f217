/* SPDX-License-Identifier: MIT
 *
 * rc-cycle: reference counting, and cycle collection in the manner of CPython;
 * see support/counting/counting.h for the counting, tracking.h for the set of
 * objects that may be on a cycle, cycles.c for the collection.
 */
#ifndef GCM_RC_CYCLE_COLLECTOR_H
#define GCM_RC_CYCLE_COLLECTOR_H

#define COUNTING_TRACKING_HEADER "collectors/rc-cycle/tracking.h"
#include "collectors/support/counting/counting.h"

/* Inlined at the end of gcm_new for a type that may be on a cycle. */
GCM_INLINE void counting_track(gcm_mutator *m, gcm_ref object) {
  struct counting_tracking *tracking = &m->tracking;
  if (GCM_UNLIKELY(tracking->next == tracking->end)) {
    cycles_make_room(m);
  }
  *tracking_word(object) = (struct tracking_word){
      .index = (uint32_t)(tracking->next - tracking->generations[0].entries), .generation = 0};
  *tracking->next++ = object;
}

#endif
