// SPDX-License-Identifier: Apache-2.0
// Configurations of tmpfiles, tmpreaper and docker-gc.
#include "common/config/yaml_file.hpp"
#include "jobs/cleanup/import_docker_gc_model.hpp"
#include "jobs/cleanup/import_tmpfiles_model.hpp"
#include "jobs/cleanup/import_tmpreaper_model.hpp"
#include "tests/fuzz/fuzz_input.hpp"

#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace caretaker;
    const std::string_view text = fuzz::as_text(data, size);
    for (const ImportedRules& imported : {import_tmpfiles(text), import_tmpreaper(text)}) {
        for (const ImportedRule& rule : imported.rules) {
            fuzz::require(!rule.name.empty() && !rule.roots.empty() && !rule.older_than.empty(),
                          "a rule is complete");
        }
        parse_yaml_settings(format_imported_rules(imported, "a file"), "imported.yml");
    }
    for (const char* origin : {"images", "containers"}) {
        parse_yaml_settings(format_imported_docker_rules(import_docker_gc(text, origin), origin),
                            "imported.yml");
    }
    return 0;
}
