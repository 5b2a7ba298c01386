// SPDX-License-Identifier: Apache-2.0
// What `caretaker kibana provision` was asked for.
#pragma once

#include "jobs/kibana/kibana_settings.hpp"
#include "jobs/kibana/provision_bundle_model.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace caretaker {

class CommandOptions;
class Settings;

struct ProvisionRequest {
    std::string app{};
    std::string kibana_url{};
    std::string bundle{};    // a folder; empty: by the template
    std::string log_type{};  // of the template; empty: by the bundle
    std::string pattern{};   // of its indices
    std::string fields{};    // a file with them; empty: Elasticsearch is asked
    std::string junit{};     // a file for Jenkins; empty: none
    bool wakes = false;
    bool overwrites_drift = false;
    std::chrono::milliseconds wait{std::chrono::minutes(3)};

    // Of the settings:
    BundleVariables variables{};
    std::optional<KibanaSettings> fleet{};  // with an app
    HttpOptions kibana{};
    std::string kibana_endpoint{};           // "http://kibana:5601"; empty with an app
    std::string base_path{};                 // "/kibana"; empty: none
    std::string index{".kibana"};            // of Kibana 4 and 5
    bool has_index = false;                  // it was given, so that no app says otherwise
    std::optional<ServiceOptions> search{};  // where it is known

    /// Which Kibana it is: "/kibana/ads", "http://kibana:5601/base".
    [[nodiscard]] std::string place() const { return fleet ? app : kibana_endpoint + base_path; }
};

/// How it is asked for on the command line.
class ProvisionOptions {
 public:
    void describe(CommandOptions& form);

    /// Throws UsageError for the first thing that is wrong. `marathon_urls` as of the other forms.
    void configure(const Settings& settings,
                   const std::string& target,
                   const std::vector<std::string>& marathon_urls);

    /// Complete after configure().
    [[nodiscard]] const ProvisionRequest& request() const { return request_; }

    [[nodiscard]] bool overwrites_drift() const { return on_drift_ == "overwrite"; }

 private:
    void read_variables();
    void take_kibana_url();
    void check_choice() const;

    ProvisionRequest request_{};
    std::vector<std::string> given_variables_{};
    std::vector<std::string> search_urls_{};
    std::string given_index_{};
    std::string on_drift_{"keep"};
};

}  // namespace caretaker
