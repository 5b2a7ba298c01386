# How everything of ours is compiled: one INTERFACE target, so that no directory-wide flag exists.
add_library(caretaker_settings INTERFACE)
target_compile_features(caretaker_settings INTERFACE cxx_std_20)
target_include_directories(caretaker_settings INTERFACE ${PROJECT_SOURCE_DIR})
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "Build type" FORCE)
endif()

option(CARETAKER_HARDENING "Fortified libc calls, stack protector, read-only relocations" OFF)
if(CARETAKER_HARDENING)
  target_compile_options(caretaker_settings INTERFACE
    -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -D_GLIBCXX_ASSERTIONS
    -fstack-protector-strong -fstack-clash-protection)
  target_link_options(caretaker_settings INTERFACE -Wl,-z,relro,-z,now,-z,noexecstack)
  set(CMAKE_POSITION_INDEPENDENT_CODE ON)
  include(CheckPIESupported)
  check_pie_supported()
endif()

option(CARETAKER_LTO "Link-time optimisation" OFF)
set(CMAKE_INTERPROCEDURAL_OPTIMIZATION ${CARETAKER_LTO})
