// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/source_request.hpp"

#include "common/base/context.hpp"
#include "common/base/error.hpp"
#include "common/clients/http_settings.hpp"
#include "common/clients/mesos_master.hpp"
#include "common/options/command_options.hpp"
#include "common/text/timestamp.hpp"

#include <fmt/format.h>

#include <string_view>

namespace caretaker {

namespace {

std::string read_time(const std::string& text, std::optional<WallTime>& time) {
    time = parse_rfc3339(text);
    return time ? std::string()
                : fmt::format("'{}' is not a time; write 2026-05-04T03:15:07Z", text);
}

}  // namespace

void SourceRequest::describe(CommandOptions& command) {
    const std::string_view source = "Source (over what the target's settings say)";
    command.add("--mesos-url",
                urls_,
                "Address of a Mesos master, in place of the target's; repeatable",
                {.type = "URL", .group = source});
    command.add("--marathon-url",
                marathon_urls_,
                "Address of a Marathon, in place of the target's; repeatable",
                {.type = "URL", .group = source});
    command.add("--input",
                inputs_,
                "Read documents of a master from files, or from the *.json files of a folder; "
                "repeatable",
                {.type = "PATH", .group = source});
    command.add("--save",
                save_,
                "Write what was read to a folder, for --input; without secrets",
                {.type = "FOLDER", .group = source});
    command.add_reader(
        "--now",
        [this](const std::string& text) { return read_time(text, now_); },
        "With --input: the time to judge maintenance by; else that of the saved case",
        {.type = "TIME", .group = source});
}

void SourceRequest::configure(const Settings& settings, const std::string& target) {
    if (reads_files()) {
        if (!urls_.empty() || !marathon_urls_.empty()) {
            throw UsageError("--input beside an address: a run reads one or the other");
        }
        return;
    }
    if (now_) {
        throw UsageError("--now is for a saved case; name it by --input, or leave --now out");
    }
    mesos_ = load_http_options(settings, target, "mesos", {.name = "--mesos-url", .urls = urls_});
    if (!marathon_urls_.empty() ||
        !settings.texts(fmt::format("targets.{}.marathon.urls", target)).empty()) {
        marathon_ = load_http_options(
            settings, target, "marathon", {.name = "--marathon-url", .urls = marathon_urls_});
    }
}

std::unique_ptr<CaseWriter> SourceRequest::begin_case() const {
    return save_.empty() ? nullptr : std::make_unique<CaseWriter>(save_);
}

ClusterFacts SourceRequest::gather(OfferedResources offered,
                                   Context& context,
                                   CaseWriter* save) const {
    if (!inputs_.empty()) {
        return gather_from_files(inputs_, offered, save, context.log);
    }
    ServiceHttp http(mesos_, context);
    MesosMaster master(http);
    std::optional<ServiceHttp> marathon;
    if (marathon_) {
        marathon.emplace(*marathon_, context);
    }
    return gather_from_services(
        {.master = master, .marathon = marathon ? &*marathon : nullptr, .save = save},
        offered,
        context.clock,
        context.log);
}

ClusterFacts SourceRequest::read_books(Context& context) const {
    ServiceHttp http(mesos_, context);
    MesosMaster master(http);
    return gather_from_services(
        {.master = master}, OfferedResources::are_free, context.clock, context.log);
}

WallTime SourceRequest::judged_at(const ClusterFacts& facts, const Context& context) const {
    const bool is_known = facts.taken_at != WallTime{};
    return now_.value_or(is_known ? facts.taken_at : context.clock.now());
}

}  // namespace caretaker
