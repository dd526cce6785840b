# Installs memspice into an empty prefix, then configures, builds and runs another project that finds it there.
function(run)
  execute_process(COMMAND ${ARGV} RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
  message("${output}")
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "'${ARGV}' failed: ${result}")
  endif()
endfunction()

# Where the build found its libraries, for example SUNDIALS in its own folder (scripts/setup.sh).
list(JOIN libraries ":" libraries)
set(ENV{CMAKE_PREFIX_PATH} "${libraries}:$ENV{CMAKE_PREFIX_PATH}")
file(REMOVE_RECURSE ${work_dir})
set(prefix ${work_dir}/prefix)
run(${CMAKE_COMMAND} --install ${memspice_build} --prefix ${prefix})
run(${CMAKE_COMMAND} -S ${source_dir} -B ${work_dir}/build -G ${generator} -D CMAKE_PREFIX_PATH=${prefix}
    -D CMAKE_CXX_COMPILER=${compiler} -D CMAKE_CXX_FLAGS=${flags})
run(${CMAKE_COMMAND} --build ${work_dir}/build)
foreach(example IN ITEMS read_a_deck build_in_code parameter_sweep step_by_step save_and_restore own_device)
  run(${work_dir}/build/${example})
endforeach()
run(${prefix}/bin/memspice --version)
