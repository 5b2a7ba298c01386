// SPDX-License-Identifier: Apache-2.0
// Whole numbers in as few bytes as they need, for what the store keeps of each partition.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace caretaker {

/// No run is later than that, in milliseconds since 1970.
inline constexpr std::int64_t latest_ms = std::int64_t{1} << 53;

/// Appends to a string: seven bits a byte, the lowest first (LEB128).
class PackedWriter {
 public:
    explicit PackedWriter(std::string& out) : out_(out) {}

    void number(std::uint64_t value) {
        while (value >= 0x80) {
            out_ += static_cast<char>(value | 0x80);
            value >>= 7U;
        }
        out_ += static_cast<char>(value);
    }

    /// Small in size, whichever sign.
    void difference(std::int64_t value) {
        const auto bits = static_cast<std::uint64_t>(value);
        number(value < 0 ? ~(bits << 1U) : bits << 1U);
    }

    /// To be read as PackedReader::step() from `from`; any two numbers have a step between them.
    void step(std::int64_t from, std::int64_t to) {
        difference(static_cast<std::int64_t>(static_cast<std::uint64_t>(to) -
                                             static_cast<std::uint64_t>(from)));
    }

 private:
    std::string& out_;
};

/// Reads any bytes: once something is wrong every number is 0 and ok() false.
class PackedReader {
 public:
    explicit PackedReader(std::string_view bytes) : rest_(bytes) {}

    std::uint64_t number() {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
            const auto byte = static_cast<unsigned char>(rest_.front());
            rest_.remove_prefix(1);
            if (shift == 63 && byte > 1) {
                break;
            }
            value |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
            if (byte < 0x80) {
                return value;
            }
        }
        fail();
        return 0;
    }

    std::int64_t difference() {
        const std::uint64_t bits = number();
        return static_cast<std::int64_t>((bits >> 1U) ^ (0 - (bits & 1U)));
    }

    std::int64_t step(std::int64_t from) {
        return static_cast<std::int64_t>(static_cast<std::uint64_t>(from) +
                                         static_cast<std::uint64_t>(difference()));
    }

    /// A number of things that take at least `bytes_each` of what is left.
    std::size_t count(std::size_t bytes_each) {
        const std::uint64_t value = number();
        if (value > rest_.size() / bytes_each) {
            fail();
            return 0;
        }
        return static_cast<std::size_t>(value);
    }

    /// The next bytes; fails when there are not as many.
    std::string_view bytes(std::size_t length) {
        if (length > rest_.size()) {
            fail();
            return {};
        }
        const std::string_view taken = rest_.substr(0, length);
        rest_.remove_prefix(length);
        return taken;
    }

    void fail() {
        ok_ = false;
        rest_ = {};
    }

    [[nodiscard]] bool ok() const { return ok_; }

    [[nodiscard]] bool at_end() const { return rest_.empty(); }

 private:
    std::string_view rest_;
    bool ok_ = true;
};

}  // namespace caretaker
