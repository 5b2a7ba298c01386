// SPDX-License-Identifier: Apache-2.0
#include "common/cli/run_secrets.hpp"

#include "common/base/error.hpp"
#include "common/base/report.hpp"
#include "common/config/secret_setting.hpp"
#include "common/config/settings.hpp"
#include "common/config/text_file.hpp"
#include "common/kafka/kafka_properties.hpp"
#include "common/text/base64.hpp"
#include "common/text/redact.hpp"

#include <cstddef>
#include <string_view>
#include <utility>
#include <variant>

namespace caretaker {

namespace {

constexpr std::string_view file_ending = "_file";
constexpr std::size_t largest_file = 1 << 20;

class SecretFinder {
 public:
    explicit SecretFinder(const Settings& settings) : settings_(settings) {}

    std::vector<std::string> find() {
        for (const Setting* setting : settings_.all()) {
            if (const auto* text = std::get_if<std::string>(&setting->value)) {
                add_text(*setting, *text);
            } else if (const auto* texts = std::get_if<std::vector<std::string>>(&setting->value)) {
                for (const std::string& one : *texts) {
                    add_url(one);
                }
            } else if (const auto* map = std::get_if<TextMap>(&setting->value)) {
                for (const auto& [name, value] : *map) {
                    add_named(name, value);
                }
            }
        }
        return std::move(secrets_);
    }

 private:
    void add(std::string secret) {
        if (!secret.empty()) {
            secrets_.push_back(std::move(secret));
        }
    }

    void add_text(const Setting& setting, const std::string& text) {
        if (setting.spec->secret) {
            add_password(setting.path, text);
        } else if (setting.path.ends_with(".properties_file")) {
            add_properties(text);
        } else if (setting.path.ends_with(file_ending)) {
            const std::string direct =
                setting.path.substr(0, setting.path.size() - file_ending.size());
            const KeySpec* spec = find_key(direct);
            if (spec != nullptr && spec->secret) {
                add_password(direct, read_value_file(text).text);
            }
        } else {
            add_url(text);
        }
    }

    /// With what basic authentication makes of it, where there is a user: a token of a service
    /// has one beside it, the secret of a webhook has not even the key.
    void add_password(const std::string& path, const std::string& password) {
        add(password);
        const std::string user_path = path.substr(0, path.rfind('.')) + ".user";
        const std::string user =
            find_key(user_path) == nullptr ? std::string() : settings_.text(user_path);
        if (!user.empty() && !password.empty()) {
            add(encode_base64(user + ":" + password));
        }
    }

    /// "Authorization: Bearer x" has its secret behind the blank.
    void add_named(std::string_view name, const std::string& value) {
        if (!is_secret_name(name) && !is_secret_kafka_property(name)) {
            add_url(value);
            return;
        }
        add(value);
        if (const std::size_t blank = value.rfind(' '); blank != std::string::npos) {
            add(value.substr(blank + 1));
        }
    }

    void add_properties(const std::string& path) {
        const TextFile file = read_text_file(path, largest_file);
        // Caught because a file that is wrong is the matter of the job that uses it.
        try {
            for (const auto& [name, value] : parse_kafka_properties(file.text, path)) {
                add_named(name, value);
            }
        } catch (const UsageError&) {
        }
    }

    /// The password of "scheme://user:password@host", and both as basic authentication.
    void add_url(std::string_view url) {
        const std::size_t scheme = url.find("://");
        if (scheme == std::string_view::npos) {
            return;
        }
        const std::string_view authority =
            url.substr(scheme + 3, url.find_first_of("/?#", scheme + 3) - (scheme + 3));
        const std::size_t at = authority.rfind('@');
        if (at == std::string_view::npos) {
            return;
        }
        const std::string_view userinfo = authority.substr(0, at);
        add(encode_base64(userinfo));
        const std::size_t colon = userinfo.find(':');
        add(std::string(colon == std::string_view::npos ? userinfo : userinfo.substr(colon + 1)));
    }

    const Settings& settings_;
    std::vector<std::string> secrets_;
};

}  // namespace

std::vector<std::string> find_secrets(const Settings& settings) {
    return SecretFinder(settings).find();
}

void redact_report(Report& report, std::span<const std::string> secrets) {
    report.summary = redact(report.summary, secrets);
    for (Problem& problem : report.problems) {
        problem.message = redact(problem.message, secrets);
    }
    for (Finding& finding : report.findings) {
        finding.message = redact(finding.message, secrets);
        for (Label& label : finding.data) {
            label.value = redact(label.value, secrets);
        }
    }
}

}  // namespace caretaker
