// SPDX-License-Identifier: Apache-2.0
// Sets of ports, kept as ranges.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

/// Both ends belong to it.
struct PortRange {
    std::uint16_t begin = 0;
    std::uint16_t end = 0;

    friend bool operator==(const PortRange&, const PortRange&) = default;
};

/// How many ports the ranges hold together; for those of a PortSet.
std::int64_t count_ports(std::span<const PortRange> ranges);

/// Whether one of the ranges, sorted as those of a PortSet, holds `port`.
bool contains_port(std::span<const PortRange> ranges, std::uint16_t port);

/// Ranges in rising order that neither overlap nor touch.
class PortSet {
 public:
    PortSet() = default;

    /// Reads "[31000-31002, 31005-31005]", in any order, with or without blanks; "[]" is the empty
    /// set. Nothing for another text, for a range that ends before it begins, and beyond 65535.
    static std::optional<PortSet> parse(std::string_view text);

    /// False, and nothing changed, for a range that ends before it begins or beyond 65535.
    bool add(std::uint64_t begin, std::uint64_t end);

    void add(const PortSet& other);

    void remove(const PortSet& other);

    [[nodiscard]] std::span<const PortRange> ranges() const { return ranges_; }

    [[nodiscard]] bool is_empty() const { return ranges_.empty(); }

    [[nodiscard]] std::int64_t count() const { return count_ports(ranges_); }

    /// As Mesos writes it: "[31000-31002, 31005-31005]".
    [[nodiscard]] std::string text() const;

    friend bool operator==(const PortSet&, const PortSet&) = default;

 private:
    void normalize();

    std::vector<PortRange> ranges_{};
};

}  // namespace caretaker
