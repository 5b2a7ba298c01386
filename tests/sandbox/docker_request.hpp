// SPDX-License-Identifier: Apache-2.0
// Requests to a Docker Engine: version in the path, filters, and how it refuses.
#pragma once

#include "tests/sandbox/docker_state.hpp"
#include "tests/sandbox/request_target.hpp"
#include "tests/support/fake_server.hpp"

#include <functional>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker::sandbox {

/// Thrown by whatever finds it; the body is {"message":…}.
struct DockerRefusal {
    int status = 400;
    std::string message{};
};

/// Values by filter, in both forms that Engines take: {"k":["v"]} and {"k":{"v":true}}.
class DockerFilters {
 public:
    /// Throws the refusal of what is no filter or not one of `known`.
    DockerFilters(std::string_view json, std::initializer_list<std::string_view> known);

    [[nodiscard]] const std::vector<std::string>& values(const std::string& name) const;

    [[nodiscard]] bool has(const std::string& name) const { return !values(name).empty(); }

    /// Whether the filter is absent or one of its values fits.
    [[nodiscard]] bool any(const std::string& name,
                           const std::function<bool(const std::string&)>& fits) const;

    /// "true" and "1" are true, "false" and "0" false; nothing where it is absent.
    [[nodiscard]] std::optional<bool> flag(const std::string& name) const;

    /// By `label` (all have to be there) and `label!`: an object is spared by the latter only when
    /// it carries all of them, as Engines do.
    [[nodiscard]] bool meet_labels(const DockerLabels& labels) const;

    /// The moment of `until`: "24h" before `now_ms`, or seconds since 1970, as "24" is. Nothing
    /// where it is absent.
    [[nodiscard]] std::optional<std::int64_t> until(std::int64_t now_ms) const;

 private:
    std::map<std::string, std::vector<std::string>> values_{};
};

/// A request with its version taken off.
struct DockerRequest {
    HttpMethod method = HttpMethod::get;
    DockerApiVersion version{};
    std::vector<std::string> path{};  // segments behind the version
    RequestTarget target{};

    [[nodiscard]] bool flag(std::string_view name) const;

    [[nodiscard]] std::string_view parameter(std::string_view name) const {
        return target.parameter(name);
    }
};

/// Without a version the newest one is meant. Throws the refusal of one that is not served.
DockerRequest read_docker_request(const HttpRequest& request, const DockerState& state);

}  // namespace caretaker::sandbox
