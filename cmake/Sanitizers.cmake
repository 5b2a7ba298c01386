# CARETAKER_SANITIZE is a list for -fsanitize=, e.g. "address,undefined" or "thread".
set(CARETAKER_SANITIZE "" CACHE STRING "Sanitizers to build with")
if(CARETAKER_SANITIZE)
  target_compile_options(caretaker_settings INTERFACE
    -fsanitize=${CARETAKER_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(caretaker_settings INTERFACE -fsanitize=${CARETAKER_SANITIZE})
  if(CARETAKER_SANITIZE STREQUAL "thread" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # g++ 12 loses sight of std::optional behind ThreadSanitizer's calls and takes it for uninitialised.
    target_compile_options(caretaker_settings INTERFACE -Wno-maybe-uninitialized)
  endif()
endif()

option(CARETAKER_COVERAGE "Instrument for gcov" OFF)
if(CARETAKER_COVERAGE)
  target_compile_options(caretaker_settings INTERFACE --coverage -O0)
  target_link_options(caretaker_settings INTERFACE --coverage)
endif()

# Coverage for libFuzzer, which is clang's; the targets of tests/fuzz link its driver.
option(CARETAKER_FUZZ "Build the fuzz targets for libFuzzer" OFF)
if(CARETAKER_FUZZ)
  # RapidJSON 1.1 adds to the null pointer of a stack that is still empty, which clang sees.
  target_compile_options(caretaker_settings INTERFACE
    -fsanitize=fuzzer-no-link -fno-sanitize=pointer-overflow)
  target_link_options(caretaker_settings INTERFACE -fsanitize=fuzzer-no-link)
endif()
