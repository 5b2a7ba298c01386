// SPDX-License-Identifier: Apache-2.0
// Files of a bundle, and the fields of which a template is made.
#include "common/base/error.hpp"
#include "common/json/json_document.hpp"
#include "common/json/json_error.hpp"
#include "jobs/kibana/provision_bundle.hpp"
#include "jobs/kibana/provision_import_model.hpp"
#include "jobs/kibana/provision_template_model.hpp"
#include "tests/fuzz/fuzz_input.hpp"

#include <string>

namespace {

/// Reads what `read` is meant for; another shape is an error of usage or of JSON, never more.
template <typename Read>
void try_to(const Read& read) {
    try {
        read();
    } catch (const caretaker::UsageError&) {
    } catch (const caretaker::JsonError&) {
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace caretaker;
    const std::string_view text = fuzz::as_text(data, size);
    parse_dashboards_version(text);
    try_to([&] { fill_in(text, {{"team", "a\"ds"}}, "bundle.json"); });
    try_to([&] { parse_bundle_manifest(text, "bundle.json"); });
    try_to([&] {
        const auto object = parse_bundle_object(text, "export.ndjson:1");
        if (object) {  // what is sent is the same object
            const auto again = parse_bundle_object(object->json, "what is sent");
            fuzz::require(again && again->form == object->form, "the same form");
        }
    });
    try_to([&] {
        const JsonDocument document = JsonDocument::parse(text, "answer");
        try_to([&] { read_import_answer(document.root(), 1); });
        try_to([&] {
            const LogFields fields = read_log_fields(document.root());
            fuzz::require(!make_template_bundle("logs", "logs-*", fields).objects.empty(),
                          "a template has objects");
        });
    });
    return 0;
}
