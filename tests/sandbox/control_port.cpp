// SPDX-License-Identifier: Apache-2.0
// The sandbox's control port: a line in, a line out.
#include "tests/sandbox/control_port.hpp"

#include "common/base/error.hpp"

#include <utility>

namespace caretaker::sandbox {

ControlPort::ControlPort(std::function<std::string(std::string_view)> answer)
    : answer_(std::move(answer)), server_(1, Framing::lines) {
    server_.start([this](std::size_t /*port*/) {
        return [this](std::string_view line) {
            try {
                return FramedReply{.bytes = answer_(line) + "\n"};
            } catch (const Error& error) {
                // Whoever typed the line is to read what is wrong with it.
                return FramedReply{.bytes = std::string("error: ") + error.what() + "\n"};
            }
        };
    });
}

std::string ControlPort::address() const {
    return loopback_address(server_.ports().front());
}

}  // namespace caretaker::sandbox
