# caretaker_add_layer(NAME [USES layer...] [VENDOR target...])
#
# One static library per folder of common/. USES names the layers below it, VENDOR the libraries whose
# headers stop at this layer.
function(caretaker_add_layer name)
  cmake_parse_arguments(arg "" "" "USES;VENDOR" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp)
  add_library(caretaker_${name} STATIC ${sources})
  list(TRANSFORM arg_USES PREPEND caretaker_)
  target_link_libraries(caretaker_${name}
    PUBLIC caretaker_settings ${arg_USES}
    PRIVATE caretaker_warnings ${arg_VENDOR})
  caretaker_use_common_headers(caretaker_${name})
  set_property(GLOBAL APPEND PROPERTY CARETAKER_LAYERS caretaker_${name})
endfunction()
