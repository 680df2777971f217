/* SPDX-License-Identifier: MIT
 *
 * The mutator API: what a workload may say to a memory manager.
 *
 * One workload source is compiled once per collector against that collector's
 * inline definitions, so nothing here costs more than the collector itself
 * needs. The API speaks ownership and rooting at once:
 *
 *   gcm_ref      a borrowed reference: valid until the next safepoint, and
 *                until the next store, drop or set, which may release what it
 *                points to. May be null. Copy it freely; compare with == only.
 *                Never hash it or order by it: identity is not an address.
 *   gcm_owned    an owned reference: consumed exactly once, by init, store,
 *                set, drop, or by becoming a local, and before the next
 *                safepoint. Returning one from a function passes it on.
 *   gcm_local    a variable that owns, survives safepoints, and lets go when
 *                its scope ends. `name.ref` reads it as a borrowed reference.
 *   gcm_cursor   a variable that borrows and survives safepoints. What it
 *                points to must stay reachable from locals or other owners at
 *                every safepoint in its scope. `cursor.ref` reads it.
 *
 * A safepoint is gcm_new, gcm_new_tail, gcm_weak_new, gcm_safepoint,
 * gcm_collect, and a call of anything that reaches one. At a safepoint any
 * object may move or be reclaimed.
 *
 * C leaves the order of arguments open, so a call that takes a borrowed
 * reference has no safepoint among its other arguments: not
 * gcm_store(m, list.ref, 0, gcm_new(m, &type)), but the allocation first.
 *
 * A workload has no global roots: everything hangs from locals and from the
 * objects they own. Collector `check` enforces every rule of this page.
 *
 * Running out of memory never returns: the process ends with exit code 3 and a
 * record that says how much was asked and held.
 *
 * A reference argument may be null only where the text says so.
 */
#ifndef GCM_COLLECTORS_MUTATOR_H
#define GCM_COLLECTORS_MUTATOR_H

#include "collectors/type.h"

/* One per thread; not shared. Defined by the collector. */
typedef struct gcm_mutator gcm_mutator;
typedef struct gcm_local gcm_local;
typedef struct gcm_cursor gcm_cursor;

/* ---- Variables that survive safepoints ------------------------------------
 *
 *   GCM_LOCAL(m, name, owned);    declares a gcm_local that takes over `owned`
 *   GCM_CURSOR(m, name, ref);     declares a gcm_cursor that points to `ref`
 *
 * Both are declarations, supplied by the collector as macros (support/ has the
 * three usual forms). Their scope ends as any C variable's does: by falling
 * out, return, break, continue; never by longjmp. */

static inline gcm_owned gcm_null(void);

/* Move the reference out; the local is null afterwards. */
static inline gcm_owned gcm_take(gcm_mutator *m, gcm_local *local);

/* Overwrite: what the local owned is dropped. */
static inline void gcm_set(gcm_mutator *m, gcm_local *local, gcm_owned value);

/* Let the cursor point elsewhere, or to null. */
static inline void gcm_point(gcm_mutator *m, gcm_cursor *cursor, gcm_ref ref);

/* ---- Allocation ------------------------------------------------------------ */

/* A fresh object, its references null and its bytes zero. Safepoint. */
static inline gcm_owned gcm_new(gcm_mutator *m, const gcm_type *type);

/* The same for a type with a tail of `length` bytes or references (0 is
 * allowed). A length whose size overflows size_t is out of heap. Safepoint. */
static inline gcm_owned gcm_new_tail(gcm_mutator *m, const gcm_type *type, size_t length);

/* The length given to gcm_new_tail. */
static inline size_t gcm_length(gcm_mutator *m, gcm_ref object);

/* ---- Ownership ---------------------------------------------------------------- */

/* A second owned reference to the same object; null gives null. */
static inline gcm_owned gcm_dup(gcm_mutator *m, gcm_ref ref);

/* Give an owned reference up; null is allowed. A counting manager may reclaim
 * here what it kept alive, and run finalizers. */
static inline void gcm_drop(gcm_mutator *m, gcm_owned value);

/* ---- Fields: index 0 .. references - 1, the tail's included ------------------- */

/* Borrow a field's reference. */
static inline gcm_ref gcm_load(gcm_mutator *m, gcm_ref object, size_t index);

/* Overwrite a field: the old reference is released. Consumes `value`. */
static inline void gcm_store(gcm_mutator *m, gcm_ref object, size_t index, gcm_owned value);

/* Set a field of a fresh object for the first time, before the next safepoint
 * after its allocation: there is no old reference to release. */
static inline void gcm_init(gcm_mutator *m, gcm_ref object, size_t index, gcm_owned value);

/* Move a field's reference out; the field is null afterwards. */
static inline gcm_owned gcm_take_field(gcm_mutator *m, gcm_ref object, size_t index);

/* The raw bytes of an object of this type, fixed ones first, then a tail of
 * bytes. Aligned to 8. A raw pointer: valid until the next safepoint. */
static inline void *gcm_bytes(gcm_mutator *m, gcm_ref object, const gcm_type *type);

/* ---- Weak references ------------------------------------------------------------- */

/* A weak reference to `target`: an object that can be stored as any other and
 * does not keep its target alive. Two of the same target may be one object.
 * The target is protected across the safepoint this is. */
static inline gcm_owned gcm_weak_new(gcm_mutator *m, gcm_ref target);

/* The target, or null once it has been reclaimed. */
static inline gcm_owned gcm_weak_get(gcm_mutator *m, gcm_ref weak);

/* ---- Control --------------------------------------------------------------------- */

/* Let the collector do pending work. Safepoint. */
static inline void gcm_safepoint(gcm_mutator *m);

/* A full collection: what this manager can find to be garbage is reclaimed and
 * its finalizers have run on return. No-op where there is nothing to collect
 * with. Safepoint. */
void gcm_collect(gcm_mutator *m);

/* ---- External resources: file descriptors and memory outside the heap ------------- */

/* Charge to `owner` what it now holds outside the heap: bytes, and open file
 * descriptors. Not a safepoint; a collector may let it hasten the next one. */
void gcm_external_open(gcm_mutator *m, gcm_ref owner, size_t bytes, unsigned handles);

/* Discharge. Allowed in finalizers, where there is no mutator. */
void gcm_external_close(size_t bytes, unsigned handles);

/* File descriptors now open on behalf of objects. */
uint64_t gcm_external_handles(void);

#ifndef GCM_COLLECTOR_HEADER
#error                                                                                             \
    "compile with -DGCM_COLLECTOR_HEADER='\"collectors/<name>/collector.h\"': gcmark_add_collector() does"
#endif
#include GCM_COLLECTOR_HEADER

#endif
