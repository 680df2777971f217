/* SPDX-License-Identifier: MIT
 *
 * Nothing that a run started outlives it.
 */
#ifndef GCMARK_DRIVER_DESCENDANTS_H
#define GCMARK_DRIVER_DESCENDANTS_H

/*
 * From now on, an orphaned descendant becomes a child of this process, whatever session or group
 * it moved to. Those there are already are not ours to end. Not inherited across fork. -1 with
 * errno.
 */
int descendants_adopt(void);

/* Kills and reaps every descendant since descendants_adopt(); harmless without it. */
void descendants_kill(void);

#endif
