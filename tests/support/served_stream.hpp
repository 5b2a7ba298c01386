// SPDX-License-Identifier: Apache-2.0
// A body that a server makes while it sends it.
#pragma once

#include "tests/support/fake_peer.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace caretaker {

class ServedStream {
 public:
    /// Counts only.
    ServedStream() = default;

    /// Appends to `kept` what is written.
    explicit ServedStream(std::string& kept) : kept_(&kept) {}

    /// Sends what is written as chunks of HTTP/1.1, up to `limit` bytes of body; the rest is
    /// dropped.
    ServedStream(FakePeer& peer, std::optional<std::size_t> limit) : peer_(&peer), limit_(limit) {}

    /// False once nothing can be sent any more: then there is no use in making more.
    bool write(std::string_view bytes);

    [[nodiscard]] bool is_open() const { return is_open_; }

    /// False where what is written is only counted or kept.
    [[nodiscard]] bool has_client() const { return peer_ != nullptr; }

    /// Written so far.
    [[nodiscard]] std::size_t bytes() const { return bytes_; }

    /// Waits until `fd` can be read, for `time` at most; `gone` at once without a client.
    PeerEvent wait_for(int fd, std::chrono::milliseconds time);

 private:
    FakePeer* peer_ = nullptr;
    std::string* kept_ = nullptr;
    std::optional<std::size_t> limit_{};
    std::size_t bytes_ = 0;
    bool is_open_ = true;
};

}  // namespace caretaker
