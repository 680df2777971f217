/* SPDX-License-Identifier: MIT
 *
 * Findings about what is left behind: objects, finalizers, file descriptors, bytes.
 */
#include "findings_internal.h"

#include <math.h>

#include "harness/driver/human.h"

/* Fewer objects than this share of those allocated, and fewer bytes, are strays and no leak. */
#define NEGLIGIBLE_SHARE 0.001
#define NEGLIGIBLE_BYTES 1e6

enum leftover { NOTHING, STRAYS, LEAK };

static bool left_everything(const struct findings *findings, size_t workload, size_t collector) {
  double left =
      findings_median(findings, workload, collector, GCM_COLUMN_left_after_collect_objects);
  return left > 0 &&
         left >= findings_median(findings, workload, collector, GCM_COLUMN_allocated_objects);
}

/* Whether this collector left everything wherever it allocated, at least twice: once could also
 * be a workload made of garbage cycles. */
static bool reclaims_nothing(const struct findings *findings, size_t collector) {
  size_t places = 0;
  for (size_t w = 0; w < findings->grid.workloads.count; w++) {
    if (left_everything(findings, w, collector)) {
      places++;
    } else if (findings_median(findings, w, collector, GCM_COLUMN_allocated_objects) > 0) {
      return false;
    }
  }
  return places > 1;
}

static enum leftover judge_leftover(const struct findings *findings, size_t workload,
                                    size_t collector) {
  double objects =
      findings_median(findings, workload, collector, GCM_COLUMN_left_after_collect_objects);
  double bytes =
      findings_median(findings, workload, collector, GCM_COLUMN_left_after_collect_bytes);
  double allocated = findings_median(findings, workload, collector, GCM_COLUMN_allocated_objects);
  if (!(objects > 0)) {
    return NOTHING;
  }
  return objects < allocated * NEGLIGIBLE_SHARE && !(bytes >= NEGLIGIBLE_BYTES) ? STRAYS : LEAK;
}

/* " (2,100 per unit of size)" where the number divides. */
static void per_unit_text(char *out, size_t size, double objects, double size_n) {
  out[0] = '\0';
  if (size_n > 1 && objects >= size_n && fmod(objects, size_n) == 0) {
    char number[HUMAN_SIZE];
    snprintf(out, size, ", %s per unit of size",
             human_count(number, findings_count(objects / size_n)));
  }
}

/* "4,200,000 objects (134 MB, 2,100 per unit of size) that it cannot reclaim on rings" */
static void leak_text(const struct findings *findings, size_t workload, size_t collector,
                      bool is_first, char *out, size_t size) {
  double objects =
      findings_median(findings, workload, collector, GCM_COLUMN_left_after_collect_objects);
  double bytes =
      findings_median(findings, workload, collector, GCM_COLUMN_left_after_collect_bytes);
  double size_n = findings_median(findings, workload, collector, GCM_COLUMN_size_n);
  char place[GRID_LABEL_SIZE];
  char count[HUMAN_SIZE];
  char amount[HUMAN_SIZE] = "size unknown";
  char per_unit[64];
  if (!isnan(bytes)) {
    human_bytes(amount, bytes);
  }
  per_unit_text(per_unit, sizeof per_unit, objects, size_n);
  snprintf(out, size, "%s object%s (%s%s)%s on %s%s", human_count(count, findings_count(objects)),
           objects == 1 ? "" : "s", amount, per_unit, is_first ? " that it cannot reclaim" : "",
           grid_label(&findings->grid.workloads, workload, place),
           left_everything(findings, workload, collector) ? " (all it had allocated)" : "");
}

static void say_leaks(struct findings *findings, size_t collector) {
  const struct grid *grid = &findings->grid;
  struct findings_list leaks = {0};
  for (size_t w = 0; w < grid->workloads.count; w++) {
    if (judge_leftover(findings, w, collector) == LEAK) {
      char text[GRID_LABEL_SIZE + 256];
      leak_text(findings, w, collector, leaks.count == 0, text, sizeof text);
      findings_list_add(&leaks, text);
    }
  }
  if (leaks.count == 0) {
    return;
  }
  char name[GRID_LABEL_SIZE];
  findings_say(
      findings,
      "%s left %s. Likely garbage cycles under reference counting, or stale words taken for "
      "pointers under a conservative collector. A long-lived program would grow: use a collector "
      "that reclaims cycles, or break them by hand.",
      grid_label(&grid->collectors, collector, name), leaks.text);
}

/* The workloads of one collector with that judgement, in one sentence. */
static void say_together(struct findings *findings, size_t collector, enum leftover judgement) {
  const struct grid *grid = &findings->grid;
  struct findings_list places = {0};
  double most_objects = 0;
  double most_bytes = 0;
  for (size_t w = 0; w < grid->workloads.count; w++) {
    if (judge_leftover(findings, w, collector) == judgement) {
      char place[GRID_LABEL_SIZE];
      findings_list_add(&places, grid_label(&grid->workloads, w, place));
      most_objects = fmax(most_objects, findings_median(findings, w, collector,
                                                        GCM_COLUMN_left_after_collect_objects));
      most_bytes = fmax(
          most_bytes, findings_median(findings, w, collector, GCM_COLUMN_left_after_collect_bytes));
    }
  }
  if (places.count == 0) {
    return;
  }
  char name[GRID_LABEL_SIZE];
  char count[HUMAN_SIZE];
  char amount[HUMAN_SIZE];
  grid_label(&grid->collectors, collector, name);
  human_count(count, findings_count(most_objects));
  human_bytes(amount, most_bytes);
  if (judgement == LEAK) {
    findings_say(findings,
                 "%s reclaimed nothing before teardown: up to %s objects (%s) left on %s. Likely "
                 "it frees only at exit; its time is one that a long-lived program cannot have.",
                 name, count, amount, places.text);
  } else {
    findings_say(findings,
                 "%s kept a few stray objects, up to %s (%s), on %s. Likely stale words on the "
                 "stack or in registers; it matters only if the number grows with --size.",
                 name, count, amount, places.text);
  }
}

int findings_of_leftovers(struct findings *findings) {
  const struct grid *grid = &findings->grid;
  for (size_t c = 0; c < grid->collectors.count; c++) {
    if (reclaims_nothing(findings, c)) {
      say_together(findings, c, LEAK);
      continue;
    }
    say_leaks(findings, c);
    say_together(findings, c, STRAYS);
  }
  return 0;
}

/* Things other than objects that a run may leave behind. */
static const struct resource {
  enum gcm_column column;
  enum gcm_column whole; /* "of how many"; GCM_COLUMN_COUNT for none */
  bool is_bytes;
  const char *observation;
  const char *advice;
} resources[] = {
    {GCM_COLUMN_finalizers_never, GCM_COLUMN_finalizers_registered, false, "finalizers never ran",
     "Likely their objects were never found dead. Release what matters when its scope ends, not in "
     "a finalizer."},
    {GCM_COLUMN_handles_at_exit, GCM_COLUMN_COUNT, false,
     "file descriptors were still open when the process ended",
     "Likely their owners were never reclaimed. Close them when their scope ends."},
    {GCM_COLUMN_external_bytes_at_exit, GCM_COLUMN_COUNT, true,
     "outside the heap were still held when the process ended",
     "Likely their owners were never reclaimed. Release them when their scope ends."},
    {GCM_COLUMN_unflushed_bytes, GCM_COLUMN_COUNT, true,
     "that a buffered writer had accepted never reached the file",
     "Data was lost: likely the writer's finalizer never ran. Flush when the scope ends."},
};

static void say_resource(struct findings *findings, size_t workload, size_t collector,
                         const struct resource *resource, double amount) {
  char name[GRID_LABEL_SIZE];
  char place[GRID_LABEL_SIZE];
  char amount_text[HUMAN_SIZE];
  char whole_text[HUMAN_SIZE + 8] = "";
  if (resource->is_bytes) {
    human_bytes(amount_text, amount);
  } else {
    human_count(amount_text, findings_count(amount));
  }
  if (resource->whole != GCM_COLUMN_COUNT) {
    double whole = findings_median(findings, workload, collector, resource->whole);
    if (!isnan(whole)) {
      char number[HUMAN_SIZE];
      snprintf(whole_text, sizeof whole_text, " of %s", human_count(number, findings_count(whole)));
    }
  }
  findings_say(findings, "%s on %s: %s%s %s. %s",
               grid_label(&findings->grid.collectors, collector, name),
               grid_label(&findings->grid.workloads, workload, place), amount_text, whole_text,
               resource->observation, resource->advice);
}

int findings_of_resources(struct findings *findings) {
  const struct grid *grid = &findings->grid;
  for (size_t i = 0; i < sizeof resources / sizeof resources[0]; i++) {
    for (size_t w = 0; w < grid->workloads.count; w++) {
      for (size_t c = 0; c < grid->collectors.count; c++) {
        double amount = findings_median(findings, w, c, resources[i].column);
        if (amount > 0) {
          say_resource(findings, w, c, &resources[i], amount);
        }
      }
    }
  }
  return 0;
}
