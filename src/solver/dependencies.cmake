# Finds the solver libraries and defines the target memspice::solvers, which links them; those it does not find are
# in MEMSPICE_MISSING_LIBRARIES. Used by the build and, installed, by find_package(memspice): a static libmemspice
# needs them in every program.
#
# SUNDIALS 6 and 7 and SuiteSparse 5 and 7 come with different imported targets (or none), so each library is found
# by its name; SUNDIALS' own package file would also look for MPI, PETSc and hypre.
set(MEMSPICE_MISSING_LIBRARIES)
set(memspice_libraries)
foreach(library IN ITEMS sundials_ida sundials_cvode sundials_nvecserial sundials_sunlinsoldense
                         sundials_sunmatrixdense klu cholmod)
  find_library(MEMSPICE_LIBRARY_${library} ${library})
  mark_as_advanced(MEMSPICE_LIBRARY_${library})
  if(MEMSPICE_LIBRARY_${library})
    list(APPEND memspice_libraries ${MEMSPICE_LIBRARY_${library}})
  else()
    list(APPEND MEMSPICE_MISSING_LIBRARIES ${library})
  endif()
endforeach()
# Only SUNDIALS 7 has it: what its other libraries have in common.
find_library(MEMSPICE_LIBRARY_sundials_core sundials_core)
mark_as_advanced(MEMSPICE_LIBRARY_sundials_core)
if(MEMSPICE_LIBRARY_sundials_core)
  list(APPEND memspice_libraries ${MEMSPICE_LIBRARY_sundials_core})
endif()

if(NOT TARGET memspice::solvers)
  add_library(memspice::solvers INTERFACE IMPORTED)
  set_target_properties(memspice::solvers PROPERTIES INTERFACE_LINK_LIBRARIES "${memspice_libraries}")
endif()
unset(memspice_libraries)
