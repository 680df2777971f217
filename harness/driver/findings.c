/* SPDX-License-Identifier: MIT */
#include "findings.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "harness/driver/findings_internal.h"
#include "harness/driver/verdict.h"
#include "harness/driver/wrap.h"

#define LEAST_WIDTH 40
#define TEXT_SIZE 2048

#define MOST_PRINTED 10

/* The closed list, the most important first: what failed, what to distrust, what was left, what is
 * extreme. */
static int (*const all_findings[])(struct findings *) = {
    findings_of_failures,  findings_of_noise,    findings_of_leaks,
    findings_of_resources, findings_of_extremes, findings_of_strays,
};

static void replace_control_characters(char *text) {
  for (char *at = text; *at != '\0'; at++) {
    if ((unsigned char)*at < ' ' || *at == 127) {
      *at = '?';
    }
  }
}

static struct finding *find_same(const struct findings *findings, const char *text) {
  for (size_t i = 0; i < findings->count; i++) {
    if (findings->list[i].subjects.count > 0 && strcmp(findings->list[i].text, text) == 0) {
      return &findings->list[i];
    }
  }
  return NULL;
}

static struct finding *add_finding(struct findings *findings, const char *kind, const char *text) {
  if (findings->count == findings->capacity) {
    size_t capacity = 2 * findings->capacity + 8;
    struct finding *list = realloc(findings->list, capacity * sizeof list[0]);
    if (list == NULL) {
      return NULL;
    }
    findings->list = list;
    findings->capacity = capacity;
  }
  struct finding *added = &findings->list[findings->count];
  *added = (struct finding){.kind = kind, .text = strdup(text)};
  if (added->text == NULL) {
    return NULL;
  }
  findings->count++;
  return added;
}

void findings_say(struct findings *findings, const char *kind, const char *subject,
                  const char *format, ...) {
  char text[TEXT_SIZE];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  replace_control_characters(text);
  struct finding *finding = subject == NULL ? NULL : find_same(findings, text);
  if (finding == NULL) {
    finding = add_finding(findings, kind, text);
  }
  if (finding == NULL) {
    findings->out_of_memory = true;
  } else if (subject != NULL) {
    findings_list_add(&finding->subjects, subject);
    replace_control_characters(finding->subjects.text);
  }
}

static void print_finding(const struct findings *findings, const struct finding *finding) {
  char text[TEXT_SIZE + sizeof finding->subjects.text + 16];
  const char *kind = finding->kind == NULL ? "" : finding->kind;
  const char *plural = finding->kind == NULL ? "" : finding->subjects.count > 1 ? "s " : " ";
  snprintf(text, sizeof text, "%s%s%s%s", kind, plural, finding->subjects.text, finding->text);
  wrap_print(findings->out, findings->width, "- ", "  ", text);
}

static void print_findings(const struct findings *findings) {
  if (findings->count == 0) {
    fprintf(findings->out, "Nothing stands out.\n");
    return;
  }
  fprintf(findings->out, "%sWhat stands out%s\n", findings->color ? "\033[1m" : "",
          findings->color ? "\033[0m" : "");
  size_t most = findings->failures + MOST_PRINTED;
  for (size_t i = 0; i < findings->count && i < most; i++) {
    print_finding(findings, &findings->list[i]);
  }
  if (findings->count > most) {
    char text[80];
    snprintf(text, sizeof text, "And %zu more, less important: see the tables.",
             findings->count - most);
    wrap_print(findings->out, findings->width, "- ", "  ", text);
  }
}

double findings_median(const struct findings *findings, size_t workload, size_t collector,
                       enum gcm_column column) {
  size_t measured = 0;
  return grid_median(&findings->grid, workload, collector, column, findings->scratch, &measured);
}

char *findings_name(const struct grid *grid, size_t row, char *out) {
  char collector[GRID_LABEL_SIZE];
  char workload[GRID_LABEL_SIZE];
  size_t cell = grid->cell_of_row[row];
  snprintf(out, FINDINGS_NAME_SIZE, "%s on %s",
           grid_label(&grid->collectors, cell % grid->collectors.count, collector),
           grid_label(&grid->workloads, cell / grid->collectors.count, workload));
  return out;
}

uint64_t findings_count(double value) {
  return value > 0 ? (uint64_t)llround(value) : 0;
}

void findings_list_add(struct findings_list *list, const char *name) {
  size_t used = strlen(list->text);
  snprintf(list->text + used, sizeof list->text - used, "%s%s", list->count == 0 ? "" : ", ", name);
  list->count++;
}

static bool same_failure(const struct grid *all, size_t a, size_t b) {
  return all->cell_of_row[a] == all->cell_of_row[b] &&
         strcmp(grid_text(&all->rows[a], GCM_COLUMN_status),
                grid_text(&all->rows[b], GCM_COLUMN_status)) == 0;
}

/* A limit's message says how far beyond it the run was, which differs from run to run: that is left
 * to the rows, so that all that hit one limit share a finding. */
static const char *message_of(const struct gcm_row *row) {
  static const char *const limits[] = {"out-of-heap", "memory-limit", "timeout"};
  for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
    if (strcmp(grid_text(row, GCM_COLUMN_status), limits[i]) == 0) {
      return "";
    }
  }
  return grid_text(row, GCM_COLUMN_message);
}

static void say_failure(struct findings *findings, const struct grid *all, size_t first) {
  const struct gcm_row *row = &all->rows[first];
  size_t cell = all->cell_of_row[first];
  size_t failures = 0;
  size_t runs = 0;
  for (size_t i = 0; i < all->row_count; i++) {
    runs += all->cell_of_row[i] == cell ? 1 : 0;
    if (same_failure(all, first, i)) {
      failures++;
      findings->noted[i] = true;
    }
  }
  char name[FINDINGS_NAME_SIZE];
  /* Round 0 has a size of its own, which would add the size to every other name. */
  bool in_floor = findings->grid.cell_of_row[first] == SIZE_MAX;
  findings_name(in_floor ? all : &findings->grid, first, name);
  const char *status = grid_text(row, GCM_COLUMN_status);
  const struct verdict *verdict = verdict_find(status);
  const char *message = message_of(row);
  findings_say(findings, NULL, name, ", %zu of %zu %s: %s%s%.300s%s. %s", failures, runs,
               runs == 1 ? "run" : "runs", verdict == NULL ? status : verdict->meaning,
               message[0] == '\0' ? "" : " (", message, message[0] == '\0' ? "" : ")",
               verdict == NULL ? "" : verdict->remedy);
}

/* Round 0 included, a sentence for each cell and status. */
int findings_of_failures(struct findings *findings) {
  struct grid all;
  int result = grid_build(&all, findings->grid.rows, findings->grid.row_count, 0);
  for (size_t i = 0; result == 0 && i < all.row_count; i++) {
    bool is_ok = strcmp(grid_text(&all.rows[i], GCM_COLUMN_status), "ok") == 0;
    if (!is_ok && !findings->noted[i] && all.cell_of_row[i] != SIZE_MAX) {
      say_failure(findings, &all, i);
    }
  }
  grid_free(&all);
  return result;
}

static int find_all(struct findings *findings) {
  size_t rows = findings->grid.row_count;
  findings->scratch = calloc(rows + 1, sizeof findings->scratch[0]);
  findings->noted = calloc(rows + 1, sizeof findings->noted[0]);
  if (findings->scratch == NULL || findings->noted == NULL) {
    return -1;
  }
  for (size_t i = 0; i < sizeof all_findings / sizeof all_findings[0]; i++) {
    memset(findings->noted, 0, rows * sizeof findings->noted[0]);
    if (all_findings[i](findings) != 0 || findings->out_of_memory) {
      return -1;
    }
    if (all_findings[i] == findings_of_failures) {
      findings->failures = findings->count;
    }
  }
  print_findings(findings);
  return ferror(findings->out) ? -1 : 0;
}

int findings_print(FILE *out, const struct gcm_row *rows, size_t count, unsigned width,
                   bool color) {
  struct findings findings = {.out = out, .color = color};
  findings.width = width < LEAST_WIDTH ? LEAST_WIDTH : width;
  int result = grid_build(&findings.grid, rows, count, 1);
  if (result == 0) {
    result = find_all(&findings);
  }
  for (size_t i = 0; i < findings.count; i++) {
    free(findings.list[i].text);
  }
  free(findings.list);
  free(findings.scratch);
  free(findings.noted);
  grid_free(&findings.grid);
  return result;
}
