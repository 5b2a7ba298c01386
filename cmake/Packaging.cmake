# What `cmake --install` puts where. The packages themselves come with a later release.
include(GNUInstallDirs)
install(TARGETS caretaker RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES README.md CHANGELOG.md LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY schedules/ DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples/schedules
        FILES_MATCHING PATTERN "*.json")
