#!/bin/sh
# Installs what is missing, builds memspice and its tests in ./build and runs them all. Arguments go to ctest.
set -u
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd) || exit 1
. "$root/scripts/setup.sh"

ensure_packages "$build_packages $test_packages"
configure -DMEMSPICE_TESTS=ON
build all
check_blas
exec ctest --test-dir "$build_dir" --parallel "$(jobs)" --output-on-failure "$@"
