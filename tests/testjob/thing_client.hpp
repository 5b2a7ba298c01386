// SPDX-License-Identifier: Apache-2.0
// The language of a ThingServer: GET /things, DELETE /things/a,b.
#pragma once

#include "common/http/service_http.hpp"
#include "tests/testjob/purge_plan.hpp"

#include <span>
#include <string>
#include <vector>

namespace caretaker::testing {

class ThingClient {
 public:
    /// `http` outlives it.
    explicit ThingClient(ServiceHttp& http) : http_(http) {}

    /// Throws RemoteError, and JsonError for an answer of another form.
    std::vector<Thing> fetch_things();

    /// One request for all of them; those that are gone already are no error.
    void delete_things(std::span<const std::string> names);

 private:
    ServiceHttp& http_;
};

}  // namespace caretaker::testing
