/* SPDX-License-Identifier: MIT */
#include "store.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "harness/driver/file.h"

static const char file_name[] = "runs.csv";
enum { LONGEST_FILE = 1 << 30 };

int store_lock(const char *folder, struct message *error) {
  int lock = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (lock < 0) {
    return message_set(error, "cannot open %s: %s", folder, strerror(errno));
  }
  if (flock(lock, LOCK_EX | LOCK_NB) != 0) {
    int reason = errno;
    close(lock);
    return reason == EWOULDBLOCK
               ? message_set(error, "another gcmark is at work in %s", folder)
               : message_set(error, "cannot lock %s: %s", folder, strerror(reason));
  }
  return lock;
}

int store_cannot_write(const char *folder, const char *name, int reason, struct message *error) {
  bool full = reason == ENOSPC || reason == EDQUOT || reason == EFBIG;
  return message_set(error, "cannot write %s/%s: %s; %sgo on with: gcmark resume %s", folder, name,
                     strerror(reason), full ? "free some space and " : "", folder);
}

/*
 * One write, so that a reader (or a kill) meets a whole line or its beginning, never a mixture. On
 * the disk before the next run starts: its writing back must not fall into that run.
 */
static int append(struct store *store, const struct csv_writer *line, struct message *error) {
  if (line->failed) {
    return message_set(error, "out of memory");
  }
  ssize_t written = write(store->file, line->text, line->length);
  bool whole = written == (ssize_t)line->length;
  if (whole && fdatasync(store->file) == 0) {
    store->length += written;
    return 0;
  }
  int reason = whole || written < 0 ? errno : ENOSPC; /* a short write: the room has run out */
  if (ftruncate(store->file, store->length) != 0) {
    reason = errno;
  }
  return store_cannot_write(store->folder, file_name, reason, error);
}

static int append_header(struct store *store, struct message *error) {
  struct csv_writer line = {0};
  rows_write_header(&line);
  int result = append(store, &line, error);
  csv_writer_clear(&line);
  return result;
}

/* A file that breaks off inside its header must be the beginning of our header. */
static int check_cut_header(const char *path, const char *text, size_t length,
                            struct message *error) {
  struct csv_writer header = {0};
  rows_write_header(&header);
  bool ours = !header.failed && length <= header.length && memcmp(text, header.text, length) == 0;
  csv_writer_clear(&header);
  return ours ? 0 : message_set(error, "%s: does not begin with the header of this schema", path);
}

static bool same_value(enum gcm_column_type type, const struct gcm_value *a,
                       const struct gcm_value *b) {
  if (!a->present || !b->present) {
    return a->present == b->present;
  }
  return type == GCM_COLUMN_TEXT ? strcmp(a->text, b->text) == 0 : a->uint == b->uint;
}

/* The PLAN columns of a row must be those the plan gives to its number. */
static int check_row(const char *path, const struct campaign *campaign, const struct plan *plan,
                     const struct gcm_row *row, struct message *error) {
  const struct gcm_value *number = &row->values[GCM_COLUMN_run];
  struct gcm_row planned = {0};
  int result = 0;
  if (!number->present || number->uint >= plan->count) {
    return message_set(error, "%s: a row whose run number is not in the plan", path);
  }
  if (plan_fill_row(campaign, plan, (size_t)number->uint, &planned) != 0) {
    result = message_set(error, "out of memory");
  }
  for (int i = 0; i < GCM_COLUMN_COUNT && result == 0; i++) {
    if (gcm_columns[i].source == GCM_COLUMN_PLAN &&
        !same_value(gcm_columns[i].type, &planned.values[i], &row->values[i])) {
      result = message_set(error, "%s: run %" PRIu64 ": '%s' is not what campaign.json plans", path,
                           number->uint, gcm_columns[i].name);
    }
  }
  gcm_row_clear(&planned);
  return result;
}

static int check_rows(const char *path, const struct campaign *campaign, const struct plan *plan,
                      struct store *store, struct message *error) {
  for (size_t i = 0; i < store->rows.count; i++) {
    const struct gcm_row *row = &store->rows.list[i];
    if (check_row(path, campaign, plan, row, error) != 0) {
      return -1;
    }
    uint64_t number = row->values[GCM_COLUMN_run].uint;
    if (store->done[number]) {
      return message_set(error, "%s: run %" PRIu64 " is there twice", path, number);
    }
    store->done[number] = true;
  }
  return 0;
}

static int load(const char *path, const struct campaign *campaign, const struct plan *plan,
                struct store *store, struct message *error) {
  char *text = NULL;
  size_t length = 0;
  size_t complete = 0;
  if (file_read(path, LONGEST_FILE, &text, &length, error) != 0) {
    return -1;
  }
  int result = rows_read(path, text, length, &store->rows, &complete, error);
  if (result == 0 && complete == 0) {
    result = check_cut_header(path, text, length, error);
  }
  free(text);
  if (result != 0 || check_rows(path, campaign, plan, store, error) != 0) {
    return -1;
  }
  store->length = (off_t)complete;
  if (complete < length && ftruncate(store->file, store->length) != 0) {
    return store_cannot_write(store->folder, file_name, errno, error);
  }
  return complete == 0 ? append_header(store, error) : 0;
}

int store_open(const char *folder, const struct campaign *campaign, const struct plan *plan,
               struct store *store, struct message *error) {
  *store = (struct store){.folder = folder, .file = -1};
  char *path = file_path(folder, file_name);
  store->done = calloc(plan->count + 1, sizeof *store->done);
  int result = -1;
  if (path == NULL || store->done == NULL) {
    message_set(error, "out of memory");
  } else if ((store->file = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644)) < 0) {
    message_set(error, "cannot open %s: %s", path, strerror(errno));
  } else {
    result = load(path, campaign, plan, store, error);
  }
  if (result == 0 && file_sync_folder(folder) != 0) {
    result = store_cannot_write(folder, file_name, errno, error);
  }
  free(path);
  if (result != 0) {
    struct message ignored;
    store_close(store, &ignored);
  }
  return result;
}

int store_append(struct store *store, struct gcm_row *row, struct message *error) {
  struct csv_writer line = {0};
  uint64_t number = row->values[GCM_COLUMN_run].uint;
  rows_write(&line, row);
  int result = append(store, &line, error);
  csv_writer_clear(&line);
  if (result != 0) {
    return -1;
  }
  store->done[number] = true;
  return rows_add(&store->rows, row) == 0 ? 0 : message_set(error, "out of memory");
}

int store_close(struct store *store, struct message *error) {
  int result = 0;
  if (store->file >= 0 && (fsync(store->file) != 0 || close(store->file) != 0)) {
    result = store_cannot_write(store->folder, file_name, errno, error);
  }
  rows_clear(&store->rows);
  free(store->done);
  *store = (struct store){.file = -1};
  return result;
}
