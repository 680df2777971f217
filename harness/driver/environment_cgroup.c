/* SPDX-License-Identifier: MIT
 *
 * A limit holds for everything below it, so the least one between this process's own group and the
 * root of the hierarchy counts. In a container the path in /proc/self/cgroup may name folders that
 * are not mounted here; those are passed over on the way up.
 */
#include "environment_source.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Version 1 has no word for "no limit" but a number of pages near 2^63. */
#define V1_UNLIMITED_BYTES 0x7000000000000000

/* A limit found in one group: how much, whether a file was there, whether it sets a limit. */
struct limit {
  double amount;
  bool known;
  bool limited;
};

typedef struct limit (*limit_reader)(struct environment_source *source, const char *folder);

static char *read_in(struct environment_source *source, const char *folder, const char *name) {
  char path[PATH_MAX];
  if (snprintf(path, sizeof path, "%s/%s", folder, name) >= (int)sizeof path) {
    return NULL;
  }
  return environment_text(source, path);
}

static struct limit read_bytes(struct environment_source *source, const char *folder,
                               const char *name, double unlimited_from) {
  struct limit limit = {0};
  char *text = read_in(source, folder, name);
  if (text != NULL) {
    char *end = NULL;
    limit.amount = strtod(text, &end);
    limit.known = end != text || strcmp(text, "max") == 0;
    limit.limited = end != text && limit.amount < unlimited_from;
    free(text);
  }
  return limit;
}

static struct limit read_memory_v2(struct environment_source *source, const char *folder) {
  return read_bytes(source, folder, "memory.max", 1.8e19);
}

static struct limit read_memory_v1(struct environment_source *source, const char *folder) {
  return read_bytes(source, folder, "memory.limit_in_bytes", (double)V1_UNLIMITED_BYTES);
}

/* A number of a group's memory.stat ("anon 4096" on a line of its own); 0 if it has none. */
static double statistic(const char *text, const char *key) {
  char line[64];
  snprintf(line, sizeof line, "\n%s ", key);
  const char *found = text == NULL ? NULL : strstr(text, line);
  return found == NULL ? 0 : strtod(found + strlen(line), NULL);
}

/* What a limit leaves of memory. The cache of files gives way, so it does not count as used. */
static struct limit less_used(struct environment_source *source, const char *folder,
                              struct limit limit, const char *usage, const char *const caches[2]) {
  struct limit used = read_bytes(source, folder, usage, 1.8e19);
  if (limit.limited && used.known) {
    char *text = read_in(source, folder, "memory.stat");
    used.amount -= statistic(text, caches[0]) + statistic(text, caches[1]);
    free(text);
    used.amount = used.amount < 0 ? 0 : used.amount;
    limit.amount = used.amount < limit.amount ? limit.amount - used.amount : 0;
  }
  return limit;
}

static struct limit read_room_v2(struct environment_source *source, const char *folder) {
  static const char *const caches[] = {"inactive_file", "active_file"};
  return less_used(source, folder, read_memory_v2(source, folder), "memory.current", caches);
}

static struct limit read_room_v1(struct environment_source *source, const char *folder) {
  static const char *const caches[] = {"total_inactive_file", "total_active_file"};
  return less_used(source, folder, read_memory_v1(source, folder), "memory.usage_in_bytes", caches);
}

/* "max 100000" or "150000 100000": microseconds allowed in each period. */
static struct limit read_cpu_v2(struct environment_source *source, const char *folder) {
  struct limit limit = {0};
  char *text = read_in(source, folder, "cpu.max");
  if (text != NULL) {
    char *end = NULL;
    double quota = strtod(text, &end);
    double period = strtod(end, NULL);
    limit.known = strncmp(text, "max", 3) == 0 || (end != text && period > 0);
    limit.limited = end != text && period > 0;
    limit.amount = limit.limited ? quota / period : 0;
    free(text);
  }
  return limit;
}

static struct limit read_cpu_v1(struct environment_source *source, const char *folder) {
  struct limit limit = {0};
  char *quota_text = read_in(source, folder, "cpu.cfs_quota_us");
  char *period_text = read_in(source, folder, "cpu.cfs_period_us");
  if (quota_text != NULL && period_text != NULL) {
    double quota = strtod(quota_text, NULL);
    double period = strtod(period_text, NULL);
    limit.known = period > 0;
    limit.limited = period > 0 && quota > 0; /* -1: none */
    limit.amount = limit.limited ? quota / period : 0;
  }
  free(quota_text);
  free(period_text);
  return limit;
}

/* The least limit from mount + path up to mount itself. */
static struct limit least_upwards(struct environment_source *source, const char *mount,
                                  const char *path, limit_reader read) {
  struct limit least = {0};
  char folder[PATH_MAX];
  if (snprintf(folder, sizeof folder, "%s%s", mount, path) >= (int)sizeof folder) {
    return least;
  }
  size_t mount_length = strlen(mount);
  for (;;) {
    size_t length = strlen(folder);
    if (length > mount_length && folder[length - 1] == '/') {
      folder[length - 1] = '\0';
      continue;
    }
    struct limit here = read(source, folder);
    least.known = least.known || here.known;
    if (here.limited && (!least.limited || here.amount < least.amount)) {
      least.limited = true;
      least.amount = here.amount;
    }
    if (length <= mount_length) {
      return least;
    }
    *strrchr(folder, '/') = '\0';
  }
}

/* The path of this process's group in a line "7:cpu,cpuacct:/path" or, with an empty controller,
 * "0::/path". */
static bool find_group(const char *text, const char *controller, char *path, size_t size) {
  for (const char *line = text; line != NULL && *line != '\0';) {
    const char *end = strchr(line, '\n');
    const char *names = strchr(line, ':');
    const char *group = names == NULL ? NULL : strchr(names + 1, ':');
    if (group != NULL && (end == NULL || group < end)) {
      char list[128];
      char wanted[64];
      snprintf(list, sizeof list, ",%.*s,", (int)(group - names - 1), names + 1);
      snprintf(wanted, sizeof wanted, ",%s,", controller);
      if (strstr(list, wanted) != NULL) {
        size_t length = end == NULL ? strlen(group + 1) : (size_t)(end - group - 1);
        snprintf(path, size, "%.*s", (int)length, group + 1);
        return true;
      }
    }
    line = end == NULL ? NULL : end + 1;
  }
  return false;
}

static struct limit find_limit(struct environment_source *source, const char *groups,
                               const char *controller, const char *mount_v1, limit_reader read_v1,
                               limit_reader read_v2) {
  char path[PATH_MAX];
  struct limit limit = {0};
  if (find_group(groups, "", path, sizeof path)) {
    limit = least_upwards(source, "/sys/fs/cgroup", path, read_v2);
    char *controllers = environment_text(source, "/sys/fs/cgroup/cgroup.controllers");
    limit.known = limit.known || controllers != NULL; /* the root group has no file for a limit */
    free(controllers);
  }
  if (!limit.known && find_group(groups, controller, path, sizeof path)) {
    limit = least_upwards(source, mount_v1, path, read_v1);
  }
  return limit;
}

static json_t *limit_json(struct limit limit, bool whole) {
  if (!limit.known) {
    return json_null();
  }
  if (!limit.limited) {
    return json_string("max");
  }
  return whole ? json_integer((json_int_t)limit.amount) : json_real(limit.amount);
}

json_t *environment_cgroup(struct environment_source *source) {
  json_t *object = json_object();
  char *groups = environment_text(source, "/proc/self/cgroup");
  struct limit cpu = {0};
  struct limit memory = {0};
  if (groups != NULL) {
    cpu = find_limit(source, groups, "cpu", "/sys/fs/cgroup/cpu", read_cpu_v1, read_cpu_v2);
    memory = find_limit(source, groups, "memory", "/sys/fs/cgroup/memory", read_memory_v1,
                        read_memory_v2);
  }
  free(groups);
  environment_put(source, object, "cpu_max_processors", limit_json(cpu, false));
  environment_put(source, object, "memory_max_bytes", limit_json(memory, true));
  return object;
}

uint64_t environment_cgroup_room_bytes(struct environment_source *source) {
  char *groups = environment_text(source, "/proc/self/cgroup");
  struct limit room = {0};
  if (groups != NULL) {
    room =
        find_limit(source, groups, "memory", "/sys/fs/cgroup/memory", read_room_v1, read_room_v2);
  }
  free(groups);
  return room.limited ? (uint64_t)room.amount : UINT64_MAX;
}
