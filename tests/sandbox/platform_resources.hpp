// SPDX-License-Identifier: Apache-2.0
// Resources as Mesos counts them: scalars in thousandths, ranges, sets, reservations, disks.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker::sandbox {

/// Both ends belong to it.
struct FakeRange {
    std::int64_t begin = 0;
    std::int64_t end = 0;

    friend bool operator==(const FakeRange&, const FakeRange&) = default;
};

struct FakeReservation {
    bool is_dynamic = false;  // made by a framework or operator; else by the agent's flags
    std::string role{};
    std::string principal{};
    std::map<std::string, std::string> labels{};

    friend bool operator==(const FakeReservation&, const FakeReservation&) = default;
};

/// One entry of a typed list of resources.
struct FakeResource {
    std::string name{};                           // cpus, mem (MB), disk (MB), gpus, ports, …
    std::int64_t milli = 0;                       // of a scalar
    std::vector<FakeRange> ranges{};              // not empty: it is of type RANGES
    std::vector<std::string> items{};             // not empty: it is of type SET
    std::vector<FakeReservation> reservations{};  // the last one is in force
    std::string source{};                         // of a disk: PATH, MOUNT; empty: the root disk
    std::string source_root{};
    std::string volume_id{};  // of a persistent volume
    std::string volume_path{};
    bool is_revocable = false;
    std::string allocated_to{};  // role, where it is used or offered

    [[nodiscard]] bool is_scalar() const { return ranges.empty() && items.empty(); }

    /// In force; "*" without a reservation.
    [[nodiscard]] std::string_view role() const;
};

FakeResource make_scalar(std::string name, std::int64_t milli);

FakeResource make_ports(std::int64_t begin, std::int64_t end);

/// Whether both differ in nothing but their amount.
bool is_same_kind(const FakeResource& a, const FakeResource& b);

/// Adds to the entry of the same kind, or appends one. Nothing for an amount of 0.
void add_resource(std::vector<FakeResource>& list, FakeResource added);

/// Takes from the entry of the same kind; it goes when it is used up. Amounts below 0 stay 0.
void subtract_resource(std::vector<FakeResource>& list, const FakeResource& taken);

/// Sorted, with neighbours joined.
std::vector<FakeRange> join_ranges(std::vector<FakeRange> ranges);

/// Without the numbers of `taken`.
std::vector<FakeRange> subtract_ranges(std::vector<FakeRange> ranges,
                                       const std::vector<FakeRange>& taken);

/// "[31000-31002, 31005-31005]"
std::string format_ranges(const std::vector<FakeRange>& ranges);

/// The sum of the scalars of that name, in thousandths.
std::int64_t sum_milli(const std::vector<FakeResource>& list, std::string_view name);

}  // namespace caretaker::sandbox
