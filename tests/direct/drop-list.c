/* SPDX-License-Identifier: MIT
 *
 * What dropping a list of a million nodes costs beyond the calls of free: the
 * list made and dropped through rc, and the same blocks from malloc freed one
 * after another, in turn. Prints both in nanoseconds per node, the median of
 * the rounds, and the median of the differences with its range.
 */
#include "direct.h"
#include "rc.h"

#include <time.h>

enum { NODES = 1000000, ROUNDS = 15 };

static const gcm_type node = {.name = "node", .id = 0, .refs = 1, .bytes = 8, .acyclic = true};
const gcm_type *const direct_types[] = {&node};
const size_t direct_type_count = 1;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static double drop_counted(gcm_mutator *m) {
  gcm_owned list = gcm_null();
  for (int i = 0; i < NODES; i++) {
    gcm_owned head = gcm_new(m, &node);
    gcm_init(m, head.ref, 0, list);
    list = head;
  }
  double start = now();
  gcm_drop(m, list);
  return (now() - start) / NODES;
}

/* A block as rc's: header, link, 8 bytes. */
struct block {
  uint64_t header;
  struct block *next;
  uint64_t data;
};

static double free_each(void) {
  struct block *list = NULL;
  for (int i = 0; i < NODES; i++) {
    struct block *head = calloc(1, sizeof *head);
    if (head == NULL) {
      exit(1);
    }
    head->next = list;
    list = head;
  }
  double start = now();
  while (list != NULL) {
    struct block *next = list->next;
    free(list);
    list = next;
  }
  return (now() - start) / NODES;
}

static int by_value(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

int main(void) {
  gcm_mutator *m = direct_open();
  double counted[ROUNDS], freed[ROUNDS], difference[ROUNDS];
  for (int i = 0; i < ROUNDS; i++) {
    counted[i] = drop_counted(m);
    freed[i] = free_each();
    difference[i] = counted[i] - freed[i];
  }
  qsort(counted, ROUNDS, sizeof *counted, by_value);
  qsort(freed, ROUNDS, sizeof *freed, by_value);
  qsort(difference, ROUNDS, sizeof *difference, by_value);
  printf("drop %.2f free %.2f beyond %.2f from %.2f to %.2f\n", counted[ROUNDS / 2],
         freed[ROUNDS / 2], difference[ROUNDS / 2], difference[0], difference[ROUNDS - 1]);
  return 0;
}
