// SPDX-License-Identifier: Apache-2.0
// A deflate stream by hand.
#include "tests/support/gzip_bomb.hpp"

#include <array>
#include <cstdint>

namespace caretaker::testing {

namespace {

constexpr char letter = 'a';

/// Bits packed into bytes, the first into the lowest place.
class BitWriter {
 public:
    explicit BitWriter(std::string& out) : out_(out) {}

    /// The most significant of `length` bits first, as Huffman codes are written.
    void put(unsigned bits, unsigned length) {
        for (unsigned i = length; i-- > 0;) {
            pending_ |= ((bits >> i) & 1U) << count_;
            if (++count_ == 8) {
                out_ += static_cast<char>(pending_);
                pending_ = count_ = 0;
            }
        }
    }

    void finish() {
        while (count_ != 0) {
            put(0, 1);
        }
    }

 private:
    std::string& out_;
    unsigned pending_ = 0;
    unsigned count_ = 0;
};

void put_number(std::string& out, std::uint32_t number) {
    for (unsigned shift = 0; shift < 32; shift += 8) {
        out += static_cast<char>((number >> shift) & 0xFFU);
    }
}

/// CRC-32 of `count` letters (RFC 1952, section 8).
std::uint32_t checksum(std::size_t count) {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t i = 0; i < table.size(); ++i) {
        std::uint32_t value = i;
        for (int bit = 0; bit < 8; ++bit) {
            value = (value & 1U) != 0 ? 0xEDB88320U ^ (value >> 1U) : value >> 1U;
        }
        table.at(i) = value;
    }
    std::uint32_t sum = 0xFFFFFFFFU;
    for (std::size_t i = 0; i < count; ++i) {
        sum = table[(sum ^ static_cast<unsigned char>(letter)) & 0xFFU] ^ (sum >> 8U);
    }
    return sum ^ 0xFFFFFFFFU;
}

}  // namespace

std::string gzip_of_letters(std::size_t repeats) {
    std::string out("\x1F\x8B\x08\0\0\0\0\0\0\x03", 10);
    BitWriter bits(out);
    bits.put(0b1, 1);   // last block
    bits.put(0b10, 2);  // fixed codes; this number alone stands least significant bit first
    bits.put(0x30 + letter, 8);
    for (std::size_t i = 0; i < repeats; ++i) {
        bits.put(0xC0 + 285 - 280, 8);  // length 258
        bits.put(0, 5);                 // distance 1
    }
    bits.put(0, 7);  // end of block
    bits.finish();
    put_number(out, checksum(letters_in(repeats)));
    put_number(out, static_cast<std::uint32_t>(letters_in(repeats)));
    return out;
}

}  // namespace caretaker::testing
