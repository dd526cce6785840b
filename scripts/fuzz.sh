#!/bin/bash
# Fuzzes the readers and the run with libFuzzer under AddressSanitizer: scripts/fuzz.sh [SECONDS] [HARNESS…], of each
# harness (deck, run, expression, waveform, checkpoint) so many seconds, 600 where nothing is said. The corpus grows in
# build-fuzz/corpus; what is found stays as build-fuzz/found/HARNESS-*.
set -uo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd) || exit 1
cd "$root" || exit 1
. scripts/setup.sh
seconds=${1:-600}
shift
harnesses=("$@")
[ ${#harnesses[@]} -gt 0 ] || harnesses=(deck run expression waveform checkpoint)

ensure_packages "$build_packages clang-14=clang++-14 libclang-rt-14-dev llvm-14"
cmake --preset fuzz >/dev/null && cmake --build --preset fuzz --target memspice_fuzz memspice --parallel "$(jobs)" || exit 1
tests/fuzz/seeds.sh build-fuzz/memspice build-fuzz/seeds || exit 1
mkdir -p build-fuzz/found build-fuzz/work
# What waits for a thread that never ends would be taken for a leak.
export ASAN_OPTIONS=detect_leaks=1 ASAN_SYMBOLIZER_PATH=/usr/bin/llvm-symbolizer-14
failed=0
for harness in "${harnesses[@]}"; do
  mkdir -p "build-fuzz/corpus/$harness"
  (
    cd build-fuzz/work && ../tests/fuzz/fuzz_"$harness" -max_total_time="$seconds" -max_len=4096 -timeout=30 -rss_limit_mb=3000 \
      -print_final_stats=1 -artifact_prefix="../found/$harness-" -dict="$root/tests/fuzz/deck.dict" \
      "../corpus/$harness" "../seeds/$harness"
  ) >"build-fuzz/$harness.log" 2>&1 || failed=1
  grep -E '^stat::number_of_executed_units|^SUMMARY|^==.*ERROR' "build-fuzz/$harness.log" | sed "s/^/$harness: /"
done
exit $failed
