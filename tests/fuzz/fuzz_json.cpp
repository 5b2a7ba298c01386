// SPDX-License-Identifier: Apache-2.0
// Any bytes as JSON: the two readers agree on what is JSON, and getters answer or complain.
#include "common/json/json_document.hpp"
#include "common/json/json_elements.hpp"
#include "common/json/json_error.hpp"
#include "tests/fuzz/fuzz_input.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace {

using namespace caretaker;

void walk(JsonView value) {
    const std::string path = value.path();
    fuzz::require(path.starts_with('$'), "a value has a place");
    try {
        const std::int64_t whole = value.integer_or_digits();
        fuzz::require(value.is_text() || whole > 1LL << 53 || whole < -(1LL << 53) ||
                          static_cast<std::int64_t>(value.number()) / 2 == whole / 2,
                      "a number is the same as a whole one");
    } catch (const JsonError& error) {  // the other right answer
        fuzz::require(error.fault() == JsonFault::shape, "a getter complains of the shape");
    }
    if (value.is_object()) {
        for (const JsonMember& member : value.members()) {
            fuzz::require(value.find(member.name).has_value() || member.value.is_null() ||
                              value.at(member.name).is_null(),
                          "a member is found by its name");
            walk(member.value);
        }
    } else if (value.is_array()) {
        for (const JsonView& element : value.elements()) {
            walk(element);
        }
    }
}

std::optional<JsonFault> fault_of_document(std::string_view text) {
    try {
        walk(JsonDocument::parse(text, "fuzz").root());
        return std::nullopt;
    } catch (const JsonError& error) {  // the fault is the result
        return error.fault();
    }
}

/// Reads `text` in pieces of `piece` bytes.
std::optional<JsonFault> fault_of_elements(std::string_view text,
                                           std::size_t piece,
                                           std::span<const std::string_view> patterns) {
    std::string_view rest = text;
    const JsonSource source = [&](std::span<char> buffer) {
        const std::size_t count = std::min({piece, buffer.size(), rest.size()});
        std::copy_n(rest.begin(), count, buffer.begin());
        rest.remove_prefix(count);
        return count;
    };
    try {
        read_json_elements(source, "fuzz", patterns, [](const JsonElement& element) {
            fuzz::require(element.value.path().starts_with('$'), "an element has a place");
        });
        return std::nullopt;
    } catch (const JsonError& error) {  // the fault is the result
        return error.fault();
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::size_t longest = 16'384;  // paths are searched for value by value
    if (size > longest) {
        return 0;
    }
    const std::string_view text = fuzz::as_text(data, size);
    constexpr std::array<std::string_view, 1> whole{"/"};
    constexpr std::array<std::string_view, 3> parts{"/*/a", "/frameworks/*/tasks/*", "/*"};
    const auto by_document = fault_of_document(text);
    for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, longest}) {
        fuzz::require(fault_of_elements(text, piece, whole) == by_document,
                      "both readers agree on the whole document");
        fuzz::require(fault_of_elements(text, piece, parts) == by_document,
                      "both readers agree where only parts are wanted");
    }
    return 0;
}
