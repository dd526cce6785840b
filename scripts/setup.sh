# Functions shared by quickstart.sh and test.sh. Source it with $root set to the project's folder.
# POSIX sh: on a bare machine nothing else is there.

build_dir=$root/build
sundials_dir=$build_dir/sundials

# name of the package[=command that makes it unnecessary][|packages that do as well]
build_packages='g++=g++ cmake=cmake ninja-build=ninja libsundials-dev libsuitesparse-dev libfmt-dev libcli11-dev
  libeigen3-dev libspectra-dev nlohmann-json3-dev libopenblas0-serial|libopenblas0-pthread|libopenblas0-openmp'
test_packages='doctest-dev libhdf5-dev python3-h5py ngspice=ngspice gnuplot-nox=gnuplot'
python_packages='python3=python3 python3-venv python3-dev'
view_packages='nodejs=node npm=npm'

requirements='memspice needs: a C++20 compiler (g++ 12 or later), CMake 3.25, ninja, SUNDIALS 6.4 or later (IDA, CVODE),
SuiteSparse 5.12 or later (KLU, CHOLMOD), fmt 9, CLI11 2.1, Eigen 3.4, Spectra, nlohmann-json, and OpenBLAS at run time;
its tests need doctest, ngspice and gnuplot. These scripts install them on Debian 12 or later and Ubuntu 24.04 or later.'

say() { printf '%s\n' "$*"; }

die() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

# $1: an entry of the lists above
is_there() {
  entry=$1
  case $entry in *=*)
    command -v "${entry#*=}" >/dev/null 2>&1 && return 0
    entry=${entry%%=*} ;;
  esac
  old_ifs=$IFS
  IFS='|'
  # shellcheck disable=SC2086  # split at the bars
  set -- $entry
  IFS=$old_ifs
  for package in "$@"; do
    dpkg-query -W -f='${db:Status-Abbrev}' "$package" 2>/dev/null | grep -q '^.i' && return 0
  done
  return 1
}

# $@: arguments of apt-get. Runs it as root, at least every tenth of its progress seen, all else that it says in $log.
run_apt() {
  # Status on standard output: sudo closes all descriptors above 2.
  {
    $as_root env DEBIAN_FRONTEND=noninteractive LC_ALL=C apt-get -o APT::Status-Fd=1 -o DPkg::Lock::Timeout=300 "$@" 2>&1
    printf '\nexit:%s\n' "$?"
  } | {
    code=1
    shown=
    [ -t 1 ] && moves=1 || moves=
    while IFS= read -r line; do
      case $line in
        exit:*) code=${line#exit:} && continue ;;
        dlstatus:*:*:* | pmstatus:*:*:*)
          step=${line#*:*:}
          percent=${step%%[.:]*}
          step="$(printf '%3s %%  %.70s' "$percent" "${step#*:}")"
          tenth=${line%%:*}$((${percent:-0} / 10)) ;;
        *'Waiting for cache lock'*)
          step='   another program is installing packages: waiting until it ends'
          tenth=waiting ;;
        *) printf '%s\n' "$line" >>"$log" && continue ;;
      esac
      if [ "$moves" ]; then
        printf '\r\033[K  %s' "$step"
      elif [ "$tenth" != "$shown" ]; then
        say "  $step"
      fi
      shown=$tenth
    done
    [ -z "$moves" ] || [ -z "$shown" ] || say ''
    return "$code"
  }
}

# $1: packages. Installs them as root; the log is shown when it fails.
install_packages() {
  by_hand="apt-get update && apt-get install --no-install-recommends $1"
  as_root=
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null 2>&1 ||
      die "packages are missing, and there is neither root nor sudo to install them. Ask an administrator to run
    $by_hand
and start this script again."
    as_root=sudo
    say "Installing packages needs the administrator's rights: sudo may ask for your password."
  fi
  say "Installing: $1"
  log=$build_dir/setup.log
  mkdir -p "$build_dir"
  : >"$log"
  run_apt update || say 'warning: apt-get update failed; trying with the package lists that are there'
  # shellcheck disable=SC2086  # one argument a package
  LC_ALL=C apt-get install --assume-no --no-install-recommends $1 2>/dev/null |
    sed -n 's/^\(Need to get\|After this\|  Download size\|  Space needed\)/  &/p'
  # shellcheck disable=SC2086
  run_apt install -y --no-install-recommends $1 && return 0
  tail -n 25 "$log" >&2
  if grep -q 'Unable to locate package' "$log" && grep -q '^ID=ubuntu' /etc/os-release 2>/dev/null; then
    say 'On Ubuntu these packages are in "universe": enable it with  sudo add-apt-repository universe' >&2
  fi
  die "the packages could not be installed (everything apt-get said is in $log). To do it by hand, as root:
    $by_hand"
}

# SUNDIALS' development package depends on MPI, PETSc, hypre and gfortran (half a gigabyte) for parts of it that memspice
# does not use. Its headers and static libraries are unpacked into the build folder instead. From version 7 on (Debian
# 13) the headers include MPI's and the libraries call it: there this fails, and the package is installed.
unpack_sundials() {
  [ ! -f "$sundials_dir/usr/include/ida/ida.h" ] || return 0
  case $(apt-cache policy libsundials-dev | sed -n 's/^ *Candidate: *//p') in 6.*) ;; *) return 1 ;; esac
  say 'Unpacking: libsundials-dev (headers and static libraries, into build/sundials)'
  mkdir -p "$sundials_dir"
  # shellcheck disable=SC2015  # the subshell gives the outcome of the last command that ran
  (cd "$sundials_dir" && apt-get download libsundials-dev && dpkg-deb -x libsundials-dev_*.deb . &&
    rm -f libsundials-dev_*.deb) >>"$build_dir/setup.log" 2>&1
}

# $1: entries of the lists above
ensure_packages() {
  if ! command -v apt-get >/dev/null 2>&1 || ! command -v dpkg-query >/dev/null 2>&1; then
    say 'No apt-get here: going on with what is installed. docs/installing.md has lists for other systems, not tried by us:'
    for tool in dnf pacman apk brew; do
      ! command -v $tool >/dev/null 2>&1 || sed -n "/^<!-- packages -->/,/^Fedora/s/^    \\($tool .*\\)/  \\1/p" "$root/docs/installing.md"
    done
    command -v cmake >/dev/null 2>&1 || die "cmake is missing.
$requirements"
    return 0
  fi
  missing=
  sundials_missing=
  for wanted in $1; do
    if is_there "$wanted"; then
      continue
    elif [ "$wanted" = libsundials-dev ]; then
      sundials_missing=1
    else
      package=${wanted%%[=|]*}
      missing="$missing${missing:+ }$package"
    fi
  done
  [ -z "$missing" ] || install_packages "$missing"
  [ -z "$sundials_missing" ] || unpack_sundials || install_packages libsundials-dev
}

# One compiler process takes up to about 1.7 GB.
jobs() {
  cores=$(nproc 2>/dev/null || echo 1)
  processes=$(awk '/^MemTotal/ { print int($2 / 1700000) }' /proc/meminfo 2>/dev/null)
  [ "${processes:-0}" -ge 1 ] || processes=1
  [ "$cores" -le "$processes" ] && echo "$cores" || echo "$processes"
}

# $@: options for CMake. A build folder that exists keeps its generator.
configure() {
  mkdir -p "$build_dir"
  [ -f "$build_dir/CMakeCache.txt" ] || ! command -v ninja >/dev/null 2>&1 || set -- -G Ninja "$@"
  [ ! -d "$sundials_dir/usr" ] || set -- "-DCMAKE_PREFIX_PATH=$sundials_dir/usr" "$@"
  # shellcheck disable=SC2086  # options, split at blanks
  cmake -S "$root" -B "$build_dir" -DCMAKE_BUILD_TYPE=Release "$@" ${MEMSPICE_CMAKE_OPTIONS:-} \
    >"$build_dir/configure.log" 2>&1 && return 0
  cat "$build_dir/configure.log" >&2
  die "CMake could not configure the build.
$requirements"
}

# $1: target
build() {
  cmake --build "$build_dir" --target "$1" --parallel "$(jobs)" || die 'the build failed'
}

# CHOLMOD calls whatever BLAS the system selects; the reference one makes large networks 10 to 20 times slower.
check_blas() {
  cholmod=$(sed -n 's/^MEMSPICE_LIBRARY_cholmod:[A-Z]*=//p' "$build_dir/CMakeCache.txt" 2>/dev/null)
  blas=$(ldd "$cholmod" 2>/dev/null | sed -n 's/.*libblas\.so[^ ]* => \([^ ]*\).*/\1/p')
  [ -n "$blas" ] || return 0
  case $(readlink -f "$blas") in *openblas* | *blis* | *mkl* | *atlas*) return 0 ;; esac
  say "warning: the selected BLAS is $(readlink -f "$blas"), not OpenBLAS: large networks will take much longer.
    Choose OpenBLAS with  update-alternatives --config libblas.so.3-$(gcc -dumpmachine 2>/dev/null || uname -m)"
}
