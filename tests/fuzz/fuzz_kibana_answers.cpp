// SPDX-License-Identifier: Apache-2.0
// Answers of Marathon, Kibanas, proxies and search engines, and what the store kept of them.
#include "common/json/json_document.hpp"
#include "common/json/json_error.hpp"
#include "jobs/kibana/access_log_memory.hpp"
#include "jobs/kibana/access_log_model.hpp"
#include "jobs/kibana/app_definition_model.hpp"
#include "jobs/kibana/event_outbox.hpp"
#include "jobs/kibana/kibana_app.hpp"
#include "jobs/kibana/kibana_memory.hpp"
#include "jobs/kibana/kibana_status_model.hpp"
#include "jobs/kibana/proxy_signal.hpp"
#include "jobs/kibana/recycle_model.hpp"
#include "jobs/kibana/signal_memory.hpp"
#include "tests/fuzz/fuzz_input.hpp"

#include <string>

namespace {

/// Reads what `read` is meant for; another shape is an error, never more.
template <typename Read>
void try_to(const Read& read) {
    try {
        read();
    } catch (const caretaker::JsonError&) {  // the only error there may be
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace caretaker;
    const std::string_view text = fuzz::as_text(data, size);
    constexpr WallTime now{std::chrono::hours(500'000)};
    try_to([&] { decode_kibana_state(text, "/a"); });
    try_to([&] { decode_access_log(text); });
    try_to([&] { decode_status_memory(text); });
    try_to([&] { decode_saved_objects(text); });
    try_to([&] { decode_waiting_event(text); });
    try_to([&] {
        const JsonDocument document = JsonDocument::parse(text, "kibana");
        const JsonView root = document.root();
        try_to([&] {
            KibanaFacts facts{.app = read_kibana_app(root)};
            facts.labels = read_kibana_labels(facts.app.labels);
            const KibanaDecision decision = decide_kibana(facts, lengthened({}, facts.labels), now);
            fuzz::require(decision.step != KibanaStep::suspend, "nobody watched");
        });
        try_to([&] {
            const std::string body = format_app_body(root, 1);
            static_cast<void>(JsonDocument::parse(body, "what was written"));
        });
        try_to([&] { find_status_use(read_kibana_status(root), {}, {}, 1); });
        try_to([&] { read_proxy_memory(root); });
        try_to([&] { find_log_fields(root); });
        try_to([&] { find_mapped_log_fields(root); });
        try_to([&] {
            const AccessLogAnswer answer =
                read_log_answer(root, {.window = {now - std::chrono::days(14), now}}, {});
            for (const WatchSpan& span : answer.watched.all()) {
                fuzz::require(span.begin < span.end && span.end <= now, "a span in the window");
            }
        });
    });
    return 0;
}
