// SPDX-License-Identifier: Apache-2.0
// Any bytes as a master's stream of events: the same records whatever the pieces, and each of them
// an event or an error. The first byte says how large the pieces are.
#include "common/base/error.hpp"
#include "common/clients/mesos_event.hpp"
#include "common/clients/record_io.hpp"
#include "tests/fuzz/fuzz_input.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace caretaker;

constexpr std::size_t most_bytes = 4'096;

struct Decoded {
    std::vector<std::string> records{};
    bool is_refused = false;
    bool is_inside = false;

    friend bool operator==(const Decoded&, const Decoded&) = default;
};

Decoded decode(std::string_view bytes, std::size_t piece) {
    Decoded decoded;
    RecordIoDecoder decoder(most_bytes);
    try {
        for (std::size_t at = 0; at < bytes.size(); at += piece) {
            decoder.feed(bytes.substr(at, piece),
                         [&](std::string_view record) { decoded.records.emplace_back(record); });
        }
        decoded.is_inside = decoder.is_inside();
    } catch (const RemoteError&) {  // the other right answer
        decoded.is_refused = true;
    }
    return decoded;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) {
        return 0;
    }
    const std::size_t piece = std::size_t{data[0]} + 1;
    const std::string_view bytes = fuzz::as_text(data, size).substr(1);
    const Decoded whole = decode(bytes, size);
    fuzz::require(whole == decode(bytes, piece), "pieces make the same records");
    for (const std::string& record : whole.records) {
        fuzz::require(record.size() <= most_bytes, "no record is larger than it may be");
        try {
            read_mesos_event(record);
        } catch (const Error&) {  // the other right answer
        }
    }
    return 0;
}
