/* SPDX-License-Identifier: MIT
 *
 * Addresses. One large range is reserved and used from its low end upwards, a
 * space at a time; a space that was left is inaccessible, so that a stale
 * pointer faults, until the whole range has been used and begins anew.
 */
#include "check.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* Behind each payload, up to the word boundary and one word more. */
enum { GUARD_BYTE = 0xa5, POISON_BYTE = 0xdb };

/* COMMIT_BYTES: made accessible at a time. PLACES_MAX: places remembered of old
 * spaces; SPACES_MAX: of how many spaces at most. */
enum { COMMIT_BYTES = 64 << 10, PLACES_MAX = 1 << 20, SPACES_MAX = 1 << 14 };

static char *reserved, *reserved_end;

/* A ring: spaces[oldest] to the newest. */
static struct check_space old_spaces[SPACES_MAX];
static size_t oldest, old_count, old_places;

bool check_space_reserve(void) {
  size_t bytes = (size_t)1 << 42;
  void *range = MAP_FAILED;
  for (; range == MAP_FAILED && bytes >= (size_t)1 << 28; bytes /= 2) {
    range = mmap(NULL, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (range != MAP_FAILED) {
      reserved = range;
      reserved_end = reserved + bytes;
      check_heap.space = (struct check_space){reserved, reserved, reserved, NULL, 0, 0, NULL};
    }
  }
  return range != MAP_FAILED;
}

bool check_space_reserved(const void *address) {
  return (const char *)address >= reserved && (const char *)address < reserved_end;
}

size_t check_space_stride(size_t payload) {
  return payload > SIZE_MAX / 2 ? SIZE_MAX : gcm_round_to_word(payload) + sizeof(size_t);
}

static size_t round_to_commit(size_t bytes) {
  return (bytes + COMMIT_BYTES - 1) / COMMIT_BYTES * COMMIT_BYTES;
}

bool check_space_has_room(size_t bytes) {
  return bytes < (size_t)(reserved_end - check_heap.space.free);
}

struct check_space check_space_open(size_t bytes) {
  char *begin = check_heap.space.end;
  size_t needed = round_to_commit(bytes);
  if (needed > (size_t)(reserved_end - begin)) {
    begin = reserved;
    if (needed > (size_t)(check_heap.space.begin - begin)) {
      check_failed("the objects fill more than half of the reserved addresses");
    }
  }
  return (struct check_space){begin, begin, begin, NULL, 0, 0, NULL};
}

static void commit(struct check_space *space, size_t bytes) {
  size_t more = round_to_commit(bytes);
  if (mprotect(space->end, more, PROT_READ | PROT_WRITE) != 0) {
    check_failed("the system gives no more memory for objects");
  }
  space->end += more;
}

static void add_place(struct check_space *space, check_node *node) {
  if (space->place_count == space->place_capacity) {
    size_t capacity = space->place_capacity == 0 ? 64 : 2 * space->place_capacity;
    struct check_place *places = realloc(space->places, capacity * sizeof *places);
    if (places == NULL) {
      check_failed("no memory to remember where objects are");
    }
    space->places = places;
    space->place_capacity = capacity;
  }
  space->places[space->place_count++] =
      (struct check_place){node->address, node, node->serial, node->type};
}

void check_space_place(struct check_space *space, check_node *node) {
  size_t stride = check_space_stride(node->payload);
  if (stride > (size_t)(space->end - space->free)) {
    commit(space, stride - (size_t)(space->end - space->free));
  }
  node->address = space->free;
  space->free += stride;
  memset(node->address + node->payload, GUARD_BYTE, stride - node->payload);
  add_place(space, node);
}

static void forget_oldest(void) {
  struct check_space *space = &old_spaces[oldest];
  old_places -= space->place_count;
  free(space->places);
  oldest = (oldest + 1) % SPACES_MAX;
  old_count--;
}

/* A new mapping in place of the old gives the memory back as well. */
void check_space_retire(struct check_space *space, const char *where) {
  size_t bytes = (size_t)(space->end - space->begin);
  if (bytes > 0 &&
      mmap(space->begin, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED,
           -1, 0) == MAP_FAILED) {
    check_failed("the system does not protect memory that objects have left");
  }
  space->left = where;
  if (old_count == SPACES_MAX) {
    forget_oldest();
  }
  old_spaces[(oldest + old_count) % SPACES_MAX] = *space;
  old_count++;
  old_places += space->place_count;
  while (old_places > PLACES_MAX && old_count > 1) {
    forget_oldest();
  }
}

/* The last place at or below the address, or null. */
static const struct check_place *place_below(const struct check_space *space, const char *address) {
  size_t low = 0, high = space->place_count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (space->places[middle].address <= address) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low == 0 ? NULL : &space->places[low - 1];
}

check_node *check_space_find(const void *address) {
  const struct check_place *place = place_below(&check_heap.space, address);
  return place == NULL || place->address != address ? NULL : place->node;
}

bool check_space_history(const void *address, const struct check_place **place, const char **left) {
  const char *at = address;
  *left = NULL;
  if (at >= check_heap.space.begin && at < check_heap.space.end) {
    *place = place_below(&check_heap.space, at);
    return true;
  }
  for (size_t i = old_count; i-- > 0;) {
    const struct check_space *space = &old_spaces[(oldest + i) % SPACES_MAX];
    if (at >= space->begin && at < space->end) {
      *place = place_below(space, at);
      *left = space->left;
      return true;
    }
  }
  return false;
}

void check_space_poison(check_node *node) {
  memset(node->address, POISON_BYTE, node->payload);
}

static bool all_are(const char *begin, const char *end, unsigned char byte) {
  for (; begin < end; begin++) {
    if ((unsigned char)*begin != byte) {
      return false;
    }
  }
  return true;
}

bool check_space_intact(const check_node *node) {
  const char *end = node->address + node->payload;
  const char *guard_end = node->address + check_space_stride(node->payload);
  return all_are(end, guard_end, GUARD_BYTE) &&
         (!node->released || all_are(node->address, end, POISON_BYTE));
}
