#pragma once

#include <hdf5.h>

#include <utility>

namespace memspice {

/// The functions of libhdf5 that a writer needs, under their own names: found when the library is loaded,
/// which takes longer than a small run.
struct Hdf5Calls {
#define MEMSPICE_HDF5_CALLS(call)                                                                        \
  call(H5dont_atexit) call(H5open) call(H5Eset_auto2) call(H5Fcreate) call(H5Fflush) call(H5Fclose)      \
      call(H5Gcreate2) call(H5Screate_simple) call(H5Screate) call(H5Sselect_hyperslab) call(H5Dcreate2) \
          call(H5Dset_extent) call(H5Dget_space) call(H5Dwrite) call(H5Acreate2) call(H5Aopen)           \
              call(H5Awrite) call(H5Tcopy) call(H5Tset_size) call(H5Tset_cset) call(H5Tcreate)           \
                  call(H5Tinsert) call(H5Pcreate) call(H5Pset_chunk) call(H5Pset_obj_track_times)        \
                      call(H5Idec_ref)
#define MEMSPICE_DECLARE(name) decltype(&::name) name = nullptr;
  MEMSPICE_HDF5_CALLS(MEMSPICE_DECLARE)
#undef MEMSPICE_DECLARE
  hid_t number = -1;      // the type of a double
  hid_t characters = -1;  // of a text
  hid_t creation = -1;    // the class of properties of new datasets
};

/// Loaded once. Throws FileError where the library cannot be loaded.
const Hdf5Calls& hdf5_calls();

/// Something of the library's that is released.
class Hdf5Object {
 public:
  Hdf5Object() = default;
  explicit Hdf5Object(hid_t id) : id_(id) {}
  Hdf5Object(Hdf5Object&& other) noexcept : id_(std::exchange(other.id_, -1)) {}
  Hdf5Object& operator=(Hdf5Object&& other) noexcept {
    std::swap(id_, other.id_);
    return *this;
  }
  ~Hdf5Object() { static_cast<void>(release()); }
  /// Now. Of a dataset this writes what the library still holds of it: negative where that fails.
  [[nodiscard]] int release() { return id_ < 0 ? 0 : hdf5_calls().H5Idec_ref(std::exchange(id_, -1)); }
  [[nodiscard]] hid_t id() const { return id_; }

 private:
  hid_t id_ = -1;
};

}  // namespace memspice
