#!/bin/bash
# Fuzzes the readers and the run with libFuzzer under AddressSanitizer: scripts/fuzz.sh [SECONDS] [HARNESS…], of each
# harness (deck, run, expression, waveform, checkpoint) so many seconds, 600 where nothing is said. The corpus grows in
# build-fuzz/corpus; what is found stays as build-fuzz/found/HARNESS-*. scripts/fuzz.sh --afl … does it with AFL++, whose
# queues and finds are in build-afl/queue/HARNESS.
set -uo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd) || exit 1
cd "$root" || exit 1
. scripts/setup.sh
afl=0
[ "${1:-}" = --afl ] && afl=1 && shift
seconds=${1:-600}
shift
harnesses=("$@")
[ ${#harnesses[@]} -gt 0 ] || harnesses=(deck run expression waveform checkpoint)

if [ $afl = 1 ]; then
  ensure_packages "$build_packages afl++=afl-clang-fast++"
  export AFL_QUIET=1 AFL_NO_UI=1 AFL_SKIP_CPUFREQ=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1
  cmake --preset afl >/dev/null && cmake --build --preset afl --target memspice_fuzz memspice --parallel "$(jobs)" || exit 1
  ASAN_OPTIONS=detect_leaks=0 tests/fuzz/seeds.sh build-afl/memspice build-afl/seeds || exit 1
  mkdir -p build-afl/work build-afl/queue
  failed=0
  for harness in "${harnesses[@]}"; do
    # -i - goes on with what is there; 30 s an input, as under libFuzzer.
    from=../seeds/$harness
    [ -d "build-afl/queue/$harness/default" ] && from=-
    (cd build-afl/work && afl-fuzz -i "$from" -o "../queue/$harness" -V "$seconds" -t 30000 -m none -g 1 -G 4096 \
      -x "$root/tests/fuzz/deck.dict" -- "../tests/fuzz/fuzz_$harness") >"build-afl/$harness.log" 2>&1 || failed=1
    stats=build-afl/queue/$harness/default/fuzzer_stats
    grep -E '^(execs_done|saved_crashes|saved_hangs|run_time)' "$stats" | sed "s/^/$harness: /"
    grep -qE '^saved_(crashes|hangs) *: 0' "$stats" || failed=1
    grep -qE '^saved_(crashes|hangs) *: [1-9]' "$stats" && failed=1
  done
  exit $failed
fi

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
