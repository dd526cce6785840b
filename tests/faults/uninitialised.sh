#!/bin/bash
# The example decks under valgrind: tests/faults/uninitialised.sh [BUILD [SECONDS]]. A decision by memory that nothing was written
# to, or an access where there is none, is an error; decks that take longer than SECONDS (60) are left out.
set -uo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd) || exit 1
program=$(realpath "${1:-$root/build}")/memspice
seconds=${2:-60}
command -v valgrind >/dev/null || (
  . "$root/scripts/setup.sh"
  install_packages valgrind
) || exit 1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# The C library's loader compares a word at a time, behind the end of short strings.
cat >"$work/loader" <<'END'
{
  loader
  Memcheck:Addr8
  fun:strncmp
  fun:is_dst
}
END
clean=0
late=0
found=0
while IFS= read -r deck; do
  rm -rf "$work/run" && mkdir "$work/run"
  (cd "$work/run" && timeout "$seconds" valgrind -q --suppressions="$work/loader" --log-file="$work/log" "$program" "$deck" -q -o out.raw \
    >/dev/null 2>&1)
  code=$?
  if [ -s "$work/log" ]; then
    found=$((found + 1))
    echo "found: ${deck#"$root"/}"
    head -20 "$work/log"
  elif [ $code = 124 ]; then
    late=$((late + 1))
  else
    clean=$((clean + 1))
  fi
done < <(find "$root/netlists" "$root/tests/reference" -name '*.cir' | sort)
echo "$clean decks without a complaint, $found with one, $late take longer than $seconds s"
[ $found -eq 0 ] && [ $clean -gt 0 ]
