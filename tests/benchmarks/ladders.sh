#!/bin/sh
# Writes the decks of docs/performance.md, "Circuits without memristors", into the folder $1: an RC ladder of 1,000 sections,
# a line of 500 RLC sections, a chain of 500 behavioural sources, 1,000 periods of a buck converter. $2, $3, $4: tmax of the first
# three for ngspice (default: none); $5: how many sections, or periods, each has instead.
set -eu
folder=$1
awk -v tmax="${2:-}" -v n="${5:-1000}" 'BEGIN {
  print "RC ladder of " n " sections\nV1 n0 0 PULSE(0 1 1u 1u 1u 200u 400u)"
  for (i = 0; i < n; ++i) printf "R%d n%d n%d 10\nC%d n%d 0 10p\n", i, i, i + 1, i, i + 1
  printf ".save v(n1) v(n%d) v(n%d)\n.tran 1u 1m 0 %s\n.end\n", n / 2, n, tmax
}' >"$folder/rc_ladder.cir"
awk -v tmax="${3:-}" -v n="${5:-500}" 'BEGIN {
  print "line of " n " RLC sections\nV1 n0 0 PULSE(0 1 10n 5n 5n 500n 2u)\nRs n0 m0 50"
  for (i = 0; i < n; ++i)
    printf "L%d m%d p%d 2.5n\nR%d p%d m%d 0.05\nC%d m%d 0 1p\n", i, i, i, i, i, i + 1, i, i + 1
  printf "Rl m%d 0 50\n.save v(m1) v(m%d) v(m%d)\n.tran 1n 1u 0 %s\n.end\n", n, n / 2, n, tmax
}' >"$folder/rlc_line.cir"
awk -v tmax="${4:-}" -v n="${5:-500}" 'BEGIN {
  print "chain of " n " behavioural sources\nV1 n0 0 SIN(0 1 1k)"
  for (i = 0; i < n; ++i)
    printf "B%d b%d 0 V=0.5*v(n%d)+0.5*sin(v(n%d))+1e-3*exp(-v(n%d)*v(n%d))\nR%d b%d n%d 1k\nC%d n%d 0 1n\n", \
           i, i, i, i, i, i, i, i, i + 1, i, i + 1
  printf ".save v(n1) v(n%d) v(n%d)\n.tran 10u 3m 0 %s\n.end\n", n / 2, n, tmax
}' >"$folder/behavioural_chain.cir"
awk -v n="${5:-1000}" 'BEGIN {
  print "buck converter, " n " periods\nV1 in 0 12\nVg g 0 PULSE(0 1 0 10n 10n 4u 10u)\nS1 in sw g 0 high\nS2 sw 0 0 g low"
  print "L1 sw out 47u\nC1 out 0 100u\nR1 out 0 5\n.model high sw vt=0.5 ron=10m roff=1meg\n.model low sw vt=-0.5 ron=10m roff=1meg"
  printf ".save v(out) v(sw) i(l1)\n.tran 1u %gu\n.end\n", 10 * n
}' >"$folder/buck_converter.cir"
