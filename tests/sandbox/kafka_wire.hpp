// SPDX-License-Identifier: Apache-2.0
// The primitive types of the Kafka protocol, read from and written to bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace caretaker::sandbox {

/// Bytes that are not what the protocol says.
class WireError : public std::runtime_error {
 public:
    using std::runtime_error::runtime_error;
};

/// Reads from bytes that it does not own; every function throws WireError at the end of them.
/// A flexible reader takes strings, bytes and arrays in their compact forms (KIP-482).
class WireReader {
 public:
    WireReader(std::string_view bytes, bool flexible) : rest_(bytes), flexible_(flexible) {}

    /// Header and body may differ.
    void set_flexible(bool flexible) { flexible_ = flexible; }

    bool read_bool() { return read_int8() != 0; }

    std::int8_t read_int8();
    std::int16_t read_int16();
    std::int32_t read_int32();
    std::int64_t read_int64();
    /// Base 128, least significant group first; at most five bytes.
    std::uint32_t read_unsigned_varint();

    std::string_view read_string();
    /// nullopt for null.
    std::optional<std::string_view> read_nullable_string();
    /// INT16 length, in every version; as the client id of request header 2.
    std::optional<std::string_view> read_classic_nullable_string();
    std::string_view read_bytes();
    /// An array's number of elements, nullopt for null. Never more than the bytes that are left, so
    /// that it may be trusted for reserve().
    std::optional<std::uint32_t> read_nullable_array_length();
    std::uint32_t read_array_length();

    void skip(std::size_t bytes) { take(bytes); }

    /// Passes over the tagged fields at the end of a structure; nothing unless flexible.
    void skip_tags();

    [[nodiscard]] std::size_t remaining() const { return rest_.size(); }

 private:
    std::string_view take(std::size_t bytes);
    std::optional<std::string_view> take_nullable(std::int64_t length);

    std::string_view rest_;
    bool flexible_;
};

/// Appends to a buffer of its own. A flexible writer writes compact forms.
class WireWriter {
 public:
    explicit WireWriter(bool flexible) : flexible_(flexible) {}

    void set_flexible(bool flexible) { flexible_ = flexible; }

    void write_bool(bool value) { write_int8(value ? 1 : 0); }

    void write_int8(std::int8_t value) { write_big_endian(static_cast<std::uint8_t>(value)); }

    void write_int16(std::int16_t value) { write_big_endian(static_cast<std::uint16_t>(value)); }

    void write_int32(std::int32_t value) { write_big_endian(static_cast<std::uint32_t>(value)); }

    void write_int64(std::int64_t value) { write_big_endian(static_cast<std::uint64_t>(value)); }

    void write_unsigned_varint(std::uint32_t value);
    void write_string(std::string_view text);
    void write_nullable_string(std::optional<std::string_view> text);
    void write_bytes(std::string_view bytes);
    void write_array_length(std::size_t elements);

    void write_raw(std::string_view bytes) { buffer_.append(bytes); }

    /// No tagged fields; nothing unless flexible.
    void write_no_tags();

    [[nodiscard]] std::size_t size() const { return buffer_.size(); }

    [[nodiscard]] std::string take() { return std::move(buffer_); }

 private:
    template <typename Unsigned>
    void write_big_endian(Unsigned value) {
        char bytes[sizeof(Unsigned)];
        for (std::size_t i = 0; i < sizeof(Unsigned); ++i) {
            bytes[i] = static_cast<char>(
                static_cast<std::uint8_t>(value >> (8 * (sizeof(Unsigned) - 1 - i))));
        }
        buffer_.append(bytes, sizeof(Unsigned));
    }

    std::string buffer_;
    bool flexible_;
};

/// The 4 bytes of length before every request and answer.
std::string frame_kafka_message(std::string_view message);

}  // namespace caretaker::sandbox
