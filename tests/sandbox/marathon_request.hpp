// SPDX-License-Identifier: Apache-2.0
// Bodies that Marathon takes, and how it refuses them.
#pragma once

#include "tests/sandbox/marathon_apps.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace caretaker::sandbox {

/// Thrown by whatever finds it.
struct MarathonRefusal {
    int status = 400;
    std::string body{};
};

/// {"message":…}
std::string message_body(std::string_view message);

/// {"message":"Object is not valid","details":[{"path":…,"errors":[…]}]}
std::string invalid_body(std::string_view path, std::string_view error);

/// 409 of an app that deployments hold.
MarathonRefusal locked_refusal(const std::vector<std::string>& deployments);

struct AppBody {
    std::string id{};       // with its leading slash; empty: not given
    std::string version{};  // empty: not given
    AppFields fields{};     // all the others
};

/// Throws the refusal of what is no app.
AppBody read_app_body(const std::string& body);

/// A list of apps, as PUT /v2/apps takes it.
std::vector<AppBody> read_app_list(const std::string& body);

/// {"ids":[…]}
std::vector<std::string> read_ids(const std::string& body);

/// Named members are replaced as a whole.
void merge_fields(AppFields& fields, const AppFields& changed);

/// Throws the refusal of a definition that is not valid.
void check_definition(const AppFields& fields);

}  // namespace caretaker::sandbox
