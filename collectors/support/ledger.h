/* SPDX-License-Identifier: MIT
 *
 * External resources and finalizers, kept alike for every collector, off the
 * hot path: one set per process, as there is one heap.
 */
#ifndef GCM_SUPPORT_LEDGER_H
#define GCM_SUPPORT_LEDGER_H

#include "collectors/type.h"

struct gcm_ledger {
  uint64_t handles, handles_peak;               /* file descriptors open on behalf of objects */
  uint64_t external_bytes, external_bytes_peak; /* bytes held outside the heap for objects */
  uint64_t finalizers_run;
};

/* A consistent copy; safe from any thread. */
struct gcm_ledger gcm_ledger_read(void);

/* Call the type's finalizer, which must exist, and count it. */
void gcm_finalize(const gcm_type *type, void *bytes);

#endif
