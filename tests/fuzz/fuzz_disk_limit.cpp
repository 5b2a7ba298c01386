// SPDX-License-Identifier: Apache-2.0
// A disk watermark as a server or a person writes it.
#include "jobs/rotate/disk_relief.hpp"
#include "tests/fuzz/fuzz_input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace caretaker;
    const std::string_view text = fuzz::as_text(data, size);
    constexpr std::int64_t total = std::int64_t{1} << 40U;
    if (const auto limit = DiskLimit::parse(text)) {
        const std::int64_t usable = limit->usable(total);
        fuzz::require(usable >= 0 && usable <= total, "a part of the disk");
    }
    std::string problem;
    const bool found = find_disk_limit(text, {{"low", "85%"}}, problem).has_value();
    fuzz::require(found == problem.empty(), "a limit or a reason");
    return 0;
}
