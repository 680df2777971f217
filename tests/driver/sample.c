/* SPDX-License-Identifier: MIT */
#include "sample.h"

const char sample_campaign[] =
    "{\"schema\": 1, \"size\": \"quick\", \"rounds\": 3, \"threads\": 1,"
    " \"exit_mode\": \"teardown\", \"seed\": 42, \"timeout_s\": 300.0,"
    " \"memory_limit_bytes\": 1073741824, \"workloads\": [\"trees\", \"rings\"],"
    " \"heaps_bytes\": [1048576, 2097152], \"configurations\": ["
    "  {\"collector\": \"rc\", \"options\": {\"frees\": \"8\", \"mode\": \"fast\"},"
    "   \"runner\": \"/bin/gcmark-rc\", \"fnv1a64\": \"00112233445566aa\","
    "   \"capabilities\": [\"malloc\", \"heap-limit\", \"cycles\"],"
    "   \"workloads\": {\"nothing\": [], \"trees\": [], \"rings\": [\"cycles\"]}},"
    "  {\"collector\": \"plain\", \"options\": {}, \"runner\": \"/bin/gcmark-plain\","
    "   \"fnv1a64\": \"0011223344556677\", \"capabilities\": [],"
    "   \"workloads\": {\"nothing\": [], \"rings\": [\"cycles\"]}}],"
    " \"allocators\": [{\"name\": \"system\"}, {\"name\": \"jemalloc\","
    "  \"library\": \"/usr/lib/libjemalloc.so.2\", \"fnv1a64\": \"ffffffffffffffff\"}]}";

const char sample_description[] =
    "{\"protocol\": 1, \"collector\": \"rc\", \"description\": \"counts\","
    " \"family\": \"counting\", \"build\": {\"compiler\": \"gcc\", \"flags\": \"\"},"
    " \"capabilities\": [\"malloc\"], \"options\": ["
    "  {\"name\": \"frees\", \"type\": \"integer\", \"default\": \"8\", \"minimum\": 1,"
    "   \"maximum\": 9, \"help\": \"at most\"},"
    "  {\"name\": \"mode\", \"type\": \"choice\", \"default\": \"slow\","
    "   \"choices\": [\"slow\", \"fast\"], \"help\": \"how\"}],"
    " \"workloads\": [{\"name\": \"trees\", \"description\": \"grows\","
    "  \"sizes\": {\"quick\": 1}, \"minimum\": 1, \"maximum\": 2, \"needs\": [\"weak\"]}],"
    " \"conformance\": [{\"name\": \"shape\", \"description\": \"keeps\","
    "  \"sizes\": {\"quick\": 1}, \"minimum\": 1, \"maximum\": 1, \"needs\": []}],"
    " \"from_the_future\": 1}";
