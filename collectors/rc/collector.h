/* SPDX-License-Identifier: MIT
 *
 * rc: pure reference counting; see support/counting/counting.h. The variants
 * rc-atomic and rc-lazy are this folder with COUNTING_ATOMIC or COUNTING_LAZY.
 */
#ifndef GCM_RC_COLLECTOR_H
#define GCM_RC_COLLECTOR_H

#include "collectors/support/counting/counting.h"

#endif
