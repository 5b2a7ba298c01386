// SPDX-License-Identifier: Apache-2.0
// Faults of the fake Kafka cluster, read from and written to their one-line form.
#include "tests/sandbox/kafka_fault.hpp"

#include "common/base/error.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <vector>

namespace caretaker::sandbox {

namespace {

struct KindInfo {
    KafkaFaultKind kind{};
    std::string_view name{};
    std::string_view keys{};      // allowed, with a blank before and after each
    std::string_view required{};  // likewise
};

constexpr std::array kinds{
    KindInfo{KafkaFaultKind::hang, "hang", " api broker times ", ""},
    KindInfo{KafkaFaultKind::swallow, "swallow", " api broker times ", ""},
    KindInfo{KafkaFaultKind::silent, "silent", " broker ", ""},
    KindInfo{KafkaFaultKind::delay, "delay", " ms api broker times ", " ms "},
    KindInfo{KafkaFaultKind::max_version, "max-version", " api version broker ", " api version "},
    KindInfo{KafkaFaultKind::hide, "hide", " api broker ", " api "},
    KindInfo{
        KafkaFaultKind::error, "error", " code api group topic partition broker times ", " code "},
    KindInfo{KafkaFaultKind::dead, "dead", " broker ", " broker "},
    KindInfo{KafkaFaultKind::garbage, "garbage", " api broker times ", ""},
    KindInfo{KafkaFaultKind::truncated, "truncated", " api broker times ", ""},
    KindInfo{KafkaFaultKind::huge_length, "huge-length", " api broker times ", ""},
    KindInfo{KafkaFaultKind::cut, "cut", " api broker times ", ""},
    KindInfo{KafkaFaultKind::empty_null, "empty-null", " broker times ", ""},
};

// Codes for which brokers leave no doubt about the API; the others need api=.
constexpr std::array codes_with_known_apis{
    kafka_error::unknown_topic_or_partition,
    kafka_error::leader_not_available,
    kafka_error::not_leader_or_follower,
    kafka_error::coordinator_load_in_progress,
    kafka_error::coordinator_not_available,
    kafka_error::not_coordinator,
    kafka_error::topic_authorization_failed,
    kafka_error::group_authorization_failed,
    kafka_error::cluster_authorization_failed,
    kafka_error::kafka_storage_error,
    kafka_error::sasl_authentication_failed,
    kafka_error::offset_not_available,
    kafka_error::unstable_offset_commit,
};

[[noreturn]] void refuse(std::string_view spec, const std::string& why) {
    throw UsageError(fmt::format("reading the fault '{}': {}", spec, why));
}

bool has_word(std::string_view words, std::string_view word) {
    return words.find(fmt::format(" {} ", word)) != std::string_view::npos;
}

std::string decode(std::string_view spec, std::string_view text) {
    std::string decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            decoded.push_back(text[i]);
            continue;
        }
        unsigned byte = 0;
        const auto digits = text.substr(i + 1, 2);
        const auto [end, failed] =
            std::from_chars(digits.data(), digits.data() + digits.size(), byte, 16);
        if (failed != std::errc{} || digits.size() != 2 || end != digits.data() + 2) {
            refuse(spec, "after % come two hexadecimal digits; write %25 for a % sign");
        }
        decoded.push_back(static_cast<char>(byte));
        i += 2;
    }
    return decoded;
}

std::string encode(std::string_view text) {
    std::string encoded;
    for (const char letter : text) {
        if (letter == '%' || letter == ',' || static_cast<unsigned char>(letter) < 0x20) {
            encoded += fmt::format("%{:02X}", static_cast<unsigned char>(letter));
        } else {
            encoded.push_back(letter);
        }
    }
    return encoded;
}

template <typename Number>
Number parse_number(std::string_view spec, std::string_view key, std::string_view text) {
    Number number{};
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failed != std::errc{} || end != text.data() + text.size() || number < 0) {
        refuse(spec,
               fmt::format("{}={} is not a whole number from 0 to {}",
                           key,
                           text,
                           std::numeric_limits<Number>::max()));
    }
    return number;
}

KafkaApi parse_api(std::string_view spec, std::string_view text) {
    if (const auto api = parse_kafka_api(text)) {
        return *api;
    }
    std::vector<std::string_view> names;
    for (const auto& info : kafka_apis()) {
        names.push_back(info.name);
    }
    refuse(spec, fmt::format("there is no API '{}'; known: {}", text, fmt::join(names, ", ")));
}

void set_field(KafkaFault& fault,
               std::string_view spec,
               std::string_view key,
               std::string_view value) {
    if (key == "api") {
        fault.api = parse_api(spec, value);
    } else if (key == "broker") {
        fault.broker = parse_number<std::int32_t>(spec, key, value);
    } else if (key == "group") {
        fault.group = decode(spec, value);
    } else if (key == "topic") {
        fault.topic = decode(spec, value);
    } else if (key == "partition") {
        fault.partition = parse_number<std::int32_t>(spec, key, value);
    } else if (key == "times") {
        fault.times = parse_number<std::uint32_t>(spec, key, value);
    } else if (key == "ms") {
        fault.delay = std::chrono::milliseconds(parse_number<std::int32_t>(spec, key, value));
    } else if (key == "version") {
        fault.version = parse_number<std::int16_t>(spec, key, value);
    } else {
        const auto code = parse_kafka_error(value);
        if (!code) {
            refuse(spec, fmt::format("there is no error '{}'; write its name or number", value));
        }
        fault.code = *code;
    }
}

const KindInfo& parse_kind(std::string_view spec, std::string_view name) {
    const auto found = std::ranges::find(kinds, name, &KindInfo::name);
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

void check_together(const KafkaFault& fault, std::string_view spec) {
    if (fault.kind != KafkaFaultKind::error) {
        return;
    }
    if (fault.partition && !fault.topic) {
        refuse(spec, "partition= needs topic=");
    }
    if (!fault.api &&
        std::ranges::find(codes_with_known_apis, fault.code) == codes_with_known_apis.end()) {
        refuse(spec, "this code may come from several APIs; add api=");
    }
}

}  // namespace

KafkaFault parse_kafka_fault(std::string_view spec) {
    const auto colon = spec.find(':');
    const auto& kind = parse_kind(spec, spec.substr(0, colon));
    KafkaFault fault{.kind = kind.kind};
    std::string given = " ";
    auto rest = colon == std::string_view::npos ? std::string_view{} : spec.substr(colon + 1);
    while (!rest.empty()) {
        const auto comma = rest.find(',');
        const auto field = rest.substr(0, comma);
        rest = comma == std::string_view::npos ? std::string_view{} : rest.substr(comma + 1);
        const auto equals = field.find('=');
        const auto key = field.substr(0, equals);
        if (equals == std::string_view::npos || !has_word(kind.keys, key)) {
            refuse(spec, fmt::format("'{}' takes KEY=VALUE with the keys{}", kind.name, kind.keys));
        }
        set_field(fault, spec, key, field.substr(equals + 1));
        given += fmt::format("{} ", key);
    }
    for (const std::string_view key : {"ms", "api", "version", "code", "broker"}) {
        if (has_word(kind.required, key) && !has_word(given, key)) {
            refuse(spec, fmt::format("'{}' needs {}=", kind.name, key));
        }
    }
    check_together(fault, spec);
    return fault;
}

std::string format_kafka_fault(const KafkaFault& fault) {
    const auto& kind = *std::ranges::find(kinds, fault.kind, &KindInfo::kind);
    std::vector<std::string> fields;
    if (fault.kind == KafkaFaultKind::delay) {
        fields.push_back(fmt::format("ms={}", fault.delay.count()));
    }
    if (fault.kind == KafkaFaultKind::error) {
        const auto name = format_kafka_error(fault.code);
        fields.push_back(name.empty() ? fmt::format("code={}", fault.code)
                                      : fmt::format("code={}", name));
    }
    if (fault.api) {
        fields.push_back(fmt::format("api={}", format_kafka_api(*fault.api)));
    }
    if (fault.kind == KafkaFaultKind::max_version) {
        fields.push_back(fmt::format("version={}", fault.version));
    }
    if (fault.broker) {
        fields.push_back(fmt::format("broker={}", *fault.broker));
    }
    if (fault.group) {
        fields.push_back(fmt::format("group={}", encode(*fault.group)));
    }
    if (fault.topic) {
        fields.push_back(fmt::format("topic={}", encode(*fault.topic)));
    }
    if (fault.partition) {
        fields.push_back(fmt::format("partition={}", *fault.partition));
    }
    if (fault.times) {
        fields.push_back(fmt::format("times={}", *fault.times));
    }
    return fields.empty() ? std::string(kind.name)
                          : fmt::format("{}:{}", kind.name, fmt::join(fields, ","));
}

std::string_view kafka_fault_help() {
    return R"(FAULTS OF KAFKA
  A fault is KIND or KIND:KEY=VALUE,KEY=VALUE…  In values %XX stands for a byte (%2C for a comma).
  Keys that are left out match everything; times=N limits a fault to the first N requests it meets.

  hang         stuck in a request: no answer to it, nor to what follows on that connection
                                                [api broker times]
  swallow      no answer to a request           [api broker times]
  silent       accept connections, never answer [broker]
  delay        answer ms later                  ms [api broker times]
  max-version  an older broker                  api version [broker]
  hide         a broker without an API          api [broker]
  error        an error code in the answer      code [api group topic partition broker times]
  dead         port closed, still in metadata   broker
  garbage      noise instead of the answer      [api broker times]
  truncated    half of the answer, well framed  [api broker times]
  huge-length  an answer said to have 2 GiB     [api broker times]
  cut          close in the middle of an answer [api broker times]
  empty-null   "all offsets" finds none         [broker times]

  --fault hang:api=ListGroups,broker=1
  --fault delay:ms=5
  --fault max-version:api=OffsetFetch,version=5
  --fault hide:api=DescribeGroups
  --fault error:code=NOT_COORDINATOR,group=security-audit,times=3
  --fault error:code=NOT_LEADER,topic=logs-nginx-access,partition=2
  --fault error:code=CLUSTER_AUTHORIZATION_FAILED
  --fault dead:broker=2
)";
}

}  // namespace caretaker::sandbox
