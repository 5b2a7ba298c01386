// SPDX-License-Identifier: Apache-2.0
// Bundles for Kibana, whose first line is bundle.json; fields of a log type; what is remembered.
#include "common/base/error.hpp"
#include "common/json/json_document.hpp"
#include "jobs/kibana/provision_bundle_model.hpp"
#include "jobs/kibana/provision_calls_model.hpp"
#include "jobs/kibana/provision_memory.hpp"
#include "jobs/kibana/provision_template_model.hpp"
#include "tests/fuzz/fuzz_input.hpp"

#include <string>
#include <vector>

namespace {

using namespace caretaker;

/// Reads what `read` is meant for; a sentence for whoever wrote it is all that may come of it.
template <typename Read>
void try_to(const Read& read) {
    try {
        read();
    } catch (const UsageError& error) {  // the only error there may be
        fuzz::require(!std::string_view(error.what()).empty(), "a refusal says why");
    }
}

void check_object(const BundleObject& object) {
    static_cast<void>(JsonDocument::parse(object.line, object.where));
    static_cast<void>(JsonDocument::parse(object.normal, object.where));
    static_cast<void>(JsonDocument::parse(format_object_body(object), object.where));
    if (fits_pattern_call(object)) {
        static_cast<void>(
            JsonDocument::parse(format_pattern_call(object, "data_view", true), object.where));
    }
}

void read_both(std::string_view manifest, std::string_view lines) {
    BundleFiles files{.manifest = {.name = "bundle.json", .text = std::string(manifest)},
                      .exported = BundleFile{.name = "export.ndjson", .text = std::string(lines)}};
    const Bundle bundle = read_bundle(files, {{"team", "ads"}});
    std::string again;
    for (const BundleObject& object : bundle.exported) {
        check_object(object);
        again += object.line + "\n";
    }
    if (again.find('$') == std::string::npos) {
        files.exported->text = again;
        const Bundle second = read_bundle(files, {{"team", "ads"}});
        fuzz::require(second.exported.size() == bundle.exported.size(), "no object is lost");
        for (std::size_t i = 0; i < second.exported.size(); ++i) {
            fuzz::require(second.exported[i].normal == bundle.exported[i].normal,
                          "what is sent is what was read");
        }
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view text = fuzz::as_text(data, size);
    const std::string all(text);
    const std::string_view manifest = fuzz::take_line(text);
    try_to([&] { read_both(manifest, text); });
    try_to([&] { read_both(R"({"name":"a","version":"1"})", all); });
    try_to([&] {
        const auto fields = read_template_fields({.name = "fields", .text = all});
        const Bundle bundle = read_bundle(make_template_bundle({"web", "web-*"}, fields), {});
        fuzz::require(bundle.exported.size() == bundle.legacy.size(), "both forms have the same");
    });
    if (const auto written = decode_written(all)) {
        fuzz::require(encode_written(*written) == all, "what is read is written so");
    }
    return 0;
}
