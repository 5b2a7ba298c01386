# Every library comes from the distribution; nothing is downloaded while configuring.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(CLI11 REQUIRED)
find_package(CURL REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
pkg_check_modules(RDKAFKA REQUIRED IMPORTED_TARGET rdkafka)
pkg_check_modules(PCRE2 REQUIRED IMPORTED_TARGET libpcre2-8)

if(NOT TARGET yaml-cpp::yaml-cpp)  # 0.7 (Debian 12) exports the plain name
  add_library(yaml-cpp::yaml-cpp ALIAS yaml-cpp)
endif()

# libcurl is opened by the HTTP adapter when it is first needed (docs/adr/0007), so only its headers
# are used at build time.
add_library(caretaker_curl_headers INTERFACE)
target_include_directories(caretaker_curl_headers SYSTEM INTERFACE ${CURL_INCLUDE_DIRS})
target_link_libraries(caretaker_curl_headers INTERFACE ${CMAKE_DL_LIBS})
