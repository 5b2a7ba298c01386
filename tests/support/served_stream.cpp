// SPDX-License-Identifier: Apache-2.0
#include "tests/support/served_stream.hpp"

#include <fmt/format.h>

namespace caretaker {

bool ServedStream::write(std::string_view bytes) {
    if (!is_open_ || bytes.empty()) {
        return is_open_;
    }
    const std::string_view sent = limit_ ? bytes.substr(0, *limit_ - bytes_) : bytes;
    bytes_ += sent.size();
    if (kept_ != nullptr) {
        *kept_ += sent;
    }
    if (sent.empty()) {  // a chunk without bytes would end the body properly
        is_open_ = false;
    } else if (peer_ != nullptr) {
        is_open_ = peer_->write(fmt::format("{:x}\r\n", sent.size())) && peer_->write(sent) &&
                   peer_->write("\r\n") && sent.size() == bytes.size();
    }
    return is_open_;
}

PeerEvent ServedStream::wait_for(int fd, std::chrono::milliseconds time) {
    return peer_ == nullptr ? PeerEvent::gone : peer_->wait_for(fd, time);
}

}  // namespace caretaker
