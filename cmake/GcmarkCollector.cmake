# SPDX-License-Identifier: MIT
#
# gcmark_add_collector(NAME
#   [FOLDER folder]        of collector.h, relative to the source root [collectors/NAME]
#   SOURCES file...        the collector's own, relative to the calling folder
#   [DEFINES def...]       what makes a variant of a folder's collector
#   [LIBRARIES target...]) what lies underneath
#
# Builds the runner gcmark-NAME: every workload and every conformance case, compiled against
# that collector's inline header, and the code that runs and measures them.

set(GCMARK_ROOT ${CMAKE_CURRENT_LIST_DIR}/..)

function(gcmark_add_collector name)
  cmake_parse_arguments(ARG "" "FOLDER" "SOURCES;DEFINES;LIBRARIES" ${ARGN})
  if(ARG_UNPARSED_ARGUMENTS OR NOT ARG_SOURCES)
    message(FATAL_ERROR "gcmark_add_collector(${name}): SOURCES missing, or unknown: ${ARG_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT ARG_FOLDER)
    set(ARG_FOLDER collectors/${name})
  endif()
  # Found, not listed: a new workload is one file.
  file(GLOB sources CONFIGURE_DEPENDS
    ${GCMARK_ROOT}/workloads/*.c ${GCMARK_ROOT}/conformance/*.c
    ${GCMARK_ROOT}/collectors/support/*.c ${GCMARK_ROOT}/harness/runner/*.c)
  set(target gcmark-${name})
  add_executable(${target} ${ARG_SOURCES} ${sources})
  target_include_directories(${target} PRIVATE ${GCMARK_ROOT})
  string(TOUPPER "${CMAKE_BUILD_TYPE}" type)
  string(STRIP "${CMAKE_C_FLAGS} ${CMAKE_C_FLAGS_${type}}" flags)
  target_compile_definitions(${target} PRIVATE
    GCM_COLLECTOR_HEADER="${ARG_FOLDER}/collector.h"
    GCMARK_COLLECTOR="${name}"
    GCMARK_VERSION="${gcmark_VERSION}"
    GCMARK_COMPILER="${CMAKE_C_COMPILER_ID} ${CMAKE_C_COMPILER_VERSION}"
    GCMARK_FLAGS="${flags}"
    ${ARG_DEFINES})
  target_link_libraries(${target} PRIVATE gcmark_warnings gcmark_common ${ARG_LIBRARIES}
    PkgConfig::JANSSON Threads::Threads)
  set_property(GLOBAL APPEND PROPERTY GCMARK_COLLECTORS ${name})
endfunction()
