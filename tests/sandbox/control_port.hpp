// SPDX-License-Identifier: Apache-2.0
// The sandbox's control port: a line in, a line out.
#pragma once

#include "tests/sandbox/framed_tcp_server.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace caretaker::sandbox {

/// Serves from construction to destruction. `answer` is called in another thread for each line;
/// what it returns, or "error: " and the text of the Error that it throws, goes back as one line.
class ControlPort {
 public:
    explicit ControlPort(std::function<std::string(std::string_view)> answer);

    /// "127.0.0.1:PORT"
    [[nodiscard]] std::string address() const;

 private:
    std::function<std::string(std::string_view)> answer_;
    FramedTcpServer server_;
};

}  // namespace caretaker::sandbox
