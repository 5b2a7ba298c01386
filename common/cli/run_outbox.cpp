// SPDX-License-Identifier: Apache-2.0
#include "common/cli/run_outbox.hpp"

#include "common/base/context.hpp"
#include "common/base/error.hpp"
#include "common/base/log.hpp"
#include "common/base/stop_signal.hpp"
#include "common/cli/bulk_documents.hpp"
#include "common/cli/world.hpp"
#include "common/clients/http_settings.hpp"
#include "common/clients/search_engine.hpp"
#include "common/config/settings.hpp"
#include "common/json/json_document.hpp"
#include "common/output/report_json.hpp"
#include "common/store/outbox_index.hpp"
#include "common/store/store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>

namespace caretaker {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds longest{3'000};
constexpr int too_many = 429;
constexpr int first_server_error = 500;
constexpr int first_error = 300;

/// "caretaker-runs-2026.11".
std::string index_of(std::string pattern, WallTime time) {
    const std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(time));
    return outbox_index(
        std::move(pattern),
        fmt::format(
            "{:04}.{:02}", static_cast<int>(day.year()), static_cast<unsigned>(day.month())));
}

void check_index(const std::string& pattern) {
    const std::string name = index_of(pattern, WallTime());
    if (name.empty() || name.find_first_of(" /?#%*\"<>|\\,") != std::string::npos ||
        std::ranges::any_of(name, [](char letter) { return letter >= 'A' && letter <= 'Z'; })) {
        throw UsageError(
            fmt::format("outbox.index: '{}' is no name of an index; write small letters, as "
                        "caretaker-runs-{{month}}",
                        pattern));
    }
}

/// One process's way to send what waits.
class OutboxSender {
 public:
    OutboxSender(ServiceHttp& http, Outbox outbox, const Context& context)
        : http_(http), outbox_(outbox), context_(context) {}

    void send_all() {
        const SteadyTime end = context_.clock.steady() + longest;
        while (context_.clock.steady() < end && !context_.stop.requested()) {
            const std::vector<WaitingDocument> due = outbox_.find_due(context_.clock.now());
            if (due.empty()) {
                return;
            }
            // Caught because nothing that happens to documents changes the run.
            try {
                settle(due, send(due));
            } catch (const StoreError&) {
                throw;
            } catch (const Error& error) {
                outbox_.postpone(due, context_.clock.now());
                tell(error.what());
                return;
            }
        }
    }

 private:
    std::vector<BulkItem> send(const std::vector<WaitingDocument>& due) {
        if (!engine_) {
            const HttpResponse response = http_.require({.url = "/"});
            engine_ = read_search_engine(
                JsonDocument::parse(response.body, "elasticsearch: GET /").root());
        }
        constexpr EngineVersion first_without_types{7, 0, 0};
        const bool has_types = engine_->family == SearchFamily::elasticsearch &&
                               engine_->version < first_without_types;
        std::vector<BulkDocument> documents;
        documents.reserve(due.size());
        for (const WaitingDocument& one : due) {
            documents.push_back(
                {.index = one.document.dest, .id = one.document.id, .body = one.document.body});
        }
        const HttpResponse response =
            http_.require({.method = HttpMethod::post,
                           .url = "/_bulk",
                           .headers = {{"Content-Type", "application/x-ndjson"}},
                           .body = format_bulk(documents, has_types),
                           .effect = HttpEffect::repeatable_change});
        return read_bulk_answer(
            JsonDocument::parse(response.body, "elasticsearch: POST /_bulk").root(), due.size());
    }

    void settle(const std::vector<WaitingDocument>& due, const std::vector<BulkItem>& items) {
        std::vector<WaitingDocument> arrived;
        std::vector<WaitingDocument> late;
        std::vector<WaitingDocument> refused;
        std::string reason;
        for (std::size_t i = 0; i < due.size(); ++i) {
            const BulkItem& item = items[i];
            const bool is_busy = item.status == too_many || item.status >= first_server_error;
            (item.status < first_error ? arrived : is_busy ? late : refused).push_back(due[i]);
            if (item.status >= first_error && reason.empty()) {
                reason = fmt::format("status {}: {}", item.status, item.reason);
            }
        }
        outbox_.remove(arrived);
        if (!late.empty()) {
            outbox_.postpone(late, context_.clock.now());
        }
        if (!refused.empty()) {
            outbox_.park(refused);
        }
        if (!reason.empty()) {
            tell(
                fmt::format("elasticsearch did not take {} documents, {} of them for good; the "
                            "first: {}",
                            late.size() + refused.size(),
                            refused.size(),
                            reason));
        }
    }

    void tell(const std::string& trouble) {
        const Outbox::Counts counts = outbox_.count();
        std::string what = counts.waiting == 1
                               ? "1 document waits for a later run"
                               : fmt::format("{} documents wait for a later run", counts.waiting);
        if (counts.parked > 0) {
            what += fmt::format(", {} will not be tried again", counts.parked);
        }
        context_.log.warning(fmt::format("outbox: {}; {}", trouble, what));
    }

    ServiceHttp& http_;
    Outbox outbox_;
    const Context& context_;
    std::optional<SearchEngine> engine_{};
};

}  // namespace

RunOutbox::RunOutbox(const Settings& settings) : settings_(settings) {
    if (settings.texts(fmt::format("{}.urls", outbox_section)).empty()) {
        return;
    }
    check_index(settings.text("outbox.index"));
    options_ = load_section_http_options(settings, outbox_section, "elasticsearch");
    options_->http.connect_timeout = std::min(options_->http.connect_timeout, longest / 2);
    options_->http.request_timeout = std::min(options_->http.request_timeout, longest);
}

std::vector<OutboxDocument> RunOutbox::make(const FinishedRun& run) const {
    std::vector<OutboxDocument> documents;
    if (is_used() && !run.info.dry_run) {
        const std::string index = index_of(settings_.text("outbox.index"), run.ended_at);
        for (RunDocument& document : make_run_documents(run)) {
            documents.push_back(
                {.dest = index, .id = std::move(document.id), .body = std::move(document.body)});
        }
    }
    return documents;
}

void RunOutbox::send(const FinishedRun& run, Store& store, World& world, Log& log) const {
    if (!is_used() || run.info.dry_run || world.stop.requested()) {
        return;
    }
    Context context{.clock = world.clock,
                    .connect = world.connect,
                    .store = &store,
                    .log = log,
                    .settings = settings_,
                    .stop = world.stop,
                    .run = run.info,
                    .deadline = world.clock.steady() + longest,
                    .progress = world.status};
    ServiceHttp http(*options_, context);
    OutboxSender(http, store.outbox(), context).send_all();
}

}  // namespace caretaker
