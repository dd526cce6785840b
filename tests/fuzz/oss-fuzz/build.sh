#!/bin/bash -eu
# In OSS-Fuzz's image (or any with clang), in the project's folder: harnesses, dictionaries and seeds to $OUT.
cmake -S . -B build-oss -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo -DMEMSPICE_FUZZER=ON -DMEMSPICE_TESTS=ON \
  -DCMAKE_CXX_COMPILER="${CXX:-clang++}" -DCMAKE_CXX_FLAGS="${CXXFLAGS:-}" -DMEMSPICE_CHOLMOD=OFF
cmake --build build-oss --target memspice_fuzz memspice
tests/fuzz/seeds.sh build-oss/memspice build-oss/seeds
for harness in deck run expression waveform checkpoint; do
  cp "build-oss/tests/fuzz/fuzz_$harness" "$OUT/"
  cp tests/fuzz/deck.dict "$OUT/fuzz_$harness.dict"
  (cd "build-oss/seeds/$harness" && zip -q -r "$OUT/fuzz_${harness}_seed_corpus.zip" .)
done
