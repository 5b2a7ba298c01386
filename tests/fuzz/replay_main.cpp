// SPDX-License-Identifier: Apache-2.0
// Runs a fuzz target over files without libFuzzer: each seed, all its beginnings, and itself with
// one byte changed at each place. Files named *.hex hold bytes as hex digits.
#include "tests/fuzz/fuzz_input.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

std::string from_hex(const std::string& text) {
    std::string digits;
    std::ranges::copy_if(
        text, std::back_inserter(digits), [](unsigned char c) { return std::isxdigit(c) != 0; });
    std::string bytes;
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
        bytes += static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16));
    }
    return bytes;
}

std::string read_seed(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::string text(std::istreambuf_iterator<char>(file), {});
    return path.extension() == ".hex" ? from_hex(text) : text;
}

/// A copy of exactly that size, so that reading past its end is seen.
void run(const std::string& input) {
    const std::vector<std::uint8_t> bytes(input.begin(), input.end());
    LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
}

void run_all_forms(const std::string& seed) {
    run(seed);
    constexpr std::size_t most_forms = 2'000;
    for (std::size_t i = 0; i < std::min(seed.size(), most_forms); ++i) {
        run(seed.substr(0, i));
        std::string changed = seed;
        changed[i] = static_cast<char>(changed[i] ^ (1 << i % 8));
        run(changed);
    }
}

}  // namespace

int main(int argc, char** argv) {
    std::size_t seeds = 0;
    for (int i = 1; i < argc; ++i) {
        for (const auto& entry : fs::recursive_directory_iterator(argv[i])) {
            if (entry.is_regular_file()) {
                std::cout << entry.path().filename().string() << std::endl;  // the one that fails
                run_all_forms(read_seed(entry.path()));
                ++seeds;
            }
        }
    }
    std::cout << seeds << " seeds\n";
    return seeds == 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
