/* SPDX-License-Identifier: MIT */
#include "measure.h"

#include <linux/perf_event.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static uint64_t nanoseconds(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

struct moment measure_moment(void) {
  return (struct moment){.wall = nanoseconds(CLOCK_MONOTONIC),
                         .cpu = nanoseconds(CLOCK_PROCESS_CPUTIME_ID)};
}

struct moment measure_phase(struct gcm_row *row, enum gcm_column wall, enum gcm_column cpu,
                            struct moment begin) {
  struct moment end = measure_moment();
  gcm_row_set_real(row, wall, (double)(end.wall - begin.wall) / 1e9);
  gcm_row_set_real(row, cpu, (double)(end.cpu - begin.cpu) / 1e9);
  return end;
}

/* A line "Name:   123 kB" of /proc/self/status. VmRSS and VmHWM are exact sums
 * there, unlike the batched counters of statm on kernels since 6.2. */
static void status_line(struct gcm_row *row, enum gcm_column column, const char *name) {
  FILE *status = fopen("/proc/self/status", "re");
  if (status == NULL) {
    return;
  }
  char line[256];
  size_t length = strlen(name);
  while (fgets(line, sizeof line, status) != NULL) {
    unsigned long kilobytes;
    if (strncmp(line, name, length) == 0 && sscanf(line + length, ": %lu kB", &kilobytes) == 1) {
      gcm_row_set_uint(row, column, (uint64_t)kilobytes * 1024);
      break;
    }
  }
  fclose(status);
}

void measure_resident(struct gcm_row *row, enum gcm_column column) {
  status_line(row, column, "VmRSS");
}

void measure_peak(struct gcm_row *row, enum gcm_column column) {
  status_line(row, column, "VmHWM");
}

static struct {
  enum gcm_column column;
  uint64_t config;
  int fd; /* -1 where the machine does not count it */
} counters[] = {
    {GCM_COLUMN_run_instructions, PERF_COUNT_HW_INSTRUCTIONS, -1},
    {GCM_COLUMN_run_cycles, PERF_COUNT_HW_CPU_CYCLES, -1},
    {GCM_COLUMN_run_cache_misses, PERF_COUNT_HW_CACHE_MISSES, -1},
};
enum { COUNTERS = sizeof counters / sizeof *counters };

static struct rusage usage_at_start;

void measure_counters_open(void) {
  for (int i = 0; i < COUNTERS; i++) {
    struct perf_event_attr attributes = {
        .type = PERF_TYPE_HARDWARE,
        .size = sizeof attributes,
        .config = counters[i].config,
        .disabled = 1,
        .inherit = 1,
        .exclude_kernel = 1,
        .exclude_hv = 1,
        .read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING,
    };
    counters[i].fd =
        (int)syscall(SYS_perf_event_open, &attributes, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
  }
}

void measure_counters_start(void) {
  getrusage(RUSAGE_SELF, &usage_at_start);
  for (int i = 0; i < COUNTERS; i++) {
    if (counters[i].fd >= 0) {
      ioctl(counters[i].fd, PERF_EVENT_IOC_ENABLE, 0);
    }
  }
}

static void set_difference(struct gcm_row *row, enum gcm_column column, long before, long after) {
  gcm_row_set_uint(row, column, (uint64_t)(after - before));
}

void measure_counters_stop(struct gcm_row *row) {
  for (int i = 0; i < COUNTERS; i++) {
    if (counters[i].fd < 0) {
      continue;
    }
    ioctl(counters[i].fd, PERF_EVENT_IOC_DISABLE, 0);
    struct {
      uint64_t value, enabled, running;
    } read_out;
    /* A counter that shared its register was not always running: no figure then. */
    if (read(counters[i].fd, &read_out, sizeof read_out) == (ssize_t)sizeof read_out &&
        read_out.running > 0 && read_out.enabled == read_out.running) {
      gcm_row_set_uint(row, counters[i].column, read_out.value);
    }
    close(counters[i].fd);
  }
  struct rusage now;
  getrusage(RUSAGE_SELF, &now);
  const struct rusage *then = &usage_at_start;
  set_difference(row, GCM_COLUMN_run_minor_faults, then->ru_minflt, now.ru_minflt);
  set_difference(row, GCM_COLUMN_run_major_faults, then->ru_majflt, now.ru_majflt);
  set_difference(row, GCM_COLUMN_run_voluntary_switches, then->ru_nvcsw, now.ru_nvcsw);
  set_difference(row, GCM_COLUMN_run_involuntary_switches, then->ru_nivcsw, now.ru_nivcsw);
}
