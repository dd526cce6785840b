#!/bin/sh
# Makes what others install, in dist/: a .deb, a .tar.gz of the program, and a tarball of the sources. All have the page of
# memspice view, so that they need neither npm nor a network.
set -u
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd) || exit 1
. "$root/scripts/setup.sh"
cd "$root" || exit 1

ensure_packages "$build_packages $view_packages"
page=$root/src/view/view.html
trap 'rm -f "$page"' EXIT
configure -DMEMSPICE_VIEW=ON
build all
mkdir -p dist
cp "$build_dir/share/memspice/view.html" "$page" || die 'the page of memspice view was not built'
(cd "$build_dir" && cpack -B "$root/dist" && cpack --config CPackSourceConfig.cmake -B "$root/dist") || die 'cpack failed'
rm -rf dist/_CPack_Packages
ls -l dist
