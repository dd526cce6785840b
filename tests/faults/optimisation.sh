#!/bin/bash
# The rows of the example decks, bit by bit, of this build and of one with -O1: tests/faults/optimisation.sh [BUILD].
set -uo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd) || exit 1
build=$(realpath "${1:-$root/build}")
other=$root/build-o1
# Not Release: its flags are the project's own, whatever the command line says.
cmake -S "$root" -B "$other" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo -DCMAKE_CXX_FLAGS_RELWITHDEBINFO='-O1 -DNDEBUG' -DMEMSPICE_TESTS=OFF \
  -DCMAKE_PREFIX_PATH="$root/build/sundials/usr" >/dev/null || exit 1
cmake --build "$other" --target memspice --parallel "$(nproc)" >/dev/null || exit 1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
same=0
different=0
while IFS= read -r deck; do
  for program in "$build" "$other"; do
    rm -rf "$work/run" && mkdir "$work/run"
    (cd "$work/run" && timeout 60 "$program/memspice" "$deck" -q -o out.csv >/dev/null 2>&1)
    [ -f "$work/run/out.csv" ] && mv "$work/run/out.csv" "$work/$(basename "$program").csv"
  done
  [ -f "$work/build-o1.csv" ] && [ -f "$work/$(basename "$build").csv" ] || continue
  if cmp -s "$work/build-o1.csv" "$work/$(basename "$build").csv"; then
    same=$((same + 1))
  else
    different=$((different + 1))
    echo "different: ${deck#"$root"/}"
  fi
  rm -f "$work"/*.csv
done < <(find "$root/netlists" "$root/tests/reference" -name '*.cir' | sort)
echo "$same decks give the same bytes, $different do not"
[ $different -eq 0 ]
