/* SPDX-License-Identifier: MIT
 *
 * Whatever stands in campaign.json, or comes from --describe: it is refused, or gives a plan whose
 * every row can be written.
 */
#include <stdint.h>
#include <stdlib.h>

#include "harness/driver/campaign.h"
#include "harness/driver/description.h"
#include "harness/driver/plan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST_RUNS = 1000 }; /* of a plan that is worth the time here */

static void check_plan(const struct campaign *campaign) {
  struct plan plan;
  struct message error;
  if (campaign->rounds > MOST_RUNS || plan_make(campaign, &plan, &error) != 0) {
    return;
  }
  for (size_t i = 0; i < plan.count && i < MOST_RUNS; i++) {
    struct gcm_row row = {0};
    struct message reason;
    plan_unsupported(campaign, &plan.runs[i], &reason);
    if (plan_fill_row(campaign, &plan, i, &row) != 0) {
      abort();
    }
    gcm_row_clear(&row);
  }
  plan_clear(&plan);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct campaign campaign;
  struct description description;
  struct message error;
  if (campaign_from_text("input", (const char *)data, size, &campaign, &error) == 0) {
    check_plan(&campaign);
    campaign_clear(&campaign);
  }
  if (description_read("input", (const char *)data, size, &description, &error) == 0) {
    description_clear(&description);
  }
  return 0;
}
