# The page of memspice view, in the build folder where the program finds it and in the installation. A tarball of the
# sources has it as view.html (scripts/package.sh); else what package-lock.json names is fetched by npm and bundled into
# one file. Nothing of it is kept in the repository.
set(memspice_view_page ${PROJECT_BINARY_DIR}/share/memspice/view.html)
install(FILES ${memspice_view_page} DESTINATION ${CMAKE_INSTALL_DATADIR}/memspice)
if(NOT MEMSPICE_VIEW)
  configure_file(${CMAKE_CURRENT_LIST_DIR}/view.html ${memspice_view_page} COPYONLY)
  add_custom_target(memspice_view)
  return()
endif()

find_program(MEMSPICE_NPM npm)
find_program(MEMSPICE_NODE node)
if(NOT MEMSPICE_NPM OR NOT MEMSPICE_NODE)
  message(FATAL_ERROR "MEMSPICE_VIEW needs Node.js 18 or later and npm (on Debian: apt-get install nodejs npm)")
endif()
set(memspice_view_sources page.html page.css main.js data.js layout.js network.js numbers.js pyramid.js spectrum.js waves.js
                          xy.js build.mjs package.json package-lock.json)
list(TRANSFORM memspice_view_sources PREPEND ${CMAKE_CURRENT_LIST_DIR}/)
set(memspice_view_folder ${PROJECT_BINARY_DIR}/view)
add_custom_command(
  OUTPUT ${memspice_view_folder}/node_modules/.package-lock.json
  COMMAND ${CMAKE_COMMAND} -E make_directory ${memspice_view_folder}
  COMMAND ${CMAKE_COMMAND} -E copy ${CMAKE_CURRENT_LIST_DIR}/package.json ${CMAKE_CURRENT_LIST_DIR}/package-lock.json
          ${memspice_view_folder}
  COMMAND ${CMAKE_COMMAND} -E chdir ${memspice_view_folder} ${MEMSPICE_NPM} ci --omit=dev --no-audit --no-fund --silent
  DEPENDS ${CMAKE_CURRENT_LIST_DIR}/package.json ${CMAKE_CURRENT_LIST_DIR}/package-lock.json
  COMMENT "Fetching what the page of memspice view is made with")
add_custom_command(
  OUTPUT ${memspice_view_page}
  COMMAND ${CMAKE_COMMAND} -E copy ${memspice_view_sources} ${memspice_view_folder}
  COMMAND ${CMAKE_COMMAND} -E chdir ${memspice_view_folder} ${MEMSPICE_NODE} build.mjs ${memspice_view_page}
  DEPENDS ${memspice_view_sources} ${memspice_view_folder}/node_modules/.package-lock.json
  COMMENT "Bundling the page of memspice view")
add_custom_target(memspice_view ALL DEPENDS ${memspice_view_page})
