#!/bin/sh
# Lines and branches of the library that the tests run, room by room, in build-coverage: text, and HTML in
# build-coverage/html. Arguments go to memspice_tests, such as -sf='*tests/deck/*'. MEMSPICE_ROOMS='deck netlist' counts
# these alone, the others are built as usual.
set -u
root=$(cd "$(dirname "$0")/.." && pwd) || exit 1
cd "$root" || exit 1
. scripts/setup.sh
ensure_packages "$build_packages $test_packages gcovr=gcovr"
folder=build-coverage
rooms=${MEMSPICE_ROOMS:-deck expression netlist waveform devices base circuit convert equations analysis solver network generate random app}
# shellcheck disable=SC2086  # options, split at the blanks
cmake -S . -B $folder -G Ninja -DCMAKE_BUILD_TYPE=Release -DMEMSPICE_COVERAGE="$(echo $rooms | tr ' ' '|')" \
  -DMEMSPICE_TESTS=ON -DCMAKE_PREFIX_PATH="$sundials_dir/usr" ${MEMSPICE_CMAKE_OPTIONS:-} >/dev/null || exit 1
cmake --build $folder --target memspice_tests memspice_truth --parallel "$(jobs)" || exit 1
find $folder -name '*.gcda' -delete
# Not those that let the program write few bytes: it would cut the counters' files.
$folder/tests/memspice_tests -tce='a full disk exits*,the program writes HDF5*' "$@"
tests=$?
[ $# -gt 0 ] || $folder/tests/memspice_truth --count 500 >/dev/null || tests=1
mkdir -p $folder/html
gcovr -r . --object-directory $folder -f 'src/' --json -o $folder/coverage.json || exit 1
gcovr -r . -a $folder/coverage.json --html-details $folder/html/index.html
printf '%-12s %10s %10s\n' room 'lines' 'branches'
for room in $rooms; do
  gcovr -r . -a $folder/coverage.json -f "src/$room/" --exclude-throw-branches --json-summary-pretty -o $folder/room.json
  awk -v room="$room" '/^    "(line|branch)_percent"/ { gsub(/[^0-9.]/, "", $2); value[$1] = $2 }
    END { printf "%-12s %8.1f %% %8.1f %%\n", room, value["\"line_percent\":"], value["\"branch_percent\":"] }' $folder/room.json
done
exit $tests
