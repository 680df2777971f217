/* SPDX-License-Identifier: MIT
 *
 * Workloads that break one rule of the mutator API each. A workload is named
 * after its rule in collectors/check/rules.def, then "-" and the way it is
 * broken; "CLEAN-..." breaks none.
 */
#ifndef GCM_TESTS_BROKEN_H
#define GCM_TESTS_BROKEN_H

#include "workloads/workload.h"

/* Where the rule is broken: shared between the workload's process and the one
 * that judges it. Line 0: the report comes from elsewhere. */
struct broken_place {
  const char *file;
  int line;
};
extern struct broken_place *broken_place;

/* Do what has to be reported, for this line. */
#define BREAKS_HERE(statement)                                                                     \
  do {                                                                                             \
    *broken_place = (struct broken_place){__FILE__, __LINE__};                                     \
    statement;                                                                                     \
  } while (0)

/* The types of all broken workloads. */
enum { PAIR, LEAF, BYTES, ARRAY, PROMISED, CLOSING, TYPE_COUNT };
extern const gcm_type broken_types[TYPE_COUNT];
extern const gcm_type *const broken_list[TYPE_COUNT];
#define pair (&broken_types[PAIR])         /* two references */
#define leaf (&broken_types[LEAF])         /* eight bytes */
#define bytes_type (&broken_types[BYTES])  /* a tail of bytes */
#define array (&broken_types[ARRAY])       /* a tail of references */
#define promised (&broken_types[PROMISED]) /* two references, acyclic */
#define closing (&broken_types[CLOSING])   /* eight bytes and broken_finalizer */

/* What the finalizer of `closing` does, or null. */
extern void (*broken_finalizer)(void *bytes);

/* A new object into a field of what the local owns. */
GCM_INLINE void broken_put(gcm_mutator *m, const gcm_local *local, size_t index,
                           const gcm_type *type) {
  gcm_owned value = gcm_new(m, type);
  gcm_store(m, local->ref, index, value);
}

/* BROKEN(RULE, way) { body with m }: a workload named RULE-way. */
#define BROKEN(rule, way)                                                                          \
  static void rule##_##way##_body(gcm_mutator *m);                                                 \
  static void rule##_##way##_run(gcm_mutator *m, gcm_run *run) {                                   \
    gcm_run_start(run);                                                                            \
    rule##_##way##_body(m);                                                                        \
    gcm_run_stop(run);                                                                             \
  }                                                                                                \
  static const gcm_workload rule##_##way = {.name = #rule "-" #way,                                \
                                            .description = "breaks " #rule,                        \
                                            .tiny = 1,                                             \
                                            .normal = 1,                                           \
                                            .types = broken_list,                                  \
                                            .type_count = TYPE_COUNT,                              \
                                            .run = rule##_##way##_run};                            \
  GCM_WORKLOAD(rule##_##way);                                                                      \
  static void rule##_##way##_body(gcm_mutator *m)

#endif
