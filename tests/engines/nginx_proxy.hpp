// SPDX-License-Identifier: Apache-2.0
// A real nginx with Lua that runs docs/examples/openresty on loopback.
#pragma once

#include "tests/support/child_process.hpp"
#include "tests/support/temp_dir.hpp"

#include <rapidjson/document.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace caretaker::testing {

class NginxProxy {
 public:
    /// Asks the Marathon at that address. Throws EngineUnavailable where nginx or its modules are
    /// missing, std::runtime_error when it does not start.
    /// `further` are more members of the table for the plugin: ", label = 'x'".
    explicit NginxProxy(const std::string& marathon, const std::string& further = "");

    [[nodiscard]] std::string url() const;

    /// Reads its configuration again, with new workers.
    void reload();

    /// The lines of its access log; each has to be JSON.
    [[nodiscard]] std::vector<rapidjson::Document> log() const;

    /// What it complained of, for messages.
    [[nodiscard]] std::string errors() const;

 private:
    void write_configuration(const std::string& marathon, const std::string& further);

    TempDir folder_;
    std::uint16_t port_ = 0;
    std::unique_ptr<ChildProcess> server_{};
};

}  // namespace caretaker::testing
