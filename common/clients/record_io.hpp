// SPDX-License-Identifier: Apache-2.0
// RecordIO, the framing of Mesos' event streams: a length in decimal digits, a line feed, so many
// bytes.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace caretaker {

/// Makes records of bytes that come in pieces of any size.
class RecordIoDecoder {
 public:
    /// Longer records are an error, before they are in memory.
    explicit RecordIoDecoder(std::size_t most_bytes = 256U << 20U) : most_bytes_(most_bytes) {}

    /// Hands out each record that is whole now, in their order; it is valid until the callback
    /// returns. Throws RemoteError "mesos_stream" for what is no record.
    void feed(std::string_view bytes, const std::function<void(std::string_view)>& on_record);

    /// Whether the bytes ended in the middle of a record.
    [[nodiscard]] bool is_inside() const { return digits_ > 0 || is_in_record_; }

 private:
    std::string_view take_length(std::string_view bytes);

    std::size_t most_bytes_;
    std::size_t length_ = 0;
    int digits_ = 0;
    bool is_in_record_ = false;
    std::string record_{};  // what has come of it
};

}  // namespace caretaker
