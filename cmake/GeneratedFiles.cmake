# Man pages and completion scripts, made by the binary as soon as it is linked, so that they cannot
# differ from it.
set(generated ${PROJECT_BINARY_DIR}/generated)
add_custom_command(TARGET caretaker POST_BUILD
  COMMAND ${CMAKE_COMMAND} -E make_directory ${generated}/man1
  COMMAND caretaker man --quiet --output none --out ${generated}/man1
  COMMAND caretaker completion bash > ${generated}/caretaker.bash
  COMMAND caretaker completion zsh > ${generated}/_caretaker
  COMMAND caretaker completion fish > ${generated}/caretaker.fish
  COMMENT "Man pages and completion scripts"
  VERBATIM)
