/* SPDX-License-Identifier: MIT
 *
 * Objects of bytes, from none to large: zero when fresh, aligned, keeping what
 * was written, not overlapping, and with the length they were given.
 */
#include "expect.h"

#include <string.h>

static const gcm_type bytes = {.name = "bytes", .id = 0, .tail = GCM_TAIL_BYTES};
static const gcm_type table = {.name = "table", .id = 1, .tail = GCM_TAIL_REFS};
/* Fixed references and bytes before the tail. */
static const gcm_type mixed = {
    .name = "mixed", .id = 2, .refs = 3, .bytes = 5, .tail = GCM_TAIL_BYTES};
static const gcm_type *const types[] = {&bytes, &table, &mixed};

enum { SLOTS = 64, LARGE = 1 << 20 };

/* What a slot holds: objects of `type`, their tails filled with `fill`. */
struct slot {
  const gcm_type *type;
  size_t length;
  unsigned char fill;
};

static bool all_are(const unsigned char *data, size_t length, unsigned char byte) {
  /* The first is right, and each is like the one before. */
  return length == 0 || (data[0] == byte && memcmp(data, data + 1, length - 1) == 0);
}

static unsigned char *contents(gcm_mutator *m, gcm_ref object, const struct slot *slot,
                               size_t *length) {
  *length = slot->type->bytes + slot->length;
  return gcm_bytes(m, object, slot->type);
}

/* Small sizes one after the other, then any up to 4 KiB, now and then a large one. */
static size_t choose_length(uint64_t round, uint64_t *random) {
  if (round < 300) {
    return round;
  }
  uint64_t choice = gcm_random(random);
  return choice % 1000 == 0 ? choice / 1000 % LARGE : choice / 1000 % 4096;
}

/* Check what the slot held, then put a new object there. */
static void replace(gcm_mutator *m, const gcm_local *slots, size_t index, struct slot *slot,
                    struct slot next, struct expectations *right) {
  size_t length;
  if (slot->type != NULL) {
    gcm_ref old = gcm_load(m, slots->ref, index);
    EXPECT(right, gcm_length(m, old) == slot->length);
    const unsigned char *data = contents(m, old, slot, &length);
    EXPECT(right, all_are(data, length, slot->fill));
  }
  gcm_owned fresh = gcm_new_tail(m, next.type, next.length);
  unsigned char *data = contents(m, fresh.ref, &next, &length);
  EXPECT(right, (uintptr_t)data % 8 == 0);
  EXPECT(right, all_are(data, length, 0));
  for (size_t i = 0; i < next.type->refs; i++) {
    EXPECT(right, gcm_load(m, fresh.ref, i) == NULL);
  }
  memset(data, next.fill, length);
  gcm_store(m, slots->ref, index, fresh);
  *slot = next;
}

static void bytes_run(gcm_mutator *m, gcm_run *run) {
  uint64_t rounds = gcm_run_size(run), random = gcm_run_seed(run);
  struct slot held[SLOTS] = {{0}};
  struct expectations right = {0};
  gcm_run_start(run);
  {
    GCM_LOCAL(m, slots, gcm_new_tail(m, &table, SLOTS));
    for (uint64_t round = 0; round < rounds; round++) {
      uint64_t choice = gcm_random(&random);
      struct slot next = {choice & 1 ? &mixed : &bytes, choose_length(round, &random),
                          (unsigned char)(choice >> 8 | 1)};
      size_t index = choice >> 32 & (SLOTS - 1);
      replace(m, &slots, index, &held[index], next, &right);
    }
    for (size_t index = 0; index < SLOTS; index++) {
      replace(m, &slots, index, &held[index], (struct slot){&bytes, 0, 0}, &right);
    }
  }
  gcm_run_stop(run);
  gcm_answer_unchecked(run, "seed", gcm_run_seed(run));
  answer_expectations(run, &right);
  uint64_t objects = rounds + 1 + SLOTS;
  gcm_expect_allocated(run, objects, objects);
  expect_left(run, objects, 0, 2 * SLOTS + 32);
}

static const gcm_workload bytes_case = {
    .name = "conformance-bytes",
    .description = "objects of bytes of all sizes, zeroed and not overlapping",
    .tiny = 400,
    .quick = 50000,
    .normal = 500000,
    .large = 5000000,
    .minimum = 1,
    .maximum = 1000000000,
    .types = types,
    .type_count = sizeof types / sizeof *types,
    .run = bytes_run,
};
GCM_CONFORMANCE(bytes_case);
