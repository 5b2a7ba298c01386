// SPDX-License-Identifier: Apache-2.0
#include "common/text/regex.hpp"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <fmt/format.h>
#include <pcre2.h>

#include <array>
#include <cstdint>
#include <new>

namespace caretaker {

namespace {

// Tens of milliseconds at most: names and paths need a few hundred steps.
constexpr std::uint32_t match_limit = 1'000'000;
constexpr std::uint32_t heap_limit_kib = 16 * 1024;
constexpr std::size_t longest_pattern = 64 * 1024;

template <auto Function>
struct FreedBy {
    template <typename T>
    void operator()(T* handle) const noexcept {
        Function(handle);
    }
};

using CodeHandle = std::unique_ptr<pcre2_code, FreedBy<pcre2_code_free>>;
using MatchDataHandle = std::unique_ptr<pcre2_match_data, FreedBy<pcre2_match_data_free>>;
using MatchContextHandle = std::unique_ptr<pcre2_match_context, FreedBy<pcre2_match_context_free>>;

template <typename Handle>
Handle checked(Handle handle) {
    if (handle == nullptr) {
        throw std::bad_alloc();
    }
    return handle;
}

std::string error_text(int code) {
    std::array<PCRE2_UCHAR, 256> buffer{};
    const int length = pcre2_get_error_message(code, buffer.data(), buffer.size());
    return length < 0 ? fmt::format("error {}", code)
                      : std::string(buffer.begin(), buffer.begin() + length);
}

PCRE2_SPTR units(std::string_view text) {
    // An empty view may hold a null pointer, which PCRE2 before 10.40 refuses.
    static constexpr PCRE2_UCHAR nothing = 0;
    return text.empty() ? &nothing : reinterpret_cast<PCRE2_SPTR>(text.data());
}

}  // namespace

struct Regex::Compiled {
    std::string pattern{};
    CodeHandle code{};
    MatchContextHandle limits{};
};

Regex::Regex(std::shared_ptr<const Compiled> compiled) : compiled_(std::move(compiled)) {}

const std::string& Regex::pattern() const {
    return compiled_->pattern;
}

RegexResult Regex::compile(std::string_view pattern) {
    if (pattern.size() > longest_pattern) {
        return {.error = fmt::format("longer than {} bytes", longest_pattern),
                .offset = longest_pattern};
    }
    int failure = 0;
    PCRE2_SIZE offset = 0;
    CodeHandle code(pcre2_compile(units(pattern),
                                  pattern.size(),
                                  PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C,
                                  &failure,
                                  &offset,
                                  nullptr));
    if (code == nullptr) {
        return {.error = error_text(failure), .offset = offset};
    }
    // Where the machine cannot do JIT, the interpreter answers the same, only slower.
    pcre2_jit_compile(code.get(), PCRE2_JIT_COMPLETE);

    MatchContextHandle limits = checked(MatchContextHandle(pcre2_match_context_create(nullptr)));
    pcre2_set_match_limit(limits.get(), match_limit);
    pcre2_set_heap_limit(limits.get(), heap_limit_kib);
    return {.regex = Regex(std::make_shared<const Compiled>(
                Compiled{std::string(pattern), std::move(code), std::move(limits)}))};
}

struct Regex::Match {
    MatchDataHandle data{};
};

/// The library's result: the number of groups seen, or none for no match.
int Regex::run(std::string_view text, std::size_t from, const Match& match) const {
    const auto attempt = [&](std::uint32_t options) {
        return pcre2_match(compiled_->code.get(),
                           units(text),
                           text.size(),
                           from,
                           options,
                           match.data.get(),
                           compiled_->limits.get());
    };
    int result = attempt(0);
    if (result == PCRE2_ERROR_JIT_STACKLIMIT) {
        result = attempt(PCRE2_NO_JIT);
    }
    if (result < 0 && result != PCRE2_ERROR_NOMATCH) {
        throw RegexLimitError(
            fmt::format("matching the regular expression '{}': {}; make it simpler",
                        pattern(),
                        error_text(result)));
    }
    return result;
}

bool Regex::search(std::string_view text) const {
    const Match match{checked(MatchDataHandle(pcre2_match_data_create(1, nullptr)))};
    return run(text, 0, match) >= 0;
}

std::vector<std::optional<std::string_view>> Regex::find(std::string_view text,
                                                         std::size_t from) const {
    const Match match{checked(
        MatchDataHandle(pcre2_match_data_create_from_pattern(compiled_->code.get(), nullptr)))};
    const int result = run(text, from, match);
    if (result < 0) {
        return {};
    }
    const PCRE2_SIZE* const bounds = pcre2_get_ovector_pointer(match.data.get());
    std::vector<std::optional<std::string_view>> found(group_count() + 1);
    for (std::size_t i = 0; i < found.size() && i < static_cast<std::size_t>(result); ++i) {
        const PCRE2_SIZE begin = bounds[2 * i];
        const PCRE2_SIZE end = bounds[2 * i + 1];
        if (begin != PCRE2_UNSET && begin <= end) {  // \K in a look-around can turn them around
            found[i] = text.substr(begin, end - begin);
        }
    }
    return found;
}

std::size_t Regex::group_count() const {
    std::uint32_t count = 0;
    pcre2_pattern_info(compiled_->code.get(), PCRE2_INFO_CAPTURECOUNT, &count);
    return count;
}

std::string regex_library_version() {
    std::string text(static_cast<std::size_t>(pcre2_config(PCRE2_CONFIG_VERSION, nullptr)), '\0');
    pcre2_config(PCRE2_CONFIG_VERSION, text.data());
    text.resize(text.find('\0'));
    return text;
}

}  // namespace caretaker
