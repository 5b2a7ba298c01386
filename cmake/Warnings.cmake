# Warnings for our own code. They are errors only where a preset says so: a packager's newer compiler
# must not break the build.
option(CARETAKER_WERROR "Treat warnings as errors" OFF)

add_library(caretaker_warnings INTERFACE)
target_compile_options(caretaker_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Wold-style-cast
  $<$<CXX_COMPILER_ID:GNU>:-Wduplicated-cond -Wlogical-op>
  $<$<BOOL:${CARETAKER_WERROR}>:-Werror>)
