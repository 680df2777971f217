/* SPDX-License-Identifier: MIT
 *
 * As many types as a workload may list, of many layouts, side by side: each
 * object keeps its own references and bytes.
 */
#include "expect.h"

/* Up to 4 references, up to 48 bytes; every third type has a tail of bytes. */
#define TYPE(i)                                                                                    \
  {                                                                                                \
    .name = "type-" #i, .id = i, .refs = i % 5, .bytes = i * 7 % 49,                               \
    .tail = i % 3 == 2 ? GCM_TAIL_BYTES : GCM_TAIL_NONE                                            \
  }
static const gcm_type layouts[] = {
    TYPE(0),  TYPE(1),  TYPE(2),  TYPE(3),  TYPE(4),  TYPE(5),  TYPE(6),  TYPE(7),
    TYPE(8),  TYPE(9),  TYPE(10), TYPE(11), TYPE(12), TYPE(13), TYPE(14), TYPE(15),
    TYPE(16), TYPE(17), TYPE(18), TYPE(19), TYPE(20), TYPE(21), TYPE(22), TYPE(23),
    TYPE(24), TYPE(25), TYPE(26), TYPE(27), TYPE(28), TYPE(29), TYPE(30),
};
enum { LAYOUTS = sizeof layouts / sizeof *layouts };
static const gcm_type table = {.name = "table", .id = LAYOUTS, .tail = GCM_TAIL_REFS};
_Static_assert(LAYOUTS + 1 == GCM_TYPES_MAX, "all the types there can be");

#define AT(i) &layouts[i]
static const gcm_type *const types[] = {
    AT(0),  AT(1),  AT(2),  AT(3),  AT(4),  AT(5),  AT(6),  AT(7),  AT(8),  AT(9),  AT(10),
    AT(11), AT(12), AT(13), AT(14), AT(15), AT(16), AT(17), AT(18), AT(19), AT(20), AT(21),
    AT(22), AT(23), AT(24), AT(25), AT(26), AT(27), AT(28), AT(29), AT(30), &table};

static size_t tail_length(size_t id) {
  return layouts[id].tail == GCM_TAIL_NONE ? 0 : id;
}

/* Null and zero when fresh, also where others have been. */
static gcm_owned make(gcm_mutator *m, size_t id, struct expectations *right) {
  gcm_owned fresh = layouts[id].tail == GCM_TAIL_NONE
                        ? gcm_new(m, &layouts[id])
                        : gcm_new_tail(m, &layouts[id], tail_length(id));
  unsigned char *data = gcm_bytes(m, fresh.ref, &layouts[id]);
  for (size_t i = 0; i < layouts[id].bytes + tail_length(id); i++) {
    EXPECT(right, data[i] == 0);
    data[i] = (unsigned char)(id * 17 + i);
  }
  for (size_t i = 0; i < layouts[id].refs; i++) {
    EXPECT(right, gcm_load(m, fresh.ref, i) == NULL);
  }
  return fresh;
}

/* The object of each type refers to those of the types before it. */
static void check_object(gcm_mutator *m, gcm_ref all, size_t id, struct expectations *right) {
  gcm_ref object = gcm_load(m, all, id);
  const unsigned char *data = gcm_bytes(m, object, &layouts[id]);
  for (size_t i = 0; i < layouts[id].bytes + tail_length(id); i++) {
    EXPECT(right, data[i] == (unsigned char)(id * 17 + i));
  }
  for (size_t i = 0; i < layouts[id].refs; i++) {
    EXPECT(right, gcm_load(m, object, i) == (id > i ? gcm_load(m, all, id - i - 1) : NULL));
  }
}

static void one_round(gcm_mutator *m, struct expectations *right) {
  GCM_LOCAL(m, all, gcm_new_tail(m, &table, LAYOUTS));
  for (size_t id = 0; id < LAYOUTS; id++) {
    gcm_owned fresh = make(m, id, right);
    for (size_t i = 0; i < layouts[id].refs && i < id; i++) {
      gcm_init(m, fresh.ref, i, gcm_dup(m, gcm_load(m, all.ref, id - i - 1)));
    }
    gcm_store(m, all.ref, id, fresh);
  }
  gcm_safepoint(m);
  for (size_t id = 0; id < LAYOUTS; id++) {
    check_object(m, all.ref, id, right);
  }
}

static void types_run(gcm_mutator *m, gcm_run *run) {
  uint64_t rounds = gcm_run_size(run);
  struct expectations right = {0};
  gcm_run_start(run);
  for (uint64_t round = 0; round < rounds; round++) {
    one_round(m, &right);
  }
  gcm_run_stop(run);
  answer_expectations(run, &right);
  uint64_t objects = rounds * (LAYOUTS + 1);
  gcm_expect_allocated(run, objects, objects);
  expect_left(run, objects, 0, (8 + rounds / 50) * (LAYOUTS + 1));
}

static const gcm_workload types_case = {
    .name = "conformance-types",
    .description = "objects of all the types a workload may list",
    .tiny = 10,
    .quick = 5000,
    .normal = 100000,
    .large = 1000000,
    .minimum = 1,
    .maximum = 100000000,
    .types = types,
    .type_count = sizeof types / sizeof *types,
    .run = types_run,
};
GCM_CONFORMANCE(types_case);
