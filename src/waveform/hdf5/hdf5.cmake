# HDF5 files (.h5) are written where libhdf5 is found; the program loads it when one is asked for. Sets the name to load,
# empty where there is none, and the source that stands for the others then.
set(MEMSPICE_HDF5_LIBRARY)
set(MEMSPICE_HDF5_LEFT_OUT calls|hdf5_sink)
if(NOT MEMSPICE_HDF5)
  return()
endif()
find_path(MEMSPICE_HDF5_INCLUDE_DIR hdf5.h PATH_SUFFIXES hdf5/serial)
find_library(MEMSPICE_HDF5_FILE NAMES hdf5_serial hdf5)
mark_as_advanced(MEMSPICE_HDF5_INCLUDE_DIR MEMSPICE_HDF5_FILE)
if(MEMSPICE_HDF5_INCLUDE_DIR AND MEMSPICE_HDF5_FILE)
  memspice_soname(MEMSPICE_HDF5_LIBRARY ${MEMSPICE_HDF5_FILE})
  set(MEMSPICE_HDF5_LEFT_OUT no_hdf5)
endif()
