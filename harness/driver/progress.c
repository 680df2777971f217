/* SPDX-License-Identifier: MIT */
#include "progress.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>

#include "harness/driver/grid.h"
#include "harness/driver/human.h"

#define LINE_LIMIT 512
#define DEFAULT_WIDTH 80
#define MOST_BAR_WIDTH 30
#define LEAST_BAR_WIDTH 8
#define REDRAW_AFTER_S 0.5

static double monotonic_s(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static bool is_set(const char *variable) {
  const char *value = getenv(variable);
  return value != NULL && value[0] != '\0';
}

static bool terminal_is_dumb(void) {
  const char *term = getenv("TERM");
  return term == NULL || strcmp(term, "dumb") == 0;
}

static unsigned width_of(const struct progress *p) {
  if (p->width != 0) {
    return p->width;
  }
  struct winsize size;
  if (ioctl(fileno(p->stream), TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
    return size.ws_col;
  }
  return DEFAULT_WIDTH;
}

void progress_begin(struct progress *p, FILE *stream, bool is_terminal, size_t total, size_t done) {
  *p = (struct progress){
      .stream = stream,
      .redraws = is_terminal && !terminal_is_dumb(),
      .color = is_terminal && !terminal_is_dumb() && !is_set("NO_COLOR"),
      .clock_s = monotonic_s,
      .total = total,
      .done = done,
      .begun_s = NAN, /* the clock is read first when it is first needed */
  };
}

static double elapsed_s(struct progress *p) {
  double now = p->clock_s();
  if (isnan(p->begun_s)) {
    p->begun_s = now;
  }
  return now - p->begun_s;
}

/* FNV-1a over the texts with their terminators. A clash would blur the estimate, no more. */
static uint64_t hash_text(uint64_t hash, const char *text) {
  do {
    hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
  } while (*text++ != '\0');
  return hash;
}

static uint64_t key_of(const struct gcm_row *row) {
  uint64_t hash = UINT64_C(0xcbf29ce484222325);
  hash = hash_text(hash, grid_text(row, GCM_COLUMN_collector));
  hash = hash_text(hash, grid_text(row, GCM_COLUMN_workload));
  hash = hash_text(hash, grid_text(row, GCM_COLUMN_size));
  hash = hash_text(hash, grid_text(row, GCM_COLUMN_allocator));
  char heap[32];
  const struct gcm_value *limit = &row->values[GCM_COLUMN_heap_limit_bytes];
  snprintf(heap, sizeof heap, "%" PRIu64, limit->present ? limit->uint : 0);
  return hash_text(hash, heap);
}

/* NULL if memory ran out: the estimate then knows one cell fewer. */
static struct progress_cell *find_cell(struct progress *p, uint64_t key) {
  for (size_t i = 0; i < p->cell_count; i++) {
    if (p->cells[i].key == key) {
      return &p->cells[i];
    }
  }
  if (p->cell_count == p->cell_room) {
    size_t room = p->cell_room == 0 ? 64 : 2 * p->cell_room;
    struct progress_cell *cells = realloc(p->cells, room * sizeof cells[0]);
    if (cells == NULL) {
      return NULL;
    }
    p->cells = cells;
    p->cell_room = room;
  }
  p->cells[p->cell_count] = (struct progress_cell){.key = key};
  return &p->cells[p->cell_count++];
}

static void learn(struct progress *p, const struct gcm_row *row) {
  const struct gcm_value *round = &row->values[GCM_COLUMN_round];
  double wall_s = grid_number(row, GCM_COLUMN_process_wall_s);
  if (!round->present || round->uint < p->round) {
    return;
  }
  if (p->round == 0 && round->uint > 0) {
    p->cell_count = 0; /* the floor has served its purpose */
  }
  p->round = round->uint;
  struct progress_cell *cell = find_cell(p, key_of(row));
  if (cell != NULL) {
    cell->last_round = round->uint;
    cell->wall_s += isnan(wall_s) ? 0 : wall_s; /* a run that was not started took no time */
    cell->runs++;
  }
}

double progress_remaining_s(const struct progress *p) {
  if (p->cell_count == 0) {
    return NAN;
  }
  size_t remaining = p->total - p->done;
  double sum_of_means_s = 0;
  double expected_s = 0;
  size_t owed = 0;
  for (size_t i = 0; i < p->cell_count; i++) {
    double mean_s = p->cells[i].wall_s / (double)p->cells[i].runs;
    sum_of_means_s += mean_s;
    if (p->cells[i].last_round < p->round && owed < remaining) {
      expected_s += mean_s;
      owed++;
    }
  }
  return expected_s + (double)(remaining - owed) * sum_of_means_s / (double)p->cell_count;
}

static void draw_bar(char *out, size_t columns, size_t done, size_t total) {
  size_t filled = total == 0 ? columns : columns * done / total;
  for (size_t i = 0; i < columns; i++) {
    out[i] = i < filled ? '#' : '.';
  }
  out[columns] = '\0';
}

/* Text that may fill the line without wrapping it: the last column stays free. */
static void compose_line(struct progress *p, char *line, size_t width) {
  char elapsed[HUMAN_SIZE];
  char left[HUMAN_SIZE] = "?";
  char numbers[2 * HUMAN_SIZE + 64];
  double remaining_s = progress_remaining_s(p);
  if (!isnan(remaining_s)) {
    human_clock(left, ceil(remaining_s));
  }
  snprintf(numbers, sizeof numbers, "%zu/%zu  %s, %s left", p->done, p->total,
           human_clock(elapsed, elapsed_s(p)), left);

  char bar[MOST_BAR_WIDTH + 1];
  size_t bar_width = width / 4 < MOST_BAR_WIDTH ? width / 4 : MOST_BAR_WIDTH;
  int length = 0;
  if (bar_width >= LEAST_BAR_WIDTH) {
    draw_bar(bar, bar_width, p->done, p->total);
    length = snprintf(line, LINE_LIMIT, "[%s] ", bar);
  }
  snprintf(line + length, LINE_LIMIT - (size_t)length, "%s  %s", numbers, p->cell_text);
  if (width < LINE_LIMIT) {
    line[width > 1 ? width - 1 : 1] = '\0';
  }
}

static void draw(struct progress *p) {
  char line[LINE_LIMIT];
  compose_line(p, line, width_of(p));
  fprintf(p->stream, "\r%s\033[K", line);
  fflush(p->stream);
  p->drawn_s = p->clock_s();
}

void progress_start_run(struct progress *p, const char *cell_text) {
  elapsed_s(p); /* the first run starts the clock */
  snprintf(p->cell_text, sizeof p->cell_text, "%s", cell_text);
  if (p->redraws) {
    draw(p);
  }
}

void progress_tick(struct progress *p) {
  if (p->redraws && p->clock_s() - p->drawn_s >= REDRAW_AFTER_S) {
    draw(p);
  }
}

static unsigned digits_of(size_t number) {
  unsigned digits = 1;
  while (number >= 10) {
    number /= 10;
    digits++;
  }
  return digits;
}

/* "[ 12/160] round 2 rc-cycle rings ok 0.812 s 34.1 MB" */
static void print_run(const struct progress *p, const struct gcm_row *row) {
  char text[HUMAN_SIZE];
  const char *allocator = grid_text(row, GCM_COLUMN_allocator);
  const char *status = grid_text(row, GCM_COLUMN_status);
  bool ok = strcmp(status, "ok") == 0;
  double wall_s = grid_number(row, ok ? GCM_COLUMN_run_wall_s : GCM_COLUMN_process_wall_s);
  double peak_bytes = grid_number(row, GCM_COLUMN_peak_rss_bytes);
  if (isnan(peak_bytes)) {
    peak_bytes = grid_number(row, GCM_COLUMN_maxrss_bytes);
  }
  fprintf(p->stream, "[%*zu/%zu] round %.0f %s %s", (int)digits_of(p->total), p->done, p->total,
          grid_number(row, GCM_COLUMN_round), grid_text(row, GCM_COLUMN_collector),
          grid_text(row, GCM_COLUMN_workload));
  if (row->values[GCM_COLUMN_heap_limit_bytes].present) {
    fprintf(p->stream, " heap %s",
            human_bytes(text, grid_number(row, GCM_COLUMN_heap_limit_bytes)));
  }
  if (allocator[0] != '\0' && strcmp(allocator, "system") != 0) {
    fprintf(p->stream, " %s", allocator);
  }
  bool marked = p->color && !ok;
  fprintf(p->stream, " %s%s%s", marked ? "\033[31m" : "", status, marked ? "\033[0m" : "");
  if (!isnan(wall_s)) {
    fprintf(p->stream, " %s", human_seconds(text, wall_s));
  }
  if (!isnan(peak_bytes)) {
    fprintf(p->stream, " %s", human_bytes(text, peak_bytes));
  }
  fputc('\n', p->stream);
}

void progress_finish_run(struct progress *p, const struct gcm_row *row) {
  p->done += p->done < p->total ? 1 : 0;
  learn(p, row);
  if (!p->redraws) {
    print_run(p, row);
    fflush(p->stream);
    return;
  }
  if (strcmp(grid_text(row, GCM_COLUMN_status), "ok") != 0) {
    fprintf(p->stream, "\r\033[K");
    print_run(p, row);
  }
  draw(p);
}

void progress_end(struct progress *p) {
  if (p->redraws) {
    fprintf(p->stream, "\r\033[K");
    fflush(p->stream);
  }
  free(p->cells);
  p->cells = NULL;
  p->cell_count = p->cell_room = 0;
}
