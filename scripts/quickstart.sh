#!/bin/sh
# Installs what is missing, builds memspice in ./build and simulates netlists/networks/k4.cir.
set -u
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd) || exit 1
. "$root/scripts/setup.sh"

ensure_packages "$build_packages"
if [ -f "$build_dir/CMakeCache.txt" ]; then configure; else configure -DMEMSPICE_TESTS=OFF; fi
build memspice
check_blas

deck=netlists/networks/k4.cir
output=$build_dir/k4.raw
say ''
say "\$ build/memspice $deck -o build/k4.raw"
cd "$root" || exit 1
"$build_dir/memspice" "$deck" -o build/k4.raw || exit $?
[ -s "$output" ] || die "$output was not written"

# What is drawn of it needs no other program.
say ''
say "\$ build/memspice plot build/k4.raw 'i(y1)' 'w(y1)' --text"
"$build_dir/memspice" plot build/k4.raw 'i(y1)' 'w(y1)' --text || exit $?

say "
The waveforms are in $output. What to do next:
  look at them      $build_dir/memspice plot build/k4.raw
  compare two runs  $build_dir/memspice compare a.raw b.raw
  your own deck     README.md, 'A first deck'; more of them in netlists/
  run all tests     sh scripts/test.sh"
