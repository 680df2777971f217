#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# The runner's figures against others that know nothing of them: valgrind's
# account of what malloc gave and never got back, libgc forbidden to collect,
# the kernel's resident set, and one collector against another.
#
#   tests/figures/figures.sh BIN
set -euo pipefail

bin=${1:?usage: figures.sh BIN}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failed=0

# A number of the last record: COLUMN
value() {
  awk -F'[:,]' -v key="\"$1\"" '{ gsub(/ /, "", $1) } $1 == key { printf "%.0f\n", $2 }' \
    "$scratch/record"
}

run() { "$bin/gcmark-$1" "${@:2}" --record "$scratch/record"; }

# WHAT FIGURE EXPECTED [PERCENT]
expect() {
  local difference
  difference=$(awk -v a="$2" -v b="$3" -v p="${4:-0}" \
    'BEGIN { d = a - b; if (d < 0) d = -d; print (a == "" || d > b * p / 100) ? "BAD" : "ok" }')
  printf '%-3s %-62s %14s %14s\n' "$difference" "$1" "$2" "$3"
  [ "$difference" = ok ] || failed=1
}

# Bytes lost in the eyes of valgrind: nothing points to them any more.
lost() {
  valgrind --leak-check=full --log-file="$scratch/log" \
    "$bin/gcmark-$1" "${@:2}" --record "$scratch/record"
  awk '/(definitely|indirectly) lost:/ { gsub(",", ""); sum += $4 }
    /no leaks are possible/ { sum += 0 } END { print sum + 0 }' "$scratch/log"
}

printf '%-3s %-62s %14s %14s\n' '' 'figure' gcmark other
for collector in rc rc-lazy rc-atomic; do
  bytes=$(lost $collector rings --size 1)
  expect "$collector on rings: bytes left after teardown, valgrind's lost" \
    "$(value left_after_teardown_bytes)" "$bytes"
done
bytes=$(lost rc-cycle rings --size 2)
expect "rc-cycle on rings: bytes left after teardown, valgrind's lost" \
  "$(value left_after_teardown_bytes)" "$bytes"

if [ -x "$bin/gcmark-boehm" ]; then
  GC_DONT_GC=1 run boehm rings --size 20
  expect 'boehm forbidden to collect: objects left at the end, allocated' \
    "$(value left_at_end_objects)" "$(value allocated_objects)"
  expect 'boehm forbidden to collect: bytes left at the end, allocated' \
    "$(value left_at_end_bytes)" "$(value allocated_bytes)"
fi

run none nothing
floor=$(value peak_rss_bytes)
run none binary-trees --size 15
expect 'none on binary-trees: bytes left at the end, resident above the floor' \
  "$(value left_at_end_bytes)" "$(($(value rss_at_end_bytes) - floor))" 2
run none binary-trees --size 15 --set source=hugepages
expect 'none with huge pages: the same, to within two huge pages' \
  "$(value left_at_end_bytes)" "$(($(value rss_at_end_bytes) - floor))" 5

for workload in binary-trees gcbench rings rings-nocycle cfold splay lru resources-scoped; do
  run none $workload --size quick
  objects=$(value allocated_objects)
  for collector in rc rc-lazy rc-atomic rc-cycle boehm; do
    [ -x "$bin/gcmark-$collector" ] || continue
    run $collector $workload --size quick
    expect "$collector on $workload: objects allocated, by none" "$(value allocated_objects)" "$objects"
  done
done
exit $failed
