/* SPDX-License-Identifier: MIT */
#include "collectors/support/ledger.h"

#include "collectors/mutator.h"

#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct gcm_ledger ledger;

struct gcm_ledger gcm_ledger_read(void) {
  pthread_mutex_lock(&lock);
  struct gcm_ledger copy = ledger;
  pthread_mutex_unlock(&lock);
  return copy;
}

void gcm_finalize(const gcm_type *type, void *bytes) {
  type->finalize(bytes);
  pthread_mutex_lock(&lock);
  ledger.finalizers_run++;
  pthread_mutex_unlock(&lock);
}

void gcm_external_open(gcm_mutator *m, gcm_ref owner, size_t bytes, unsigned handles) {
  (void)m;
  (void)owner;
  pthread_mutex_lock(&lock);
  ledger.handles += handles;
  ledger.external_bytes += bytes;
  if (ledger.handles > ledger.handles_peak) {
    ledger.handles_peak = ledger.handles;
  }
  if (ledger.external_bytes > ledger.external_bytes_peak) {
    ledger.external_bytes_peak = ledger.external_bytes;
  }
  pthread_mutex_unlock(&lock);
}

void gcm_external_close(size_t bytes, unsigned handles) {
  pthread_mutex_lock(&lock);
  ledger.handles -= handles;
  ledger.external_bytes -= bytes;
  pthread_mutex_unlock(&lock);
}

uint64_t gcm_external_handles(void) {
  return gcm_ledger_read().handles;
}
