# caretaker_add_job(NAME): adds the sources of jobs/NAME/ to the library of all jobs.
function(caretaker_add_job name)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp)
  target_sources(caretaker_jobs PRIVATE ${sources})
endfunction()
