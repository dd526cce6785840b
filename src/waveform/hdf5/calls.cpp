#include "waveform/hdf5/calls.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include <memspice/error.hpp>
#include <new>

namespace memspice {
namespace {

/// What comes along with libhdf5 crashes where its start finds no memory.
void need_room() {
  constexpr std::size_t room = 4 << 20;
  ::operator delete(::operator new(room));
}

Hdf5Calls load_hdf5() {
  need_room();
  void* const library = dlopen(MEMSPICE_HDF5_LIBRARY, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr)
    throw FileError(
        fmt::format("HDF5 files need a library that cannot be loaded: {}\n  try: install it (on "
                    "Debian: apt-get install libhdf5-dev), or write .raw or .csv",
                    dlerror()));
  const auto find = [&](const char* name) {
    void* const found = dlsym(library, name);
    if (found == nullptr) throw FileError(fmt::format("{} has no {}", MEMSPICE_HDF5_LIBRARY, name));
    return found;
  };
  Hdf5Calls calls;
#define MEMSPICE_FIND(name) calls.name = reinterpret_cast<decltype(calls.name)>(find(#name));
  MEMSPICE_HDF5_CALLS(MEMSPICE_FIND)
#undef MEMSPICE_FIND
  need_room();
  // At the program's end it would close what could not be written, and crashes there (1.10.8, a full disk).
  calls.H5dont_atexit();
  if (calls.H5open() < 0) throw FileError(fmt::format("{} does not start", MEMSPICE_HDF5_LIBRARY));
  calls.H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);  // it would print its errors
  calls.number = *static_cast<hid_t*>(find("H5T_NATIVE_DOUBLE_g"));
  calls.characters = *static_cast<hid_t*>(find("H5T_C_S1_g"));
  calls.creation = *static_cast<hid_t*>(find("H5P_CLS_DATASET_CREATE_ID_g"));
  return calls;
}

}  // namespace

const Hdf5Calls& hdf5_calls() {
  static const Hdf5Calls calls = load_hdf5();
  return calls;
}

}  // namespace memspice
