# caretaker_add_tests(LEVEL FOLDER [USES target...] [TIMEOUT seconds] [SERIAL])
#
# One GoogleTest program for all *_test.cpp of tests/LEVEL/FOLDER, its tests labelled LEVEL in CTest.
include(GoogleTest)

function(caretaker_add_tests level folder)
  cmake_parse_arguments(arg "SERIAL" "TIMEOUT" "USES" ${ARGN})
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 60)
  endif()
  set(program ${level})
  if(NOT folder STREQUAL ".")
    string(REPLACE "/" "_" suffix ${folder})
    set(program ${level}_${suffix})
  endif()
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/*.cpp)
  if(NOT sources)
    return()
  endif()
  add_executable(${program} ${sources})
  target_link_libraries(${program} PRIVATE
    caretaker_settings caretaker_warnings caretaker_test_support ${arg_USES}
    fmt::fmt GTest::gtest_main)
  caretaker_use_test_headers(${program})
  target_compile_definitions(${program} PRIVATE
    CARETAKER_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
    CARETAKER_BINARY="$<TARGET_FILE:caretaker>"
    CARETAKER_SANDBOX="$<TARGET_FILE:caretaker-sandbox>"
    CARETAKER_TESTJOB="$<TARGET_FILE:caretaker-testjob>")
  set(properties LABELS ${level} TIMEOUT ${arg_TIMEOUT})
  if(arg_SERIAL)
    list(APPEND properties RUN_SERIAL ON)
  endif()
  gtest_discover_tests(${program}
    DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60 TEST_PREFIX "${level}." PROPERTIES ${properties})
endfunction()
