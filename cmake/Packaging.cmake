# What `cmake --install` puts where. The packages themselves come with a later release.
include(GNUInstallDirs)
install(TARGETS caretaker RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES README.md CHANGELOG.md LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs/schema DESTINATION ${CMAKE_INSTALL_DOCDIR} FILES_MATCHING PATTERN "*.json")
install(DIRECTORY schedules/ DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples/schedules
        FILES_MATCHING PATTERN "*.json")
install(DIRECTORY ${PROJECT_BINARY_DIR}/generated/man1 DESTINATION ${CMAKE_INSTALL_MANDIR})
install(FILES ${PROJECT_BINARY_DIR}/generated/caretaker.bash
        DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME caretaker)
install(FILES ${PROJECT_BINARY_DIR}/generated/_caretaker DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
install(FILES ${PROJECT_BINARY_DIR}/generated/caretaker.fish
        DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
