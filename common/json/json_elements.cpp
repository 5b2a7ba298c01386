// SPDX-License-Identifier: Apache-2.0
#include "common/json/json_elements.hpp"

#include "common/json/json_path.hpp"
#include "common/json/json_place.hpp"
#include "common/json/json_reading.hpp"
#include "common/text/bytes.hpp"

#include <fmt/format.h>
#include <rapidjson/document.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace caretaker {

namespace {

/// A source as RapidJSON reads its input; a NUL stands for the end.
class SourceStream {
 public:
    using Ch = char;

    explicit SourceStream(const JsonSource& source) : source_(source), buffer_(64U << 10U) {
        skip_byte_order_mark();
    }

    // The names are RapidJSON's.
    // NOLINTBEGIN(readability-identifier-naming)
    // Both are called for each byte, so nothing but the bound is looked at.
    [[nodiscard, gnu::always_inline]] char Peek() const { return at_ < bound_ ? *at_ : '\0'; }

    [[gnu::always_inline]] char Take() {
        if (at_ >= bound_) {
            return '\0';
        }
        const char c = *at_++;
        if (at_ == end_) {
            refill();
        }
        return c;
    }

    [[nodiscard]] std::size_t Tell() const {
        return before_ + static_cast<std::size_t>(at_ - buffer_.data());
    }

    // Only for parsing in place, which needs the whole text in memory.
    static char* PutBegin() { return nullptr; }

    static void Put(char /*c*/) {}

    static void Flush() {}

    static std::size_t PutEnd(char* /*begin*/) { return 0; }

    // NOLINTEND(readability-identifier-naming)

    /// Takes what comes from here on for a new value.
    void mark() {
        mark_ = Tell();
        bound_ = end_;  // a value may be larger than the buffer
    }

    [[nodiscard]] bool is_oversize() const { return Tell() - mark_ > max_json_value_bytes; }

    /// What has been read ahead.
    [[nodiscard]] std::string_view ahead() const { return {at_, end_}; }

 private:
    /// The first pieces may be shorter than the mark.
    void skip_byte_order_mark() {
        while (ahead().size() < json_byte_order_mark.size()) {
            const std::size_t filled = ahead().size();
            const std::size_t count = source_({buffer_.data() + filled, buffer_.size() - filled});
            if (count == 0) {
                break;
            }
            end_ += count;
        }
        bound_ = end_;
        if (ahead().starts_with(json_byte_order_mark)) {
            at_ += json_byte_order_mark.size();
        }
        if (at_ == end_) {
            refill();
        }
    }

    [[gnu::noinline]] void refill() {
        before_ = Tell();
        const std::size_t count = source_({buffer_.data(), buffer_.size()});
        at_ = buffer_.data();
        end_ = at_ + count;
        bound_ = at_ + std::min(count, mark_ + max_json_value_bytes + 1 - before_);
    }

    const JsonSource& source_;
    std::vector<char> buffer_;
    const char* at_ = buffer_.data();
    const char* end_ = at_;
    const char* bound_ = at_;  // of what is handed out: the end, or where the value is too large
    std::size_t before_ = 0;   // bytes of the document before the buffer's first
    std::size_t mark_ = 0;
};

/// Follows the parser through the document and copies out what was asked for.
class ElementHandler {
 public:
    ElementHandler(std::span<const std::string_view> patterns,
                   SourceStream& stream,
                   const std::string& what,
                   const std::function<void(const JsonElement&)>& on_element)
        : place_(patterns), stream_(stream), on_element_(on_element) {
        origin_.what = what;
    }

    // The names are RapidJSON's.
    // NOLINTBEGIN(readability-identifier-naming)
    bool Null() {
        return scalar([](auto& document) { document.Null(); });
    }

    bool Bool(bool flag) {
        return scalar([&](auto& document) { document.Bool(flag); });
    }

    bool Int(int number) {
        return scalar([&](auto& document) { document.Int(number); });
    }

    bool Uint(unsigned number) {
        return scalar([&](auto& document) { document.Uint(number); });
    }

    bool Int64(std::int64_t number) {
        return scalar([&](auto& document) { document.Int64(number); });
    }

    bool Uint64(std::uint64_t number) {
        return scalar([&](auto& document) { document.Uint64(number); });
    }

    bool Double(double number) {
        return scalar([&](auto& document) { document.Double(number); });
    }

    bool RawNumber(const char* text, rapidjson::SizeType length, bool copy) {
        return String(text, length, copy);
    }

    bool String(const char* text, rapidjson::SizeType length, bool /*copy*/) {
        return scalar([&](auto& document) { document.String(text, length, true); });
    }

    bool Key(const char* text, rapidjson::SizeType length, bool /*copy*/) {
        if (document_) {
            document_->Key(text, length, true);
        } else {
            place_.name({text, length});
            stream_.mark();
        }
        return true;
    }

    bool StartObject() {
        return begin(false, [](auto& document) { document.StartObject(); });
    }

    bool StartArray() {
        return begin(true, [](auto& document) { document.StartArray(); });
    }

    bool EndObject(rapidjson::SizeType members) {
        return end([&](auto& document) { document.EndObject(members); });
    }

    bool EndArray(rapidjson::SizeType elements) {
        return end([&](auto& document) { document.EndArray(elements); });
    }

    // NOLINTEND(readability-identifier-naming)

 private:
    template <typename Event>
    bool scalar(Event event) {
        begin_value();
        if (document_) {
            event(*document_);
        }
        end_value();
        return true;
    }

    template <typename Event>
    bool begin(bool is_array, Event event) {
        begin_value();
        if (document_) {
            event(*document_);
            ++captured_depth_;
        } else {
            place_.enter(is_array);
        }
        return true;
    }

    template <typename Event>
    bool end(Event event) {
        if (document_) {
            event(*document_);
            --captured_depth_;
        } else {
            place_.leave();
        }
        end_value();
        return true;
    }

    void begin_value() {
        if (document_) {
            return;
        }
        stream_.mark();
        place_.begin_value();
        pattern_ = place_.matching_pattern();
        if (pattern_) {
            document_.emplace(&memory_);
        }
    }

    void end_value() {
        if (!document_) {
            stream_.mark();
        } else if (captured_depth_ == 0) {
            hand_out();
        }
    }

    void hand_out() {
        auto complete = [](rapidjson::Document& /*document*/) { return true; };
        document_->Populate(complete);  // takes what the events have put on its stack
        origin_.path = place_.path();
        origin_.root = &*document_;
        on_element_({.pattern = *pattern_,
                     .name = place_.current_name(),
                     .value = JsonView(*document_, origin_)});
        document_.reset();
        memory_.Clear();
        stream_.mark();
    }

    JsonPlace place_;
    SourceStream& stream_;
    const std::function<void(const JsonElement&)>& on_element_;
    std::vector<char> chunk_ = std::vector<char>(64U << 10U);  // reused by every element
    rapidjson::MemoryPoolAllocator<> memory_{chunk_.data(), chunk_.size()};
    std::optional<rapidjson::Document> document_{};  // while a value is copied
    std::optional<std::size_t> pattern_{};
    std::size_t captured_depth_ = 0;
    JsonOrigin origin_{};
};

}  // namespace

void read_json_elements(const JsonSource& source,
                        const std::string& what,
                        std::span<const std::string_view> patterns,
                        const std::function<void(const JsonElement&)>& on_element) {
    SourceStream stream(source);
    ElementHandler handler(patterns, stream, what, on_element);
    JsonDepthGuard guard(handler);
    rapidjson::Reader reader;
    const rapidjson::ParseResult result = reader.Parse<json_parse_flags>(stream, guard);
    if (guard.is_too_deep()) {
        throw describe_json_depth(result.Offset(), what);
    }
    if (stream.is_oversize()) {
        throw JsonError(JsonFault::size,
                        fmt::format("{}: the JSON holds a value larger than {}, at byte {}; ask "
                                    "for less",
                                    what,
                                    format_bytes(max_json_value_bytes),
                                    stream.Tell()));
    }
    if (result.IsError()) {
        throw describe_json_error(result.Code(), result.Offset(), stream.ahead(), what);
    }
    if (!stream.ahead().empty()) {  // RapidJSON takes a NUL behind the document for its end
        throw describe_json_error(
            rapidjson::kParseErrorDocumentRootNotSingular, stream.Tell(), stream.ahead(), what);
    }
}

}  // namespace caretaker
