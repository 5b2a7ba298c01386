// SPDX-License-Identifier: Apache-2.0
#include "jobs/kibana/provision_report.hpp"

#include "common/base/table_columns.hpp"
#include "jobs/kibana/provision_findings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>

namespace caretaker {

namespace {

constexpr std::array all_steps{ObjectStep::create,
                               ObjectStep::update,
                               ObjectStep::overwrite,
                               ObjectStep::drift,
                               ObjectStep::same};

std::int64_t count(const ProvisionOutcome& outcome, ObjectStep step) {
    return std::ranges::count(outcome.objects, step, &ProvisionedObject::step);
}

bool has_failed(const ProvisionedObject& one) {
    return one.result && one.result->state != ActionState::done;
}

std::string summarise(const ProvisionOutcome& outcome) {
    if (!outcome.is_known) {
        return fmt::format("{} into {}: nothing is known yet", outcome.bundle, outcome.place);
    }
    std::string text = fmt::format("{} into {}: ", outcome.bundle, outcome.place);
    bool is_first = true;
    for (const ObjectStep step : all_steps) {
        const std::int64_t number = count(outcome, step);
        if (number > 0) {
            text += fmt::format("{}{} {}", is_first ? "" : ", ", to_string(step), number);
            is_first = false;
        }
    }
    if (const auto failed = std::ranges::count_if(outcome.objects, has_failed); failed > 0) {
        text += fmt::format("; {} failed", failed);
    }
    return text;
}

void add_findings(const ProvisionOutcome& outcome, Report& report) {
    for (const ProvisionedObject& one : outcome.objects) {
        const std::string name = describe_object(*one.object);
        const std::string subject = fmt::format("{} {}", outcome.place, name);
        if (one.step == ObjectStep::drift) {
            report.findings.push_back(
                {.code = std::string(drift_code),
                 .subject = subject,
                 .message = fmt::format("{} in {} is not as the bundle has it, and it was not this "
                                        "that wrote it so; it was left alone. Take the change over "
                                        "into the bundle, or put it back by --on-drift overwrite",
                                        name,
                                        outcome.place),
                 .severity = Severity::warn});
        }
        if (!one.pattern_trouble.empty()) {
            report.findings.push_back(
                {.code = std::string(empty_pattern_code),
                 .subject = subject,
                 .message = fmt::format(
                     "{} in {} shows nothing: {}", name, outcome.place, one.pattern_trouble),
                 .severity = Severity::warn});
        }
    }
}

}  // namespace

std::string_view to_string(ObjectStep step) {
    constexpr std::array<std::string_view, 5> words{
        "create", "same", "update", "drift", "overwrite"};
    return words.at(static_cast<std::size_t>(step));
}

bool is_write(ObjectStep step) {
    return step != ObjectStep::same && step != ObjectStep::drift;
}

std::string describe_object(const BundleObject& object) {
    return fmt::format("{}/{}", object.type, object.id);
}

Report report_provisioning(const ProvisionOutcome& outcome) {
    Report report{.summary = summarise(outcome),
                  .table = {.columns = {text_column("type", "TYPE"),
                                        text_column("id", "ID"),
                                        text_column("step", "STEP"),
                                        text_column("state", "STATE"),
                                        text_column("error", "ERROR")}},
                  .looked_at =
                      [place = outcome.place, is_known = outcome.is_known](const Finding& finding) {
                          return is_known && is_about_provisioning(finding) &&
                                 finding.subject.starts_with(place + " ");
                      },
                  .items_seen = static_cast<std::int64_t>(outcome.objects.size())};
    for (const ProvisionedObject& one : outcome.objects) {
        report.table.rows.push_back(
            {one.object->type,
             one.object->id,
             outcome.is_known ? Cell(std::string(to_string(one.step))) : Cell(),
             one.result ? Cell(std::string(to_string(one.result->state))) : Cell(),
             one.result ? non_empty(one.result->error) : Cell()});
        report.items_failed += has_failed(one) ? 1 : 0;
    }
    if (outcome.is_known) {
        add_findings(outcome, report);
        for (const ObjectStep step : all_steps) {
            report.metrics.push_back({.name = fmt::format("provision.{}", to_string(step)),
                                      .kind = MetricKind::counter,
                                      .value = static_cast<double>(count(outcome, step))});
        }
    }
    return report;
}

}  // namespace caretaker
