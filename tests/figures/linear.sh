#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Cycle collection stays linear while a live structure grows: twice the live
# cache (a doubly linked list, all candidates, no garbage) costs about twice the
# instructions, with a threshold so low that it collects all the time. Looking
# at everything at every collection would cost four times as many.
#
#   tests/figures/linear.sh BIN
set -euo pipefail

bin=${1:?usage: linear.sh BIN}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# Instructions of a run of this size; its collections go to standard error.
instructions() {
  valgrind --tool=callgrind --callgrind-out-file="$scratch/out" --toggle-collect=lru_run \
    "$bin/gcmark-rc-cycle" lru --size "$1" --set threshold=32 --record "$scratch/record" \
    >"$scratch/log" 2>&1 || { cat "$scratch/log" >&2; return 1; }
  awk '/"collections"/ { print }' "$scratch/record" >&2
  awk '/^totals:/ { print $2 }' "$scratch/out"
}

small=$(instructions 10000)
large=$(instructions 20000)
awk -v small="$small" -v large="$large" 'BEGIN {
  ratio = large / small
  printf "%d instructions for 10,000 entries, %d for 20,000: %.2f times\n", small, large, ratio
  exit !(ratio < 2.5)
}'
