# Finds CHOLMOD's shared library and the name by which the program loads it when it first needs it (cholmod.hpp): empty
# where it is to do without.
set(MEMSPICE_CHOLMOD_LIBRARY)
if(NOT MEMSPICE_CHOLMOD)
  return()
endif()
find_library(MEMSPICE_LIBRARY_cholmod NAMES ${CMAKE_SHARED_LIBRARY_PREFIX}cholmod${CMAKE_SHARED_LIBRARY_SUFFIX})
mark_as_advanced(MEMSPICE_LIBRARY_cholmod)
if(NOT MEMSPICE_LIBRARY_cholmod)
  list(APPEND MEMSPICE_MISSING_LIBRARIES cholmod)
  return()
endif()
memspice_soname(MEMSPICE_CHOLMOD_LIBRARY ${MEMSPICE_LIBRARY_cholmod})
# A wheel brings the library along, behind one beside the extension module that it is needed by (src/python).
if(MEMSPICE_PYTHON AND MEMSPICE_WHEEL)
  set(MEMSPICE_CHOLMOD_LIBRARY ${CMAKE_SHARED_LIBRARY_PREFIX}memspice_cholmod${CMAKE_SHARED_LIBRARY_SUFFIX})
endif()
