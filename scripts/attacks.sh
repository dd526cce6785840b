#!/bin/bash
# The table of docs/reliability.md, run anew: each attack on memspice --safe and on ngspice, with exit code, seconds and
# what is left behind. scripts/attacks.sh [NAME…]; a program is killed after 20 s (exit code 137).
set -u
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd) || exit 1
memspice=${MEMSPICE:-$root/build/memspice}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
ulimit -v 8000000 -c 0

body='V1 a 0 1\nR1 a 0 1\n.op\n.end\n'
printf "self\n.include self-include.cir\n$body" >self-include.cir
printf 'func\n.func f(x) {f(x)+1}\n.param p={f(1)}\nV1 a 0 1\nR1 a 0 {p}\n.op\n.end\n' >recursive-func.cir
printf "zero\n.include /dev/zero\n$body" >include-dev-zero.cir
mkfifo pipe
printf "pipe\n.include pipe\n$body" >include-pipe.cir
printf "bush\n.include i0\n$body" >include-bush.cir
for ((i = 0; i < 30; i++)); do printf '.include i%d\n' $((i + 1)) $((i + 1)) $((i + 1)) >"i$i"; done
printf '* end\n' >i30
{
  printf 'instances\n'
  for ((i = 0; i < 8; i++)); do
    printf '.subckt s%d a\n' $i
    for ((k = 0; k < 10; k++)); do printf 'X%d a s%d\n' $k $((i + 1)); done
    printf '.ends\n'
  done
  printf ".subckt s8 a\nR1 a 0 1k\n.ends\nX1 a s0\n$body"
} >instances.cir
{
  printf 'parentheses\n.param p={'
  printf '%.0s(' {1..100000}
  printf 1
  printf '%.0s)' {1..100000}
  printf '}\nV1 a 0 1\nR1 a 0 {p}\n.op\n.end\n'
} >parentheses.cir
printf 'random\nV1 a 0 TRRANDOM(4 0.1n 0 1e300)\nR1 a 0 1\n.tran 1m 1\n.end\n' >random-waveform.cir
printf 'corners\nV1 a 0 pulse(0 1 0 1e-18 1e-18 1e-18 3e-18)\nR1 a 0 1\n.tran 1u 1\n.end\n' >corners.cir
{
  printf 'coils\nV1 a 0 1\n'
  for ((i = 0; i < 600; i++)); do printf 'L%d a%d 0 1m\nR%d a a%d 1\n' $i $i $i $i; done
  printf 'K1 '
  printf 'L%d ' {0..599}
  printf '0.5\n.tran 1u 10u\n.end\n'
} >coils.cir
printf 'shell\nV1 a 0 1\nR1 a 0 1\n.control\nop\nshell touch hacked\nwrite ../written.raw\n.endc\n.end\n' >shell.cir
printf 'rc\nV1 a 0 1\nR1 a b 1k\nC1 b 0 1u ic=0\n.tran 0.1m 1m uic\n.end\n' >rc.cir

# $1: a command. Its exit code and seconds.
measure() {
  local start=$EPOCHREALTIME
  (timeout -s KILL 20 bash -c "$1" >/dev/null 2>&1 </dev/null)
  local code=$?
  printf '%4d %7.2f s' $code "$(echo "$EPOCHREALTIME - $start" | bc)"
}

# $1: name; $2, $3: commands of memspice and of ngspice; $4: a file that must not be there, or must be the old one
attack() {
  [ ${#wanted[@]} -eq 0 ] || [[ " ${wanted[*]} " == *" $1 "* ]] || return 0
  local ours theirs ours_left='' theirs_left=''
  printf 'old' >old.raw
  ours=$(measure "$2")
  [ -z "${4:-}" ] || [ ! -e "$4" ] || [ "$(head -c 3 "$4" 2>/dev/null)" = old ] || ours_left=" ($4 is there)"
  [ -z "${4:-}" ] || [ "$4" = old.raw ] || rm -f "$4"
  printf 'old' >old.raw
  theirs=$(measure "$3")
  [ -z "${4:-}" ] || [ ! -e "$4" ] || [ "$(head -c 3 "$4" 2>/dev/null)" = old ] || theirs_left=" ($4 is there)"
  printf '%-18s memspice %s%s   ngspice %s%s\n' "$1" "$ours" "$ours_left" "$theirs" "$theirs_left"
}

wanted=("$@")
for deck in self-include recursive-func include-dev-zero include-pipe include-bush instances parentheses random-waveform corners coils; do
  attack $deck "$memspice --safe $deck.cir -q -o m.raw" "ngspice -b -r n.raw $deck.cir"
done
attack shell "$memspice --safe shell.cir -q" 'ngspice -b shell.cir' hacked
attack full-disk "$memspice rc.cir -q -o /dev/full" 'ngspice -b -r /dev/full rc.cir'
attack full-output "$memspice rc.cir >/dev/full" 'ngspice -b rc.cir >/dev/full'
attack file-limit "ulimit -f 1; $memspice rc.cir -q -o old.raw" 'ulimit -f 1; ngspice -b -r old.raw rc.cir' old.raw
attack killed "(sleep 0.5; kill -9 \$\$) & exec $memspice corners.cir -q -o old.raw --limit corners=1e300" \
  '(sleep 0.5; kill -9 $$) & exec ngspice -b -r old.raw corners.cir' old.raw
