#!/bin/bash
# seeds.sh PROGRAM FOLDER: the corpus to begin with, from the decks of the tests: FOLDER/deck, run, expression, waveform,
# checkpoint.
set -uo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd) || exit 1
program=$(realpath "$1")
mkdir -p "$2"
folder=$(realpath "$2")
for harness in deck run expression waveform checkpoint; do rm -rf "${folder:?}/$harness" && mkdir -p "$folder/$harness"; done

# Small ones only: a deck that runs long teaches little.
number=0
while IFS= read -r deck; do
  number=$((number + 1))
  cp "$deck" "$folder/deck/$number"
  cp "$deck" "$folder/run/$number"
done < <(find "$root/tests/decks" "$root/netlists" "$root/tests/reference" -name '*.cir' -size -5k | sort)

# What stands in braces and quotes.
number=0
while IFS= read -r text; do
  number=$((number + 1))
  printf '%s' "$text" >"$folder/expression/$number"
done < <(grep -rhoE "\{[^{}]{3,80}\}|'[^']{3,80}'" "$root/tests/decks" "$root/netlists" --include='*.cir' | sed -E "s/^[{']|[}']$//g" | sort -u | head -n 400)

work=$(mktemp -d)
printf 'rc\nV1 a 0 sin(0 1 1k) ac 1\nR1 a b 1k\nC1 b 0 1u\n.save v(b) i(v1)\n.op\n.tran 0.1m 0.5m\n.ac dec 2 1 100\n.dc V1 0 1 0.5\n' >"$work/several.cir"
printf 'rc\nV1 a 0 1\nR1 a b 1k\nC1 b 0 1u ic=0\n.save v(b)\n.step R1 list 1k 2k\n.tran 0.1m 0.3m uic\n' >"$work/points.cir"
for deck in several points; do
  for format in raw ascii csv tsv; do
    "$program" "$work/$deck.cir" -q --format $format -o "$folder/waveform/$deck.$format" || exit 1
  done
done
if command -v ngspice >/dev/null; then
  (cd "$work" && ngspice -b -r ng.raw several.cir && mv ng.raw "$folder/waveform/ngspice") >/dev/null 2>&1
fi
# LTspice: a header in UTF-16, traces in single precision.
{
  printf 'Title: x\nDate: y\nPlotname: Transient Analysis\nFlags: real forward\nNo. Variables: 2\nNo. Points: 2\nOffset: 0\nCommand: LTspice\nVariables:\n\t0\ttime\ttime\n\t1\tV(a)\tvoltage\nBinary:\n' | iconv -t UTF-16LE
  printf '\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\360\077\0\0\200\077'
} >"$folder/waveform/ltspice"
rm -rf "$work"

# As they are, and something changed (checkpoint.cpp); what is only the beginning of a file.
for run in 0 1 2 3 4 5; do
  printf "\\0$run" >"$folder/checkpoint/$run"
  printf "\\0$run\\01\\02\\01\\02\\021\\01\\02\\03" >"$folder/checkpoint/changed-$run"
done
printf 'memspice checkpoint\n' >"$folder/checkpoint/beginning"
