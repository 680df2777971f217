/* SPDX-License-Identifier: MIT
 *
 * Every value of a document in turn takes every other type: what cannot be right is refused, in a
 * line that names the key.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "harness/driver/campaign.h"
#include "harness/driver/description.h"
#include "tests/driver/sample.h"

static const char *const values[] = {"null", "true", "-1",    "1.5",     "\"\\u0001\"", "[]",
                                     "{}",   "[[]]", "[1.5]", "[\"A\"]", "{\"A\": 1}"};
enum { VALUE_COUNT = sizeof values / sizeof values[0] };

/* Reads a document, which it takes over; 0 or -1 with error. */
typedef int read_document(json_t *document, struct message *error);

static int read_campaign(json_t *document, struct message *error) {
  struct campaign campaign;
  int result = campaign_from_document("it", document, &campaign, error);
  campaign_clear(&campaign);
  return result;
}

static int read_description(json_t *document, struct message *error) {
  struct description description = {0};
  char *text = json_dumps(document, 0);
  int result = description_read("it", text, strlen(text), &description, error);
  free(text);
  json_decref(document);
  description_clear(&description);
  return result;
}

/* Whether this value may stand there. */
static bool is_allowed(const char *key, const char *value) {
  static const struct {
    const char *key;
    const char *value;
  } allowed[] = {
      {"heaps_bytes", "[]"}, {"options", "{}"}, {"workloads", "{}"},     {"capabilities", "[]"},
      {"timeout_s", "1.5"},  {"build", "{}"},   {"build", "{\"A\": 1}"}, {"needs", "[]"},
      {"choices", "[]"},     {"sizes", "{}"},   {"workloads", "[]"},     {"conformance", "[]"},
      {"options", "[]"},     {"trees", "[]"},   {"rings", "[]"},         {"nothing", "[]"}};
  for (size_t i = 0; i < sizeof allowed / sizeof allowed[0]; i++) {
    if (strcmp(key, allowed[i].key) == 0 && strcmp(value, allowed[i].value) == 0) {
      return true;
    }
  }
  return false;
}

/* Keys that are read only sometimes, or not at all. */
static bool is_free(const char *key) {
  return strcmp(key, "from_the_future") == 0 || strcmp(key, "compiler") == 0 ||
         strcmp(key, "flags") == 0;
}

/* One copy of whole per wrong value, set at the object that path leads to. */
static void try_values(json_t *whole, const char *const *path, size_t depth, const char *key,
                       read_document *read, bool empty_is_allowed) {
  for (int i = 0; i < VALUE_COUNT; i++) {
    struct message error = {""};
    json_t *copy = json_deep_copy(whole);
    json_t *object = copy;
    for (size_t step = 0; step < depth; step++) {
      object = json_is_array(object) ? json_array_get(object, (size_t)strtoul(path[step], NULL, 10))
                                     : json_object_get(object, path[step]);
    }
    json_object_set_new(object, key, json_loads(values[i], JSON_DECODE_ANY, NULL));
    bool allowed = is_free(key) || (empty_is_allowed && is_allowed(key, values[i]));
    int result = read(copy, &error);
    if (!allowed && (result != -1 || strstr(error.text, key) == NULL)) {
      fail_msg("'%s' as %s: %d, %s", key, values[i], result, error.text);
    }
  }
}

/* Every key of every object below. */
static void visit(json_t *whole, json_t *value, const char **path, size_t depth,
                  read_document *read) {
  const char *key = NULL;
  json_t *child = NULL;
  size_t index = 0;
  json_object_foreach(value, key, child) {
    try_values(whole, path, depth, key, read, true);
    path[depth] = key;
    visit(whole, child, path, depth + 1, read);
  }
  json_array_foreach(value, index, child) {
    char number[24];
    snprintf(number, sizeof number, "%zu", index);
    path[depth] = number;
    visit(whole, child, path, depth + 1, read);
    path[depth] = NULL;
  }
}

static void try_all(const char *text, read_document *read) {
  const char *path[16];
  struct message error = {""};
  json_t *whole = json_loads(text, 0, NULL);
  assert_non_null(whole);
  assert_int_equal(read(json_deep_copy(whole), &error), 0);
  visit(whole, whole, path, 0, read);
  json_decref(whole);
}

static void test_campaign_types(void **state) {
  (void)state;
  try_all(sample_campaign, read_campaign);
}

static void test_description_types(void **state) {
  (void)state;
  try_all(sample_description, read_description);
}

static void test_campaign_values(void **state) {
  (void)state;
  struct campaign campaign;
  struct message error = {""};
  assert_int_equal(
      campaign_from_text("it", sample_campaign, strlen(sample_campaign), &campaign, &error), 0);
  assert_int_equal(campaign.configuration_count, 2);
  assert_string_equal(campaign.configurations[0].name, "rc:frees=8:mode=fast");
  assert_string_equal(campaign.configurations[1].name, "plain");
  assert_int_equal(campaign.workload_count, 2);
  assert_int_equal(campaign.heap_count, 2);
  assert_int_equal(campaign.heaps_bytes[1], 2097152);
  assert_null(campaign.allocators[0].library);
  assert_string_equal(campaign.allocators[1].library, "/usr/lib/libjemalloc.so.2");
  assert_int_equal(campaign.seed, 42);
  campaign_clear(&campaign);
}

static void test_campaign_written_and_read(void **state) {
  (void)state;
  char folder[] = "/tmp/gcmark-campaign-XXXXXX";
  struct campaign campaign;
  struct campaign again;
  struct message error = {""};
  assert_non_null(mkdtemp(folder));
  assert_false(campaign_exists(folder));
  assert_int_equal(campaign_read(folder, &again, &error), 1);
  campaign_from_text("it", sample_campaign, strlen(sample_campaign), &campaign, &error);
  assert_int_equal(campaign_write(folder, &campaign, &error), 0);
  assert_true(campaign_exists(folder));
  assert_int_equal(campaign_read(folder, &again, &error), 0);
  assert_true(json_equal(campaign.document, again.document));
  campaign_clear(&campaign);
  campaign_clear(&again);
  char path[64];
  snprintf(path, sizeof path, "%s/campaign.json", folder);
  assert_int_equal(remove(path), 0);
  assert_int_equal(remove(folder), 0); /* nothing else was there */
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_campaign_types),
      cmocka_unit_test(test_description_types),
      cmocka_unit_test(test_campaign_values),
      cmocka_unit_test(test_campaign_written_and_read),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
