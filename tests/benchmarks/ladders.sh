#!/bin/sh
# Writes the decks of docs/performance.md, "Without memristors", into the folder $1: an RC ladder of 1,000 sections,
# a line of 500 RLC sections, a chain of 500 behavioural sources. $2, $3, $4: tmax of each for ngspice (default: none).
set -eu
folder=$1
awk -v tmax="${2:-}" 'BEGIN {
  print "RC ladder of 1,000 sections\nV1 n0 0 PULSE(0 1 1u 1u 1u 200u 400u)"
  for (i = 0; i < 1000; ++i) printf "R%d n%d n%d 10\nC%d n%d 0 10p\n", i, i, i + 1, i, i + 1
  printf ".save v(n1) v(n500) v(n1000)\n.tran 1u 1m 0 %s\n.end\n", tmax
}' >"$folder/rc_ladder.cir"
awk -v tmax="${3:-}" 'BEGIN {
  print "line of 500 RLC sections\nV1 n0 0 PULSE(0 1 10n 5n 5n 500n 2u)\nRs n0 m0 50"
  for (i = 0; i < 500; ++i)
    printf "L%d m%d p%d 2.5n\nR%d p%d m%d 0.05\nC%d m%d 0 1p\n", i, i, i, i, i, i + 1, i, i + 1
  printf "Rl m500 0 50\n.save v(m1) v(m250) v(m500)\n.tran 1n 1u 0 %s\n.end\n", tmax
}' >"$folder/rlc_line.cir"
awk -v tmax="${4:-}" 'BEGIN {
  print "chain of 500 behavioural sources\nV1 n0 0 SIN(0 1 1k)"
  for (i = 0; i < 500; ++i)
    printf "B%d b%d 0 V=0.5*v(n%d)+0.5*sin(v(n%d))+1e-3*exp(-v(n%d)*v(n%d))\nR%d b%d n%d 1k\nC%d n%d 0 1n\n", \
           i, i, i, i, i, i, i, i, i + 1, i, i + 1
  printf ".save v(n1) v(n250) v(n500)\n.tran 10u 3m 0 %s\n.end\n", tmax
}' >"$folder/behavioural_chain.cir"
