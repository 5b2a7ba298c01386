// SPDX-License-Identifier: Apache-2.0
// Faults of the sandbox's HTTP services, read from and written to their one-line form.
#include "tests/sandbox/served_fault.hpp"

#include "common/base/error.hpp"
#include "common/text/glob.hpp"
#include "tests/sandbox/request_target.hpp"
#include "tests/support/served_stream.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

namespace caretaker::sandbox {

namespace {

struct KindInfo {
    ServedFaultKind kind{};
    std::string_view name{};
    std::string_view key{};  // its own, beside the common ones
    bool is_key_needed = false;
};

constexpr std::array kinds{
    KindInfo{ServedFaultKind::status, "status", "code", true},
    KindInfo{ServedFaultKind::delay, "delay", "ms", true},
    KindInfo{ServedFaultKind::half, "half"},
    KindInfo{ServedFaultKind::stall, "stall"},
    KindInfo{ServedFaultKind::drip, "drip"},
    KindInfo{ServedFaultKind::hang, "hang"},
    KindInfo{ServedFaultKind::reset, "reset"},
    KindInfo{ServedFaultKind::close, "close"},
    KindInfo{ServedFaultKind::garbage, "garbage"},
    KindInfo{ServedFaultKind::huge, "huge", "mib", false},
    KindInfo{ServedFaultKind::lost, "lost"},
    KindInfo{ServedFaultKind::event, "event", "name", true},
};

constexpr std::array methods{HttpMethod::get,
                             HttpMethod::head,
                             HttpMethod::post,
                             HttpMethod::put,
                             HttpMethod::patch,
                             HttpMethod::del};

constexpr std::string_view common_keys = "path, method, text, after, times";

[[noreturn]] void refuse(std::string_view spec, const std::string& why) {
    throw UsageError(fmt::format("reading the fault '{}': {}", spec, why));
}

std::string encode(std::string_view text) {
    std::string encoded;
    for (const char letter : text) {
        if (letter == '%' || letter == ',' || static_cast<unsigned char>(letter) < 0x20) {
            encoded += fmt::format("%{:02X}", static_cast<unsigned char>(letter));
        } else {
            encoded += letter;
        }
    }
    return encoded;
}

std::uint32_t parse_number(std::string_view spec, std::string_view key, std::string_view text) {
    std::uint32_t number{};
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failed != std::errc{} || end != text.data() + text.size()) {
        refuse(spec,
               fmt::format("{}={} is not a whole number from 0 to {}",
                           key,
                           text,
                           std::numeric_limits<std::uint32_t>::max()));
    }
    return number;
}

HttpMethod parse_method(std::string_view spec, std::string_view text) {
    const auto found =
        std::ranges::find_if(methods, [&](HttpMethod method) { return to_string(method) == text; });
    if (found == methods.end()) {
        refuse(spec, fmt::format("there is no method '{}'; write GET, PUT, DELETE, …", text));
    }
    return *found;
}

int parse_status(std::string_view spec, std::string_view text) {
    const std::uint32_t code = parse_number(spec, "code", text);
    if (code < 200 || code > 599) {
        refuse(spec, fmt::format("code={} is no status from 200 to 599", code));
    }
    return static_cast<int>(code);
}

void set_field(ServedFault& fault,
               std::string_view spec,
               std::string_view key,
               std::string_view value) {
    if (key == "path") {
        fault.path = percent_decode(value);
    } else if (key == "method") {
        fault.method = parse_method(spec, value);
    } else if (key == "text") {
        fault.text = percent_decode(value);
    } else if (key == "after") {
        fault.after = parse_number(spec, key, value);
    } else if (key == "times") {
        fault.times = parse_number(spec, key, value);
    } else if (key == "code") {
        fault.code = parse_status(spec, value);
    } else if (key == "body") {
        fault.body = percent_decode(value);
    } else if (key == "ms") {
        fault.delay = std::chrono::milliseconds(parse_number(spec, key, value));
    } else if (key == "mib") {
        fault.mib = parse_number(spec, key, value);
    } else {
        fault.name = percent_decode(value);
    }
}

const KindInfo& parse_kind(std::string_view spec, std::string_view name) {
    const auto* const found = std::ranges::find(kinds, name, &KindInfo::name);
    if (found == kinds.end()) {
        std::vector<std::string_view> names;
        for (const auto& info : kinds) {
            names.push_back(info.name);
        }
        refuse(spec,
               fmt::format("there is no fault '{}'; known: {}", name, fmt::join(names, ", ")));
    }
    return *found;
}

bool is_key_of(const KindInfo& kind, std::string_view key) {
    constexpr std::array<std::string_view, 5> everywhere{
        "path", "method", "text", "after", "times"};
    return key == kind.key || (kind.kind == ServedFaultKind::status && key == "body") ||
           std::ranges::find(everywhere, key) != everywhere.end();
}

bool matches(const ServedFault& fault, const HttpRequest& request) {
    return glob_match(fault.path, request.url) &&
           (!fault.method || *fault.method == request.method) &&
           request.body.find(fault.text) != std::string::npos;
}

bool is_beside_others(ServedFaultKind kind) {
    return kind == ServedFaultKind::delay || kind == ServedFaultKind::event;
}

/// Blanks before a JSON document belong to it, so that only its size is wrong.
ServedAnswer make_huge(ServedAnswer answer, std::uint32_t mib) {
    answer.stream = [mib, inner = answer.stream, body = answer.body](ServedStream& stream) {
        const std::string blanks(std::size_t{1} << 20U, ' ');
        for (std::uint32_t i = 0; i < mib && stream.write(blanks); ++i) {
        }
        inner ? inner(stream) : static_cast<void>(stream.write(body));
    };
    return answer;
}

}  // namespace

ServedFault parse_served_fault(std::string_view spec) {
    const auto colon = std::min(spec.find(':'), spec.size());
    const KindInfo& kind = parse_kind(spec, spec.substr(0, colon));
    ServedFault fault{.kind = kind.kind};
    bool has_key = false;
    for (const std::string_view field :
         split_text(spec.substr(std::min(colon + 1, spec.size())), ',')) {
        const auto equals = field.find('=');
        const std::string_view key = field.substr(0, equals);
        if (equals == std::string_view::npos || !is_key_of(kind, key)) {
            refuse(spec,
                   fmt::format("'{}' takes KEY=VALUE with the keys {}{}{}{}",
                               kind.name,
                               kind.key,
                               kind.key.empty() ? "" : ", ",
                               kind.kind == ServedFaultKind::status ? "body, " : "",
                               common_keys));
        }
        set_field(fault, spec, key, field.substr(equals + 1));
        has_key = has_key || key == kind.key;
    }
    if (kind.is_key_needed && !has_key) {
        refuse(spec, fmt::format("'{}' needs {}=", kind.name, kind.key));
    }
    return fault;
}

std::string format_served_fault(const ServedFault& fault) {
    const KindInfo& kind = *std::ranges::find(kinds, fault.kind, &KindInfo::kind);
    std::vector<std::string> fields;
    if (kind.key == "code") {
        fields.push_back(fmt::format("code={}", fault.code));
    } else if (kind.key == "ms") {
        fields.push_back(fmt::format("ms={}", fault.delay.count()));
    } else if (kind.key == "mib") {
        fields.push_back(fmt::format("mib={}", fault.mib));
    } else if (kind.key == "name") {
        fields.push_back(fmt::format("name={}", encode(fault.name)));
    }
    if (!fault.body.empty()) {
        fields.push_back(fmt::format("body={}", encode(fault.body)));
    }
    if (fault.path != "*") {
        fields.push_back(fmt::format("path={}", encode(fault.path)));
    }
    if (fault.method) {
        fields.push_back(fmt::format("method={}", to_string(*fault.method)));
    }
    if (!fault.text.empty()) {
        fields.push_back(fmt::format("text={}", encode(fault.text)));
    }
    if (fault.after > 0) {
        fields.push_back(fmt::format("after={}", fault.after));
    }
    if (fault.times) {
        fields.push_back(fmt::format("times={}", *fault.times));
    }
    return fields.empty() ? std::string(kind.name)
                          : fmt::format("{}:{}", kind.name, fmt::join(fields, ","));
}

std::vector<ServedFault> ServedFaults::take(const HttpRequest& request) {
    std::vector<ServedFault> taken;
    bool is_spoilt = false;
    for (auto fault = faults_.rbegin(); fault != faults_.rend(); ++fault) {
        if (fault->times == 0U || !matches(*fault, request) ||
            (is_spoilt && !is_beside_others(fault->kind))) {
            continue;
        }
        if (fault->after > 0) {
            --fault->after;
            continue;
        }
        if (fault->times) {
            --*fault->times;
        }
        is_spoilt = is_spoilt || !is_beside_others(fault->kind);
        taken.push_back(*fault);
    }
    return taken;
}

ServedAnswer apply_served_fault(const ServedFault& fault, ServedAnswer answer) {
    switch (fault.kind) {
        case ServedFaultKind::status:
            return {.status = fault.code,
                    .headers = {{"Content-Type", "text/plain; charset=utf-8"}},
                    .body = fault.body,
                    .delay = answer.delay};
        case ServedFaultKind::delay:
            answer.delay += fault.delay;
            break;
        case ServedFaultKind::half:
            answer.conduct = ServerConduct::half_body;
            break;
        case ServedFaultKind::stall:
            answer.conduct = ServerConduct::stall;
            break;
        case ServedFaultKind::drip:
            answer.conduct = ServerConduct::drip;
            break;
        case ServedFaultKind::hang:
            answer.conduct = ServerConduct::hang;
            break;
        case ServedFaultKind::reset:
            answer.conduct = ServerConduct::reset;
            break;
        case ServedFaultKind::close:
        case ServedFaultKind::lost:
            answer.conduct = ServerConduct::close;
            break;
        case ServedFaultKind::garbage:
            answer.conduct = ServerConduct::garbage;
            break;
        case ServedFaultKind::huge:
            return make_huge(std::move(answer), fault.mib);
        case ServedFaultKind::event:
            break;
    }
    return answer;
}

bool is_before_service(ServedFaultKind kind) {
    return kind == ServedFaultKind::status || kind == ServedFaultKind::hang ||
           kind == ServedFaultKind::reset || kind == ServedFaultKind::close;
}

std::string_view served_fault_help() {
    return R"(FAULTS OF HTTP SERVICES
  A fault is KIND or KIND:KEY=VALUE,KEY=VALUE…  In values %XX stands for a byte (%2C for a comma).
  Every kind takes path= (a glob for path and query), method=, text= (found in the request's body),
  after=N (leaves the first N requests alone) and times=N (ends after N requests).

  status   answer so instead                   code [body]
  delay    answer ms later                     ms
  half     close in the middle of the body
  stall    fall silent in the middle of the body
  drip     a byte of the body every 20 ms
  hang     never answer
  reset    reset the connection
  close    close the connection
  garbage  the body without status and headers
  huge     that many MiB before the body       [mib]
  lost     do what is asked, then close
  event    first let something happen          name

  mesos fault status:code=403,path=*/slaves*
  mesos fault event:name=leader-1,path=*/slaves*,times=1
  marathon fault lost:method=PUT,times=1
)";
}

}  // namespace caretaker::sandbox
