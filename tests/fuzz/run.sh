#!/bin/bash
# tests/fuzz/run.sh BUILD SECONDS [SEED]: every harness with its own driver, for SECONDS in all, against what is built in
# BUILD. Without SEED a random one: .ci/run has one, so that a change is not blamed for what another day would have found.
set -uo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd) || exit 1
build=$(realpath "$1")
seconds=$2
seed=${3:-$RANDOM}
cmake --build "$build" --target memspice memspice_fuzz >/dev/null || exit 1
work=$build/fuzz
"$root/tests/fuzz/seeds.sh" "$build/memspice" "$work/seeds" || exit 1
failed=0
for harness in deck run expression waveform checkpoint; do
  mkdir -p "$work/$harness" && cd "$work/$harness" || exit 1
  if ! "$build/tests/fuzz/fuzz_$harness" "../seeds/$harness" seconds=$((seconds / 5)) seed=$seed | sed "s/^/$harness: /"; then
    echo "$harness: FAILED; its input is $PWD/current-input"
    failed=1
  fi
done
exit $failed
