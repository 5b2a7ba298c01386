// SPDX-License-Identifier: Apache-2.0
#include "jobs/kibana/kibana_labels_model.hpp"

#include "common/text/duration.hpp"
#include "common/text/number.hpp"
#include "common/text/timestamp.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace caretaker {

namespace {

constexpr std::string_view prefix = "caretaker.";
constexpr std::int64_t most_instances = 100;

class LabelReader {
 public:
    explicit LabelReader(KibanaLabels& labels) : labels_(labels) {}

    void read(std::string_view name, std::string_view value) {
        name_ = name;
        value_ = value;
        const std::string_view key = name.substr(prefix.size());
        if (key == "kibana") {
            labels_.is_managed = read_flag();
        } else if (key == "protect") {
            labels_.is_protected = read_flag();
        } else if (key == "protect_until") {
            labels_.protected_until = parse_rfc3339(value);
            complain_unless(labels_.protected_until.has_value(),
                            "a date or time, such as 2027-01-31");
        } else if (key == "idle_after") {
            labels_.idle_after = read_duration();
        } else if (key == "destroy_after") {
            labels_.destroy_after = value == "0" ? std::chrono::milliseconds(0) : read_duration();
        } else if (key == "instances") {
            read_instances();
        } else {
            labels_.unreadable.push_back(
                fmt::format("the label {} is none that caretaker knows", name));
        }
    }

 private:
    bool read_flag() {
        complain_unless(value_ == "true" || value_ == "false", "true or false");
        return value_ == "true";
    }

    std::optional<std::chrono::milliseconds> read_duration() {
        const auto duration = parse_duration(value_);
        complain_unless(duration.has_value(), "a duration, such as 30d");
        return duration;
    }

    void read_instances() {
        const std::string wrong = check_whole_number(std::string(value_), 1, most_instances);
        complain_unless(wrong.empty(), "a number from 1 to 100");
        if (wrong.empty()) {
            labels_.instances = std::stoll(std::string(value_));
        }
    }

    void complain_unless(bool is_right, std::string_view wanted) {
        if (!is_right) {
            labels_.unreadable.push_back(
                fmt::format("the label {} is '{}', which is not {}", name_, value_, wanted));
        }
    }

    KibanaLabels& labels_;
    std::string_view name_{};
    std::string_view value_{};
};

}  // namespace

KibanaLabels read_kibana_labels(const AppLabels& labels) {
    KibanaLabels result;
    LabelReader reader(result);
    for (const auto& [name, value] : labels) {
        if (name.starts_with(prefix)) {
            reader.read(name, value);
        }
    }
    return result;
}

KibanaPolicy lengthened(KibanaPolicy policy, const KibanaLabels& labels) {
    if (labels.idle_after) {
        policy.idle_after = std::max(policy.idle_after, *labels.idle_after);
    }
    const std::chrono::milliseconds never{0};
    if (labels.destroy_after && policy.destroy_after != never) {
        policy.destroy_after = *labels.destroy_after == never
                                   ? never
                                   : std::max(policy.destroy_after, *labels.destroy_after);
    }
    return policy;
}

std::string find_label(const AppLabels& labels, std::string_view name) {
    const auto found = std::ranges::find(labels, name, &AppLabels::value_type::first);
    return found == labels.end() ? std::string() : found->second;
}

}  // namespace caretaker
