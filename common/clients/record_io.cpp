// SPDX-License-Identifier: Apache-2.0
#include "common/clients/record_io.hpp"

#include "common/base/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace caretaker {

namespace {

constexpr int longest_length = 20;  // digits

[[noreturn]] void fail(const std::string& complaint) {
    throw RemoteError(RemoteFailure::failed,
                      "mesos_stream",
                      fmt::format("mesos: reading the stream of events: {}; look at what stands "
                                  "between caretaker and the master",
                                  complaint));
}

}  // namespace

void RecordIoDecoder::feed(std::string_view bytes,
                           const std::function<void(std::string_view)>& on_record) {
    while (true) {
        if (!is_in_record_) {
            bytes = take_length(bytes);
            if (!is_in_record_) {
                return;
            }
        }
        const std::size_t count = std::min(bytes.size(), length_ - record_.size());
        record_ += bytes.substr(0, count);
        bytes.remove_prefix(count);
        if (record_.size() < length_) {
            return;
        }
        is_in_record_ = false;
        length_ = 0;
        // Its memory goes with it: the first record of a large cluster is by far the largest.
        const std::string whole = std::exchange(record_, {});
        on_record(whole);
    }
}

/// Returns what stands behind the length; all was taken where it goes on in the next piece.
std::string_view RecordIoDecoder::take_length(std::string_view bytes) {
    while (!bytes.empty()) {
        const char c = bytes.front();
        bytes.remove_prefix(1);
        if (c == '\n' && digits_ > 0) {
            digits_ = 0;
            is_in_record_ = true;
            return bytes;
        }
        if (c < '0' || c > '9') {
            fail("a record does not begin with its length in digits");
        }
        ++digits_;
        length_ = length_ * 10 + static_cast<std::size_t>(c - '0');
        if (length_ > most_bytes_ || digits_ > longest_length) {
            fail(fmt::format("a record is longer than the {} bytes that are taken", most_bytes_));
        }
    }
    return bytes;
}

}  // namespace caretaker
