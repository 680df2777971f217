/* SPDX-License-Identifier: MIT
 *
 * resources: objects that own what is outside the heap. Each opens a file
 * descriptor and a block of 4096 bytes, takes one record into a small write
 * buffer, and is dropped. Its finalizer writes the buffer out, closes the
 * descriptor and frees the block.
 *
 * At most 1024 descriptors may be open. At that limit a collection is asked
 * for, as a runtime short of descriptors would; if that closes none, the object
 * is refused its descriptor, and its record is never written. Bytes that were
 * accepted and never reached the file are reported as unflushed.
 *
 * resources-scoped: the same, closed explicitly where its scope ends (Python's
 * `with`), so nothing is left to a finalizer.
 *
 * The size is the number of objects.
 */
#include "workloads/workload.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST_HANDLES = 1024, OTHER_HANDLES = 64, BLOCK_BYTES = 4096, RECORD_BYTES = 13 };

/* Zeroed memory is a resource that is not open. */
struct resource {
  void *block; /* outside the heap; null: not open */
  int32_t descriptor;
  uint32_t buffered; /* bytes */
  char buffer[48];
};

/* The file under all descriptors: a finalizer has nothing but its object. */
static int file = -1;
/* A record could not be written, or a descriptor not closed. */
static bool release_failed;

static void resource_release(void *bytes) {
  struct resource *resource = bytes;
  if (resource->block == NULL) {
    return;
  }
  ssize_t written = write(resource->descriptor, resource->buffer, resource->buffered);
  release_failed |= written != (ssize_t)resource->buffered;
  release_failed |= close(resource->descriptor) != 0;
  free(resource->block);
  resource->block = NULL;
  resource->buffered = 0;
  gcm_external_close(BLOCK_BYTES, 1);
}

static const gcm_type resource_type = {.name = "resource",
                                       .id = 0,
                                       .bytes = sizeof(struct resource),
                                       .acyclic = true,
                                       .finalize = resource_release};
static const gcm_type *const types[] = {&resource_type};

static struct resource *resource_of(gcm_mutator *m, gcm_ref object) {
  return gcm_bytes(m, object, &resource_type);
}

static void resource_open(gcm_mutator *m, gcm_run *run, gcm_ref object) {
  struct resource *resource = resource_of(m, object);
  resource->descriptor = dup(file);
  if (resource->descriptor < 0) {
    gcm_run_failed(run, "a file descriptor could not be opened");
  }
  resource->block = malloc(BLOCK_BYTES);
  if (resource->block == NULL) {
    gcm_run_failed(run, "no memory for a block outside the heap");
  }
  memset(resource->block, 0xff, BLOCK_BYTES);
  gcm_external_open(m, object, BLOCK_BYTES, 1);
}

/* A record is its id and filling. */
static void resource_accept(gcm_mutator *m, gcm_ref object, uint64_t id) {
  struct resource *resource = resource_of(m, object);
  memset(resource->buffer, '.', RECORD_BYTES);
  memcpy(resource->buffer, &id, sizeof id);
  resource->buffered = RECORD_BYTES;
}

struct accepted {
  uint64_t records, checksum, refused;
};

/* Open a resource, unless there are too many, and give it a record. */
static gcm_owned make_resource(gcm_mutator *m, gcm_run *run, uint64_t id,
                               struct accepted *accepted) {
  if (gcm_external_handles() >= MOST_HANDLES) {
    gcm_collect(m);
  }
  gcm_owned made = gcm_new(m, &resource_type);
  if (gcm_external_handles() < MOST_HANDLES) {
    resource_open(m, run, made.ref);
  } else {
    accepted->refused++;
  }
  resource_accept(m, made.ref, id);
  return made;
}

static void count_accepted(gcm_mutator *m, gcm_ref object, struct accepted *accepted) {
  const struct resource *resource = resource_of(m, object);
  uint64_t id;
  memcpy(&id, resource->buffer, sizeof id);
  accepted->records += resource->buffered == RECORD_BYTES;
  accepted->checksum = gcm_checksum(accepted->checksum, &id, sizeof id);
}

/* What `with` is in Python: closes the resource where its scope ends. Declared
 * after the local that owns it, so that it goes first. */
struct guard {
  gcm_mutator *m;
  const gcm_local *resource;
};

static void guard_leave(struct guard *guard) {
  resource_release(resource_of(guard->m, guard->resource->ref));
}

static void use_resource(gcm_mutator *m, gcm_run *run, uint64_t id, struct accepted *accepted) {
  GCM_LOCAL(m, resource, make_resource(m, run, id, accepted));
  gcm_safepoint(m);
  count_accepted(m, resource.ref, accepted);
}

static void use_resource_scoped(gcm_mutator *m, gcm_run *run, uint64_t id,
                                struct accepted *accepted) {
  GCM_LOCAL(m, resource, make_resource(m, run, id, accepted));
  __attribute__((cleanup(guard_leave), unused)) struct guard guard = {m, &resource};
  gcm_safepoint(m);
  count_accepted(m, resource.ref, accepted);
}

/* Room for the descriptors, and the file they lead to. */
static void prepare(gcm_run *run) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
    gcm_run_failed(run, "the limit of open files could not be read");
  }
  if (limit.rlim_cur < MOST_HANDLES + OTHER_HANDLES) {
    limit.rlim_cur = limit.rlim_max;
    if (limit.rlim_max < MOST_HANDLES + OTHER_HANDLES || setrlimit(RLIMIT_NOFILE, &limit) != 0) {
      gcm_run_unsupported(run, "the limit of open files (ulimit -Hn) is below 1088");
    }
  }
  file = memfd_create("gcmark-resources", MFD_CLOEXEC);
  if (file < 0) {
    gcm_run_failed(run, "a file in memory could not be opened");
  }
}

static uint64_t expected_checksum(uint64_t records) {
  uint64_t checksum = GCM_CHECKSUM_START;
  for (uint64_t id = 0; id < records; id++) {
    checksum = gcm_checksum(checksum, &id, sizeof id);
  }
  return checksum;
}

static void answer(gcm_run *run, const struct accepted *accepted) {
  uint64_t records = gcm_run_size(run);
  gcm_answer(run, "records", accepted->records, records);
  gcm_answer(run, "checksum", accepted->checksum, expected_checksum(records));
}

static void resources_run(gcm_mutator *m, gcm_run *run) {
  struct accepted accepted = {.checksum = GCM_CHECKSUM_START};
  prepare(run);
  gcm_run_start(run);
  for (uint64_t id = 0; id < gcm_run_size(run); id++) {
    use_resource(m, run, id, &accepted);
  }
  gcm_run_stop(run);
  answer(run, &accepted);
  gcm_answer_unchecked(run, "refused", accepted.refused);
}

static void resources_scoped_run(gcm_mutator *m, gcm_run *run) {
  struct accepted accepted = {.checksum = GCM_CHECKSUM_START};
  prepare(run);
  gcm_run_start(run);
  for (uint64_t id = 0; id < gcm_run_size(run); id++) {
    use_resource_scoped(m, run, id, &accepted);
  }
  gcm_run_stop(run);
  answer(run, &accepted);
  gcm_answer(run, "refused", accepted.refused, 0);
}

/* Bytes accepted that are not in the file; it is given back. */
static uint64_t close_file(gcm_run *run) {
  struct stat status;
  if (fstat(file, &status) != 0 || close(file) != 0) {
    gcm_run_failed(run, "the file in memory could not be examined and closed");
  }
  if (release_failed) {
    gcm_run_failed(run, "a record could not be written or a file descriptor not closed");
  }
  return RECORD_BYTES * gcm_run_size(run) - (uint64_t)status.st_size;
}

static void resources_finish(gcm_run *run) {
  gcm_report_unflushed(run, close_file(run));
}

static void resources_scoped_finish(gcm_run *run) {
  uint64_t unflushed = close_file(run);
  gcm_report_unflushed(run, unflushed);
  gcm_answer(run, "unflushed", unflushed, 0);
}

static const gcm_workload resources = {
    .name = "resources",
    .description = "objects that own file descriptors, released by their finalizers",
    .tiny = 1500,
    .quick = 10000,
    .normal = 500000,
    .large = 3000000,
    .minimum = 1,
    .maximum = 100000000,
    .types = types,
    .type_count = sizeof types / sizeof *types,
    .run = resources_run,
    .finish = resources_finish,
};
GCM_WORKLOAD(resources);

static const gcm_workload resources_scoped = {
    .name = "resources-scoped",
    .description = "objects that own file descriptors, released where their scope ends",
    .tiny = 1500,
    .quick = 10000,
    .normal = 500000,
    .large = 3000000,
    .minimum = 1,
    .maximum = 100000000,
    .types = types,
    .type_count = sizeof types / sizeof *types,
    .run = resources_scoped_run,
    .finish = resources_scoped_finish,
};
GCM_WORKLOAD(resources_scoped);
