# Finds the solver libraries and defines the target memspice::solvers, which links them; those it does not find are
# in MEMSPICE_MISSING_LIBRARIES. Used by the build and, installed, by find_package(memspice): a static libmemspice
# needs them in every program.
#
# SUNDIALS 6 and 7 and SuiteSparse 5 and 7 come with different imported targets (or none), so each library is found
# by its name; SUNDIALS' own package file would also look for MPI, PETSc and hypre.
set(MEMSPICE_MISSING_LIBRARIES)
find_path(MEMSPICE_SUNDIALS_INCLUDE_DIR ida/ida.h)
mark_as_advanced(MEMSPICE_SUNDIALS_INCLUDE_DIR)
# From version 7 on, a SUNDIALS built with MPI (Debian 13's) includes mpi.h everywhere, and its libraries need libmpi.
set(MEMSPICE_SUNDIALS_USES_MPI FALSE)
set(memspice_config ${MEMSPICE_SUNDIALS_INCLUDE_DIR}/sundials/sundials_config.h)
if(EXISTS ${memspice_config})
  file(STRINGS ${memspice_config} memspice_config_lines
       REGEX "#define (SUNDIALS_MPI_ENABLED 1|SUNDIALS_VERSION_MAJOR)")
  if("${memspice_config_lines}" MATCHES "MPI_ENABLED" AND NOT "${memspice_config_lines}" MATCHES "MAJOR [0-6];")
    set(MEMSPICE_SUNDIALS_USES_MPI TRUE)
  endif()
endif()

set(memspice_libraries ${CMAKE_DL_LIBS})
foreach(library IN ITEMS sundials_ida sundials_cvode sundials_nvecserial sundials_sunlinsoldense
                         sundials_sunmatrixdense sundials_core klu)
  set(memspice_names ${library})
  # SUNDIALS' shared libraries would load MPI at every start; see no_mpi.cpp.
  if(MEMSPICE_SUNDIALS_USES_MPI AND library MATCHES sundials AND NOT MEMSPICE_SHARED)
    set(memspice_names ${CMAKE_STATIC_LIBRARY_PREFIX}${library}${CMAKE_STATIC_LIBRARY_SUFFIX} ${library})
  endif()
  find_library(MEMSPICE_LIBRARY_${library} NAMES ${memspice_names})
  mark_as_advanced(MEMSPICE_LIBRARY_${library})
  if(MEMSPICE_LIBRARY_${library})
    list(APPEND memspice_libraries ${MEMSPICE_LIBRARY_${library}})
  elseif(NOT library STREQUAL sundials_core) # new in SUNDIALS 7
    list(APPEND MEMSPICE_MISSING_LIBRARIES ${library})
  endif()
endforeach()
if(MEMSPICE_LIBRARY_sundials_core MATCHES "\\${CMAKE_STATIC_LIBRARY_SUFFIX}$")
  find_library(MEMSPICE_LIBRARY_mpi mpi)
  mark_as_advanced(MEMSPICE_LIBRARY_mpi)
  if(MEMSPICE_LIBRARY_mpi)
    list(APPEND memspice_libraries m "-Wl,--push-state,--as-needed,${MEMSPICE_LIBRARY_mpi},--pop-state")
  else()
    list(APPEND MEMSPICE_MISSING_LIBRARIES mpi)
  endif()
endif()

# The shared library of KLU brings four others, and every start would load them: where there are archives, and these
# need nothing else (OpenMP, say), they are linked instead.
if(NOT MEMSPICE_SHARED)
  set(memspice_archives)
  foreach(library IN ITEMS klu amd colamd btf suitesparseconfig)
    find_library(MEMSPICE_ARCHIVE_${library} NAMES ${CMAKE_STATIC_LIBRARY_PREFIX}${library}${CMAKE_STATIC_LIBRARY_SUFFIX})
    mark_as_advanced(MEMSPICE_ARCHIVE_${library})
    list(APPEND memspice_archives ${MEMSPICE_ARCHIVE_${library}})
  endforeach()
  if(NOT "${memspice_archives}" MATCHES "NOTFOUND")
    include(CheckCXXSourceCompiles)
    include(CMakePushCheckState)
    cmake_push_check_state(RESET)
    set(CMAKE_REQUIRED_LIBRARIES ${memspice_archives} m)
    check_cxx_source_compiles(
      "extern \"C\" void* klu_analyze(int, int*, int*, void*);
       int main() { return klu_analyze(0, nullptr, nullptr, nullptr) != nullptr; }"
      MEMSPICE_KLU_ARCHIVES_SUFFICE)
    cmake_pop_check_state()
    if(MEMSPICE_KLU_ARCHIVES_SUFFICE)
      list(REMOVE_ITEM memspice_libraries ${MEMSPICE_LIBRARY_klu})
      list(APPEND memspice_libraries ${memspice_archives} m)
    endif()
  endif()
  unset(memspice_archives)
endif()

if(NOT TARGET memspice::solvers)
  add_library(memspice::solvers INTERFACE IMPORTED)
  set_target_properties(memspice::solvers PROPERTIES INTERFACE_LINK_LIBRARIES "${memspice_libraries}")
endif()
unset(memspice_libraries)
unset(memspice_names)
unset(memspice_config)
unset(memspice_config_lines)
