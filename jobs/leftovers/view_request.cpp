// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/view_request.hpp"

#include "common/options/command_options.hpp"
#include "common/text/duration.hpp"

#include <fmt/format.h>

#include <chrono>
#include <string>
#include <string_view>

namespace caretaker {

namespace {

std::string read_accepted(const std::string& word, AcceptedRoles& accepted) {
    accepted = parse_accepted_roles(word).value_or(accepted);  // of the choices
    return {};
}

std::string read_draining(const std::string& text, std::chrono::milliseconds& draining) {
    const auto duration = parse_duration(text);
    if (!duration) {
        return fmt::format("'{}' is not a duration; write 0s, 90s or 15m", text);
    }
    draining = *duration;
    return {};
}

}  // namespace

void ViewRequest::describe(CommandOptions& command) {
    const std::string_view view = "View";
    command.add("--role",
                choice_.role,
                "Whose apps the leftovers are for (default: Marathon's role, else *)",
                {.type = "ROLE", .group = view});
    command.add_reader(
        "--accept",
        [this](const std::string& word) { return read_accepted(word, choice_.accepted); },
        "Whose leftovers are summed up: any that these apps may take (default), "
        "unreserved or reserved",
        {.type = "any|unreserved|reserved",
         .group = view,
         .choices = {"any", "unreserved", "reserved"}});
    command.add_reader(
        "--accept-default",
        [this](const std::string& word) { return read_accepted(word, default_accepted_); },
        "What apps without acceptedResourceRoles take: Marathon's "
        "--accepted_resource_roles_default_behavior (default any)",
        {.type = "any|unreserved|reserved",
         .group = view,
         .choices = {"any", "unreserved", "reserved"}});
    command.add_reader(
        "--offered",
        [this](const std::string& word) {
            offered_ = word == "busy" ? OfferedResources::are_busy : OfferedResources::are_free;
            return std::string();
        },
        "What outstanding offers count as: free (default), for they come back, or busy",
        {.type = "free|busy", .group = view, .choices = {"free", "busy"}});
    command.add_flag("--no-maintenance-mode",
                     no_maintenance_mode_,
                     "Place on agents in a maintenance window, too, as Marathon does with "
                     "--disable_maintenance_mode",
                     {.group = view});
    command.add_reader(
        "--draining",
        [this](const std::string& text) { return read_draining(text, states_.draining); },
        "Marathon's --draining_seconds: so long before a window agents take nothing (default "
        "0s)",
        {.type = "DURATION", .group = view});
}

}  // namespace caretaker
