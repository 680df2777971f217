/* SPDX-License-Identifier: MIT
 *
 * Objects without anything in them, tails of length 0, and tails behind fixed
 * references: lengths are kept, and what is there can be reached and no more.
 */
#include "expect.h"

static const gcm_type nothing = {.name = "nothing", .id = 0};
static const gcm_type bytes = {.name = "bytes", .id = 1, .tail = GCM_TAIL_BYTES};
static const gcm_type refs = {.name = "refs", .id = 2, .tail = GCM_TAIL_REFS};
static const gcm_type fixed_refs = {
    .name = "fixed-refs", .id = 3, .refs = 2, .tail = GCM_TAIL_REFS};
static const gcm_type fixed_bytes = {
    .name = "fixed-bytes", .id = 4, .refs = 1, .bytes = 3, .tail = GCM_TAIL_BYTES};
static const gcm_type *const types[] = {&nothing, &bytes, &refs, &fixed_refs, &fixed_bytes};

enum { LENGTHS = 5 };

static void empty_objects(gcm_mutator *m, struct expectations *right) {
  GCM_LOCAL(m, a, gcm_new(m, &nothing));
  GCM_LOCAL(m, b, gcm_new(m, &nothing));
  GCM_LOCAL(m, c, gcm_new_tail(m, &bytes, 0));
  GCM_LOCAL(m, d, gcm_new_tail(m, &refs, 0));
  EXPECT(right, a.ref != b.ref && b.ref != c.ref && c.ref != d.ref && a.ref != d.ref);
  EXPECT(right, gcm_length(m, c.ref) == 0 && gcm_length(m, d.ref) == 0);
  EXPECT(right, gcm_bytes(m, a.ref, &nothing) != NULL && gcm_bytes(m, c.ref, &bytes) != NULL);
}

/* Each field gets its own object, in front of the tail and in it. */
static void fields(gcm_mutator *m, size_t length, struct expectations *right) {
  GCM_LOCAL(m, holder, gcm_new_tail(m, &fixed_refs, length));
  EXPECT(right, gcm_length(m, holder.ref) == length);
  for (size_t i = 0; i < 2 + length; i++) {
    EXPECT(right, gcm_load(m, holder.ref, i) == NULL);
    gcm_owned element = gcm_new_tail(m, &fixed_bytes, i);
    ((unsigned char *)gcm_bytes(m, element.ref, &fixed_bytes))[2 + i] = (unsigned char)(i + 1);
    gcm_store(m, holder.ref, i, element);
  }
  for (size_t i = 0; i < 2 + length; i++) {
    gcm_ref element = gcm_load(m, holder.ref, i);
    EXPECT(right, gcm_length(m, element) == i);
    EXPECT(right, gcm_load(m, element, 0) == NULL);
    unsigned char *data = gcm_bytes(m, element, &fixed_bytes);
    EXPECT(right, data[2 + i] == i + 1);
  }
}

static void tails_run(gcm_mutator *m, gcm_run *run) {
  uint64_t rounds = gcm_run_size(run), objects = 0;
  struct expectations right = {0};
  gcm_run_start(run);
  for (uint64_t round = 0; round < rounds; round++) {
    size_t length = round % LENGTHS;
    empty_objects(m, &right);
    fields(m, length, &right);
    objects += 4 + 1 + 2 + length;
  }
  gcm_run_stop(run);
  answer_expectations(run, &right);
  gcm_expect_allocated(run, objects, objects);
  expect_left(run, objects, 0, 64 + objects / 50);
}

static const gcm_workload tails_case = {
    .name = "conformance-tails",
    .description = "empty objects, tails of length 0, tails behind fixed references",
    .tiny = 50,
    .quick = 20000,
    .normal = 1000000,
    .large = 10000000,
    .minimum = 1,
    .maximum = 1000000000,
    .types = types,
    .type_count = sizeof types / sizeof *types,
    .run = tails_run,
};
GCM_CONFORMANCE(tails_case);
