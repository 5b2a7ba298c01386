# The standard headers that nearly every source includes, parsed once for all of them: half of the time
# that a build takes. Off by default, so that each source is also built with what it includes itself.
option(CARETAKER_COMMON_HEADERS "Precompile the standard headers" OFF)

if(CARETAKER_COMMON_HEADERS)
  file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/common_headers.cpp CONTENT "" @ONLY)
  add_library(caretaker_common_headers OBJECT ${PROJECT_BINARY_DIR}/common_headers.cpp)
  target_link_libraries(caretaker_common_headers PRIVATE
    caretaker_settings caretaker_warnings fmt::fmt)
  target_precompile_headers(caretaker_common_headers PRIVATE
    <algorithm> <array> <chrono> <cstdint> <filesystem> <functional> <map> <memory> <optional> <set>
    <span> <string> <string_view> <utility> <variant> <vector> <fmt/format.h>)
endif()

# caretaker_use_common_headers(TARGET): for targets that link fmt.
function(caretaker_use_common_headers target)
  if(CARETAKER_COMMON_HEADERS)
    target_precompile_headers(${target} REUSE_FROM caretaker_common_headers)
  endif()
endfunction()
