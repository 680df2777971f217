/* SPDX-License-Identifier: MIT */
#ifndef GCM_DRIVER_VERDICT_H
#define GCM_DRIVER_VERDICT_H

/* What people are told about a status other than ok (docs/protocol.md has the list). */
struct verdict {
  const char *status;
  const char *brief;   /* for a cell of a table */
  const char *meaning; /* completes "OOH: ..." and "rc on rings: ..." */
  const char *remedy;  /* a sentence */
};

/* NULL if the status is not in the list. */
const struct verdict *verdict_find(const char *status);

#endif
