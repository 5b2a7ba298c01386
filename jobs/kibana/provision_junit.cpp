// SPDX-License-Identifier: Apache-2.0
#include "jobs/kibana/provision_junit.hpp"

#include "common/base/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <string_view>

namespace caretaker {

namespace {

/// As the value of an attribute. XML has no way to write control characters.
std::string escape_xml(std::string_view text) {
    std::string escaped;
    for (const char letter : text) {
        switch (letter) {
            case '<':
                escaped += "&lt;";
                break;
            case '>':
                escaped += "&gt;";
                break;
            case '&':
                escaped += "&amp;";
                break;
            case '"':
                escaped += "&quot;";
                break;
            default:
                escaped += static_cast<unsigned char>(letter) < ' ' ? ' ' : letter;
        }
    }
    return escaped;
}

bool has_failed(const ProvisionedObject& one) {
    return one.result && one.result->state != ActionState::done;
}

std::string format_case(const ProvisionedObject& one, const ProvisionOutcome& outcome) {
    std::string inside;
    if (has_failed(one)) {
        inside = fmt::format(R"(<failure message="{}"/>)", escape_xml(one.result->error));
    } else if (one.step == ObjectStep::drift) {
        inside = R"(<skipped message="people changed it; it was left alone"/>)";
    }
    return fmt::format("  <testcase classname=\"{}\" name=\"{}\">{}</testcase>\n",
                       escape_xml(outcome.place),
                       escape_xml(describe_object(*one.object)),
                       inside);
}

}  // namespace

std::string format_junit(const ProvisionOutcome& outcome) {
    const auto& objects = outcome.objects;
    std::string cases;
    for (const ProvisionedObject& one : objects) {
        cases += format_case(one, outcome);
    }
    if (!outcome.is_known) {
        cases = fmt::format(
            "  <testcase classname=\"{}\" name=\"kibana\"><error message=\"the run ended before "
            "it knew what is there\"/></testcase>\n",
            escape_xml(outcome.place));
    }
    return fmt::format(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<testsuite name=\"caretaker kibana provision {}\" tests=\"{}\" failures=\"{}\" "
        "errors=\"{}\" skipped=\"{}\">\n{}</testsuite>\n",
        escape_xml(outcome.bundle),
        outcome.is_known ? objects.size() : 1,
        std::ranges::count_if(objects, has_failed),
        outcome.is_known ? 0 : 1,
        std::ranges::count(objects, ObjectStep::drift, &ProvisionedObject::step),
        cases);
}

void write_junit_file(const std::string& path, const ProvisionOutcome& outcome) {
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file << format_junit(outcome) << std::flush;
    if (!file) {
        throw UsageError(fmt::format(
            "--junit: {} cannot be written: {}; name another file", path, std::strerror(errno)));
    }
}

}  // namespace caretaker
