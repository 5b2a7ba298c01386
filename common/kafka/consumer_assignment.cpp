// SPDX-License-Identifier: Apache-2.0
#include "common/kafka/consumer_assignment.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace caretaker {

namespace {

/// Reads big-endian numbers; once it would read past the end it stays failed and gives zeros.
class Reader {
 public:
    explicit Reader(std::span<const std::byte> bytes) : bytes_(bytes) {}

    [[nodiscard]] bool failed() const { return failed_; }

    [[nodiscard]] std::size_t left() const { return bytes_.size(); }

    std::int16_t read_int16() { return static_cast<std::int16_t>(read_unsigned(2)); }

    std::int32_t read_int32() { return static_cast<std::int32_t>(read_unsigned(4)); }

    std::string read_text(std::size_t size) {
        std::string text;
        for (const std::byte byte : take(size)) {
            text += static_cast<char>(byte);
        }
        return text;
    }

 private:
    std::uint32_t read_unsigned(std::size_t size) {
        std::uint32_t value = 0;
        for (const std::byte byte : take(size)) {
            value = (value << 8U) | std::to_integer<std::uint32_t>(byte);
        }
        return value;
    }

    std::span<const std::byte> take(std::size_t size) {
        if (failed_ || size > bytes_.size()) {
            failed_ = true;
            return {};
        }
        const auto taken = bytes_.first(size);
        bytes_ = bytes_.subspan(size);
        return taken;
    }

    std::span<const std::byte> bytes_;
    bool failed_ = false;
};

struct NamedPartitions {
    std::string topic{};
    std::vector<std::int32_t> partitions{};
};

std::optional<NamedPartitions> read_topic(Reader& reader) {
    const auto length = reader.read_int16();
    if (length <= 0) {
        return std::nullopt;
    }
    NamedPartitions result{.topic = reader.read_text(static_cast<std::size_t>(length))};
    const auto count = reader.read_int32();
    // Checked against the bytes that are there before anything is reserved.
    if (reader.failed() || count < 0 || static_cast<std::size_t>(count) > reader.left() / 4) {
        return std::nullopt;
    }
    result.partitions.reserve(static_cast<std::size_t>(count));
    for (std::int32_t i = 0; i < count; ++i) {
        const auto partition = reader.read_int32();
        if (partition < 0) {
            return std::nullopt;
        }
        result.partitions.push_back(partition);
    }
    return result;
}

}  // namespace

std::optional<std::vector<AssignedTopic>> parse_consumer_assignment(
    std::span<const std::byte> bytes, TopicNames& names) {
    if (bytes.empty()) {
        return std::vector<AssignedTopic>{};
    }
    Reader reader(bytes);
    const auto version = reader.read_int16();
    const auto count = reader.read_int32();
    if (reader.failed() || version < 0 || count < 0) {
        return std::nullopt;
    }
    std::vector<NamedPartitions> topics;
    for (std::int32_t i = 0; i < count; ++i) {
        auto topic = read_topic(reader);
        if (!topic) {
            return std::nullopt;
        }
        topics.push_back(std::move(*topic));
    }
    // Only now: bytes that turn out to be something else must not leave names behind.
    std::vector<AssignedTopic> result;
    result.reserve(topics.size());
    for (auto& topic : topics) {
        result.push_back(
            {.topic = names.intern(topic.topic), .partitions = std::move(topic.partitions)});
    }
    return result;
}

}  // namespace caretaker
