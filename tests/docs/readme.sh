#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Every command of the README, line by line, in a copy of the tree as a new user
# would have it; and every piece of code shown there is the file it names.
# ./scripts/test is left out: it is what runs this.
#
#   tests/docs/readme.sh SOURCE WORK
set -euo pipefail

source=${1:?usage: readme.sh SOURCE WORK}
work=${2:?usage: readme.sh SOURCE WORK}

for file in examples/list.c examples/calloc/collector.h; do
  awk -v file="$source/$file" '
    BEGIN { while ((getline line < file) > 0) want = want line "\n" }
    /^```c$/ { inside = 1; got = ""; next }
    /^```$/ { if (inside && got == want) same = 1; inside = 0 }
    inside { got = got $0 "\n" }
    END { exit !same }' "$source/README.md" ||
    { echo "README.md does not show $file as it is" >&2; exit 1; }
done

rm -rf "$work"
mkdir -p "$work"
tar -C "$source" --exclude=./build --exclude='./results/2*' --exclude=./.git -cf - . | tar -C "$work" -xf -
cd "$work"
awk '/^```sh$/ { inside = 1; next } /^```$/ { inside = 0 } inside' README.md | while read -r line; do
  if [ "$line" = ./scripts/test ]; then
    continue
  fi
  echo "\$ $line"
  bash -euo pipefail -c "$line" </dev/null
done
