// SPDX-License-Identifier: Apache-2.0
// What Marathon answers to one request, and what that changes.
#pragma once

#include "tests/sandbox/fake_platform.hpp"
#include "tests/support/fake_server.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace caretaker::sandbox {

/// Carries out the request as the instance that leads. `instances` are "127.0.0.1:PORT".
ServedAnswer answer_marathon(FakePlatform& platform,
                             const std::vector<std::string>& instances,
                             const HttpRequest& request);

/// Whether labels (a JSON object of texts) meet a selector: "team==web,!=…,key in (a, b)".
bool meets_selector(std::string_view labels, std::string_view selector);

}  // namespace caretaker::sandbox
