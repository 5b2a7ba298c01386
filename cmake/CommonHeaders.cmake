# The standard headers that nearly every source includes, parsed once for all of them, and GoogleTest with
# them for the tests: half of the time that a build takes. Off in the presets fuzz and tidy, so that each
# source is also built with what it includes itself.
option(CARETAKER_COMMON_HEADERS "Precompile the standard headers" OFF)

set(caretaker_common_header_names
  <algorithm> <array> <chrono> <cstdint> <filesystem> <functional> <map> <memory> <optional> <set>
  <span> <string> <string_view> <utility> <variant> <vector> <fmt/format.h>)

# caretaker_precompile(TARGET HEADERS header... USES target...): TARGET, whose headers others reuse.
function(caretaker_precompile target)
  cmake_parse_arguments(arg "" "" "HEADERS;USES" ${ARGN})
  file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/${target}.cpp CONTENT "" @ONLY)
  add_library(${target} OBJECT ${PROJECT_BINARY_DIR}/${target}.cpp)
  target_link_libraries(${target} PRIVATE caretaker_settings caretaker_warnings fmt::fmt ${arg_USES})
  target_precompile_headers(${target} PRIVATE ${arg_HEADERS})
endfunction()

if(CARETAKER_COMMON_HEADERS)
  caretaker_precompile(caretaker_common_headers HEADERS ${caretaker_common_header_names})
endif()

# caretaker_use_common_headers(TARGET): for targets that link fmt.
function(caretaker_use_common_headers target)
  if(CARETAKER_COMMON_HEADERS)
    target_precompile_headers(${target} REUSE_FROM caretaker_common_headers)
  endif()
endfunction()

# caretaker_use_test_headers(TARGET): for targets that link fmt and GoogleTest.
function(caretaker_use_test_headers target)
  if(CARETAKER_COMMON_HEADERS)
    if(NOT TARGET caretaker_test_headers)
      caretaker_precompile(caretaker_test_headers
        HEADERS ${caretaker_common_header_names} <gtest/gtest.h> USES GTest::gtest)
    endif()
    target_precompile_headers(${target} REUSE_FROM caretaker_test_headers)
  endif()
endfunction()
