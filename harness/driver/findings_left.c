/* SPDX-License-Identifier: MIT
 *
 * Findings about what is left behind: objects, finalizers, file descriptors, bytes.
 */
#include "findings_internal.h"

#include <math.h>

#include "harness/driver/human.h"

/* Fewer objects than that are strays, whatever their bytes; so is this share of those allocated,
 * unless it holds this many bytes. */
#define STRAY_OBJECTS 100
#define NEGLIGIBLE_SHARE 0.001
#define NEGLIGIBLE_BYTES 1e6

static double left_objects(const struct findings *findings, size_t workload, size_t collector) {
  return findings_median(findings, workload, collector, GCM_COLUMN_left_after_collect_objects);
}

static double left_bytes(const struct findings *findings, size_t workload, size_t collector) {
  return findings_median(findings, workload, collector, GCM_COLUMN_left_after_collect_bytes);
}

static double allocated_objects(const struct findings *findings, size_t workload,
                                size_t collector) {
  return findings_median(findings, workload, collector, GCM_COLUMN_allocated_objects);
}

static bool left_everything(const struct findings *findings, size_t workload, size_t collector) {
  double left = left_objects(findings, workload, collector);
  return left > 0 && left >= allocated_objects(findings, workload, collector);
}

/* Whether this collector left everything wherever it allocated, at least twice: once could also
 * be a workload made of garbage cycles. */
static bool reclaims_nothing(const struct findings *findings, size_t collector) {
  size_t places = 0;
  for (size_t w = 0; w < findings->grid.workloads.count; w++) {
    if (left_everything(findings, w, collector)) {
      places++;
    } else if (allocated_objects(findings, w, collector) > 0) {
      return false;
    }
  }
  return places > 1;
}

enum findings_leftover findings_leftover(const struct findings *findings, size_t workload,
                                         size_t collector) {
  double objects = left_objects(findings, workload, collector);
  double bytes = left_bytes(findings, workload, collector);
  if (!(objects > 0)) {
    return FINDINGS_NOTHING;
  }
  if (left_everything(findings, workload, collector)) {
    return FINDINGS_LEAK;
  }
  double share = objects / allocated_objects(findings, workload, collector);
  bool is_negligible = share < NEGLIGIBLE_SHARE && !(bytes >= NEGLIGIBLE_BYTES);
  return objects < STRAY_OBJECTS || is_negligible ? FINDINGS_STRAYS : FINDINGS_LEAK;
}

bool findings_did_the_work(const struct findings *findings, size_t workload, size_t collector) {
  return findings_leftover(findings, workload, collector) != FINDINGS_LEAK &&
         !(findings_median(findings, workload, collector, GCM_COLUMN_finalizers_never) > 0);
}

/* ", 2,100 per unit of size" where the number divides. */
static void per_unit_text(char *out, size_t size, double objects, double size_n) {
  out[0] = '\0';
  if (size_n > 1 && objects >= size_n && fmod(objects, size_n) == 0) {
    char number[HUMAN_SIZE];
    snprintf(out, size, ", %s per unit of size",
             human_count(number, findings_count(objects / size_n)));
  }
}

/* "4,200,000 objects (134 MB, 2,100 per unit of size) on rings" */
static void leak_text(const struct findings *findings, size_t workload, size_t collector, char *out,
                      size_t size) {
  double objects = left_objects(findings, workload, collector);
  double bytes = left_bytes(findings, workload, collector);
  double size_n = findings_median(findings, workload, collector, GCM_COLUMN_size_n);
  char place[GRID_LABEL_SIZE];
  char count[HUMAN_SIZE];
  char amount[HUMAN_SIZE] = "size unknown";
  char per_unit[64];
  if (!isnan(bytes)) {
    human_bytes(amount, bytes);
  }
  per_unit_text(per_unit, sizeof per_unit, objects, size_n);
  snprintf(out, size, "%s object%s (%s%s) on %s", human_count(count, findings_count(objects)),
           objects == 1 ? "" : "s", amount, per_unit,
           grid_label(&findings->grid.workloads, workload, place));
}

static void say_leaks(struct findings *findings, size_t collector) {
  const struct grid *grid = &findings->grid;
  struct findings_list leaks = {0};
  for (size_t w = 0; w < grid->workloads.count; w++) {
    if (findings_leftover(findings, w, collector) == FINDINGS_LEAK) {
      char text[GRID_LABEL_SIZE + 256];
      leak_text(findings, w, collector, text, sizeof text);
      findings_list_add(&leaks, text);
    }
  }
  if (leaks.count == 0) {
    return;
  }
  char name[GRID_LABEL_SIZE];
  findings_say(
      findings, "Collector", grid_label(&grid->collectors, collector, name),
      " could not reclaim %s. Likely garbage that counting cannot find, or, under a conservative "
      "collector, a stale word taken for a pointer. A long-lived program would grow: use a "
      "collector that reclaims cycles, or break them by hand.",
      leaks.text);
}

/* Of a collector that was run on one workload only, and left all of it. Returns false if this is
 * none. */
static bool say_left_all_of_one(struct findings *findings, size_t collector) {
  const struct grid *grid = &findings->grid;
  size_t places = 0;
  size_t place = 0;
  for (size_t w = 0; w < grid->workloads.count; w++) {
    if (allocated_objects(findings, w, collector) > 0) {
      places++;
      place = w;
    }
  }
  if (places != 1 || !left_everything(findings, place, collector)) {
    return false;
  }
  char name[GRID_LABEL_SIZE];
  char workload[GRID_LABEL_SIZE];
  char count[HUMAN_SIZE];
  double objects = left_objects(findings, place, collector);
  findings_say(findings, "Collector", grid_label(&grid->collectors, collector, name),
               " left all of the objects allocated on %s (%s): either nothing is freed before "
               "exit, or garbage of this kind is not found. Run another workload to tell which.",
               grid_label(&grid->workloads, place, workload),
               human_count(count, findings_count(objects)));
  return true;
}

/* The workloads of one collector with that judgement, and the one with most objects. */
struct together {
  struct findings_list places;
  size_t most;
  double most_objects;
};

static struct together gather(const struct findings *findings, size_t collector,
                              enum findings_leftover judgement) {
  const struct grid *grid = &findings->grid;
  struct together together = {0};
  for (size_t w = 0; w < grid->workloads.count; w++) {
    if (findings_leftover(findings, w, collector) != judgement) {
      continue;
    }
    char place[GRID_LABEL_SIZE];
    findings_list_add(&together.places, grid_label(&grid->workloads, w, place));
    double objects = left_objects(findings, w, collector);
    if (objects > together.most_objects) {
      together.most_objects = objects;
      together.most = w;
    }
  }
  return together;
}

static void say_reclaims_nothing(struct findings *findings, size_t collector) {
  const struct grid *grid = &findings->grid;
  struct together together = gather(findings, collector, FINDINGS_LEAK);
  char name[GRID_LABEL_SIZE];
  char text[GRID_LABEL_SIZE + 256];
  leak_text(findings, together.most, collector, text, sizeof text);
  findings_say(findings, "Collector", grid_label(&grid->collectors, collector, name),
               " freed nothing before teardown on %s; most: %s. Likely it frees only at exit; its "
               "time is one that a long-lived program cannot have.",
               together.places.text, text);
}

int findings_of_leaks(struct findings *findings) {
  for (size_t c = 0; c < findings->grid.collectors.count; c++) {
    if (reclaims_nothing(findings, c)) {
      say_reclaims_nothing(findings, c);
    } else if (!say_left_all_of_one(findings, c)) {
      say_leaks(findings, c);
    }
  }
  return 0;
}

int findings_of_strays(struct findings *findings) {
  const struct grid *grid = &findings->grid;
  for (size_t c = 0; c < grid->collectors.count; c++) {
    struct together together = gather(findings, c, FINDINGS_STRAYS);
    if (together.places.count == 0) {
      continue;
    }
    char name[GRID_LABEL_SIZE];
    char count[HUMAN_SIZE];
    char amount[HUMAN_SIZE] = "size unknown";
    double bytes = left_bytes(findings, together.most, c);
    bool several = together.most_objects > 1;
    if (!isnan(bytes)) {
      human_bytes(amount, bytes);
    }
    findings_say(findings, "Collector", grid_label(&grid->collectors, c, name),
                 " kept %s%s%s (%s) on %s. Likely stale words on the stack or "
                 "in registers; it matters only if the number grows with --size.",
                 several ? "a few stray objects, up to " : "",
                 human_count(count, findings_count(together.most_objects)),
                 several ? "" : " stray object", amount, together.places.text);
  }
  return 0;
}

/* Things other than objects that a run may leave behind. */
static const struct resource {
  enum gcm_column column;
  char *(*text)(char *out, double value);
  const char *observation;
} resources[] = {
    {GCM_COLUMN_handles_at_exit, NULL, "file descriptors still open at exit"},
    {GCM_COLUMN_external_bytes_at_exit, human_bytes, "outside the heap still held at exit"},
    {GCM_COLUMN_unflushed_bytes, human_bytes,
     "accepted by a buffered writer but never in its file"},
};

/* Adds "500 of 1,000 finalizers never run". */
static void add_finalizers(const struct findings *findings, size_t workload, size_t collector,
                           struct findings_list *list) {
  double never = findings_median(findings, workload, collector, GCM_COLUMN_finalizers_never);
  if (!(never > 0)) {
    return;
  }
  double whole = findings_median(findings, workload, collector, GCM_COLUMN_finalizers_registered);
  char text[2 * HUMAN_SIZE + 40];
  char never_text[HUMAN_SIZE];
  char whole_text[HUMAN_SIZE];
  human_count(never_text, findings_count(never));
  if (isnan(whole)) {
    snprintf(text, sizeof text, "%s finalizers never run", never_text);
  } else {
    snprintf(text, sizeof text, "%s of %s finalizers never run", never_text,
             human_count(whole_text, findings_count(whole)));
  }
  findings_list_add(list, text);
}

static void add_resources(const struct findings *findings, size_t workload, size_t collector,
                          struct findings_list *list) {
  for (size_t i = 0; i < sizeof resources / sizeof resources[0]; i++) {
    double amount = findings_median(findings, workload, collector, resources[i].column);
    if (!(amount > 0)) {
      continue;
    }
    char text[HUMAN_SIZE + 64];
    char amount_text[HUMAN_SIZE];
    if (resources[i].text == NULL) {
      human_count(amount_text, findings_count(amount));
    } else {
      resources[i].text(amount_text, amount);
    }
    snprintf(text, sizeof text, "%s %s", amount_text, resources[i].observation);
    findings_list_add(list, text);
  }
}

/* Whether there was something to lose, and all of it was released without the finalizers. */
static bool released_by_hand(const struct findings *findings, size_t workload, size_t collector) {
  return findings_median(findings, workload, collector, GCM_COLUMN_handles_peak) > 0 ||
         findings_median(findings, workload, collector, GCM_COLUMN_external_bytes_peak) > 0;
}

static void say_resources(struct findings *findings, size_t workload, size_t collector) {
  const struct grid *grid = &findings->grid;
  struct findings_list lost = {0};
  struct findings_list all = {0};
  add_resources(findings, workload, collector, &lost);
  if (lost.count == 0 && released_by_hand(findings, workload, collector)) {
    return;
  }
  add_finalizers(findings, workload, collector, &all);
  add_resources(findings, workload, collector, &all);
  if (all.count == 0) {
    return;
  }
  char name[GRID_LABEL_SIZE];
  char place[GRID_LABEL_SIZE];
  findings_say(findings, "Collector", grid_label(&grid->collectors, collector, name),
               " on %s: %s. Likely the owners were never found dead: release, close and flush when "
               "the scope ends, not in a finalizer.",
               grid_label(&grid->workloads, workload, place), all.text);
}

int findings_of_resources(struct findings *findings) {
  for (size_t w = 0; w < findings->grid.workloads.count; w++) {
    for (size_t c = 0; c < findings->grid.collectors.count; c++) {
      say_resources(findings, w, c);
    }
  }
  return 0;
}
