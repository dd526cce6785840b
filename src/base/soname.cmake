# The name by which programs load a shared library, libcholmod.so.3 say, which a system without its development package
# has, too; the library's path where it says none.
function(memspice_soname variable library)
  set(name ${library})
  if(CMAKE_READELF)
    execute_process(COMMAND ${CMAKE_READELF} -d ${library} OUTPUT_VARIABLE dynamic ERROR_QUIET)
    if(dynamic MATCHES "\\(SONAME\\)[^[]*\\[([^]]+)\\]")
      set(name ${CMAKE_MATCH_1})
    endif()
  endif()
  set(${variable} ${name} PARENT_SCOPE)
endfunction()
