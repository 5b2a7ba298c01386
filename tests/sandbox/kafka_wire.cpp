// SPDX-License-Identifier: Apache-2.0
// The primitive types of the Kafka protocol, read from and written to bytes.
#include "tests/sandbox/kafka_wire.hpp"

namespace caretaker::sandbox {

namespace {

constexpr std::int64_t null_length = -1;

template <typename Unsigned>
Unsigned read_big_endian(std::string_view bytes) {
    Unsigned value = 0;
    for (const char byte : bytes) {
        value = static_cast<Unsigned>((static_cast<std::uint64_t>(value) << 8U) |
                                      static_cast<std::uint8_t>(byte));
    }
    return value;
}

}  // namespace

std::string_view WireReader::take(std::size_t bytes) {
    if (bytes > rest_.size()) {
        throw WireError("the message ends in the middle of a field");
    }
    const auto taken = rest_.substr(0, bytes);
    rest_.remove_prefix(bytes);
    return taken;
}

std::int8_t WireReader::read_int8() {
    return static_cast<std::int8_t>(read_big_endian<std::uint8_t>(take(1)));
}

std::int16_t WireReader::read_int16() {
    return static_cast<std::int16_t>(read_big_endian<std::uint16_t>(take(2)));
}

std::int32_t WireReader::read_int32() {
    return static_cast<std::int32_t>(read_big_endian<std::uint32_t>(take(4)));
}

std::int64_t WireReader::read_int64() {
    return static_cast<std::int64_t>(read_big_endian<std::uint64_t>(take(8)));
}

std::uint32_t WireReader::read_unsigned_varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 35; shift += 7) {
        const auto byte = read_big_endian<std::uint8_t>(take(1));
        value |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
        if ((byte & 0x80U) == 0) {
            if (value > UINT32_MAX) {
                throw WireError("a varint is larger than 32 bits");
            }
            return static_cast<std::uint32_t>(value);
        }
    }
    throw WireError("a varint is longer than five bytes");
}

std::optional<std::string_view> WireReader::take_nullable(std::int64_t length) {
    if (length == null_length) {
        return std::nullopt;
    }
    if (length < 0) {
        throw WireError("a length is negative");
    }
    return take(static_cast<std::size_t>(length));
}

std::optional<std::string_view> WireReader::read_nullable_string() {
    if (flexible_) {
        return take_nullable(static_cast<std::int64_t>(read_unsigned_varint()) - 1);
    }
    return read_classic_nullable_string();
}

std::optional<std::string_view> WireReader::read_classic_nullable_string() {
    return take_nullable(read_int16());
}

std::string_view WireReader::read_string() {
    const auto text = read_nullable_string();
    if (!text) {
        throw WireError("a string is null");
    }
    return *text;
}

std::string_view WireReader::read_bytes() {
    const auto bytes =
        take_nullable(flexible_ ? static_cast<std::int64_t>(read_unsigned_varint()) - 1
                                : std::int64_t{read_int32()});
    if (!bytes) {
        throw WireError("bytes are null");
    }
    return *bytes;
}

std::optional<std::uint32_t> WireReader::read_nullable_array_length() {
    const auto length = flexible_ ? static_cast<std::int64_t>(read_unsigned_varint()) - 1
                                  : std::int64_t{read_int32()};
    if (length == null_length) {
        return std::nullopt;
    }
    // No element of the protocol is shorter than a byte.
    if (length < 0 || static_cast<std::uint64_t>(length) > rest_.size()) {
        throw WireError("an array is longer than its message");
    }
    return static_cast<std::uint32_t>(length);
}

std::uint32_t WireReader::read_array_length() {
    const auto length = read_nullable_array_length();
    if (!length) {
        throw WireError("an array is null");
    }
    return *length;
}

void WireReader::skip_tags() {
    if (!flexible_) {
        return;
    }
    for (auto fields = read_unsigned_varint(); fields > 0; --fields) {
        read_unsigned_varint();
        skip(read_unsigned_varint());
    }
}

void WireWriter::write_unsigned_varint(std::uint32_t value) {
    while (value > 0x7FU) {
        buffer_.push_back(static_cast<char>((value & 0x7FU) | 0x80U));
        value >>= 7U;
    }
    buffer_.push_back(static_cast<char>(value));
}

void WireWriter::write_string(std::string_view text) {
    if (flexible_) {
        write_unsigned_varint(static_cast<std::uint32_t>(text.size() + 1));
    } else {
        write_int16(static_cast<std::int16_t>(text.size()));
    }
    buffer_.append(text);
}

void WireWriter::write_nullable_string(std::optional<std::string_view> text) {
    if (text) {
        write_string(*text);
    } else if (flexible_) {
        write_unsigned_varint(0);
    } else {
        write_int16(-1);
    }
}

void WireWriter::write_bytes(std::string_view bytes) {
    write_array_length(bytes.size());
    buffer_.append(bytes);
}

void WireWriter::write_array_length(std::size_t elements) {
    if (flexible_) {
        write_unsigned_varint(static_cast<std::uint32_t>(elements + 1));
    } else {
        write_int32(static_cast<std::int32_t>(elements));
    }
}

void WireWriter::write_no_tags() {
    if (flexible_) {
        write_unsigned_varint(0);
    }
}

std::string frame_kafka_message(std::string_view message) {
    WireWriter out(false);
    out.write_int32(static_cast<std::int32_t>(message.size()));
    out.write_raw(message);
    return out.take();
}

}  // namespace caretaker::sandbox
