// SPDX-License-Identifier: Apache-2.0
#include "common/cli/repeated_arguments.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

namespace caretaker {

namespace {

/// One option of every command, or several that say the same in turn.
struct SharedOption {
    std::array<std::string_view, 5> names{};
    bool takes_value = true;
};

constexpr std::array shared_options{
    SharedOption{.names = {"--config"}},
    SharedOption{.names = {"--target"}},
    SharedOption{.names = {"--store"}},
    SharedOption{.names = {"--statsd"}},
    SharedOption{.names = {"-o", "--output"}},
    SharedOption{.names = {"--color"}},
    SharedOption{.names = {"-q", "--quiet", "-v", "-vv", "--verbose"}, .takes_value = false},
    SharedOption{.names = {"--no-statsd"}, .takes_value = false},
    SharedOption{.names = {"--utc"}, .takes_value = false},
    SharedOption{.names = {"--no-progress"}, .takes_value = false},
};

/// How many words, from the first of `words` on, are that option with its value; 0: another word.
std::size_t words_of(const SharedOption& option, std::span<const std::string> words) {
    for (const std::string_view name : option.names) {
        if (name.empty()) {
            continue;
        }
        if (words.front() == name) {
            return option.takes_value ? std::min<std::size_t>(2, words.size()) : 1;
        }
        const bool is_long = name.starts_with("--");
        const bool glued = option.takes_value && words.front().starts_with(name) &&
                           (!is_long || words.front()[name.size()] == '=');
        if (glued) {
            return 1;
        }
    }
    return 0;
}

void remove_option(const SharedOption& option, std::vector<std::string>& words) {
    for (std::size_t i = 0; i < words.size();) {
        const std::size_t count = words_of(option, std::span(words).subspan(i));
        const auto first = words.begin() + static_cast<std::ptrdiff_t>(i);
        words.erase(first, first + static_cast<std::ptrdiff_t>(count));
        i += count == 0 ? 1 : 0;
    }
}

}  // namespace

std::vector<std::string> repeat_arguments(std::vector<std::string> recorded,
                                          std::span<const std::string> given) {
    std::vector<std::string> appended;
    std::set<std::size_t> replaced;
    for (std::size_t i = 0; i < given.size();) {
        std::size_t count = 0;
        for (std::size_t option = 0; option < shared_options.size() && count == 0; ++option) {
            count = words_of(shared_options.at(option), given.subspan(i));
            if (count > 0 && replaced.insert(option).second) {
                remove_option(shared_options.at(option), recorded);
            }
        }
        const auto words = given.subspan(i, count);
        appended.insert(appended.end(), words.begin(), words.end());
        i += std::max<std::size_t>(count, 1);
    }
    recorded.insert(recorded.end(), appended.begin(), appended.end());
    return recorded;
}

}  // namespace caretaker
