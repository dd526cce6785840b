#!/bin/sh
# Builds the documents as a site that can be searched: build/site/html/index.html. Needs the program and the packages below.
set -u
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd) || exit 1
. "$root/scripts/setup.sh"
cd "$root" || exit 1

ensure_packages "$build_packages $python_packages doxygen=doxygen gnuplot-nox=gnuplot"
[ -x build/memspice ] || sh scripts/quickstart.sh || exit 1
venv=$build_dir/python-venv
[ -x "$venv/bin/pip" ] || python3 -m venv "$venv" || die 'no environment for Python'
"$venv/bin/pip" install --quiet sphinx furo myst-nb breathe sphinx-copybutton || die 'Sphinx could not be installed'
"$venv/bin/python" -c 'import memspice' 2>/dev/null || "$venv/bin/pip" install --quiet '.[all]' || exit 1

mkdir -p build/site/doxygen
printf '%s\n' "INPUT=include/memspice" RECURSIVE=NO GENERATE_XML=YES GENERATE_HTML=NO GENERATE_LATEX=NO QUIET=YES WARNINGS=NO \
  EXTRACT_ALL=YES "STRIP_FROM_PATH=include" "OUTPUT_DIRECTORY=build/site/doxygen" "PREDEFINED=DOXYGEN" | doxygen - >/dev/null ||
  die 'doxygen failed'
"$venv/bin/python" -B scripts/site/assemble.py || exit 1
OPENBLAS_NUM_THREADS=1 MPLBACKEND=agg "$venv/bin/python" -m sphinx --fail-on-warning --keep-going -q -b html -c scripts/site \
  build/site/source build/site/html || die 'the site has warnings or could not be built'
say "build/site/html/index.html"
