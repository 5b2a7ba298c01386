// SPDX-License-Identifier: Apache-2.0
// Windows as bytes for the store. A caught-up partition takes some 11 of them, one with ten points
// and large lags some 80.
//
// Byte 0: the version, 3. Then numbers (packed_bytes.hpp): the time of the newest point, the number
// of windows, and for each window, by partition:
//   - the distance to the partition before it less one, times 128, plus flags: 1 was ahead, 2 its
//     count of runs follows (else as many as the intervals), 4 its count of runs without a commit
//     follows (else 0), 8 the number of its points follows (else 1),
//     16 was owned, 32 the number of its early points and the seconds of them follow, 64 what the
//     last run found follows: 1 lost and the number of records, 2 ahead, 3 no topic, 4 no leader,
//     5 unknown
//   - its points from the newest to the oldest: the step of the offset, how long before the later
//     point (the newest: before the newest of all) it was seen, and the lag plus one, or 0 if not
//     known.
// Version 2 has 64 in the place of 128, and no findings; version 1 has 32 and no early points
// either.
// A run that learns nothing new comes to the same bytes, which need not be written again.
#pragma once

#include "jobs/lag/lag_window.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace caretaker {

/// Appends to `out`. `intervals` must be the same for packing and unpacking, else counts of runs
/// that were complete are taken for complete again.
void pack_windows(const WindowList& windows, std::int64_t intervals, std::string& out);

/// False, and `windows` empty, when the bytes are not of this form; never fails otherwise.
bool unpack_windows(std::string_view bytes, std::int64_t intervals, WindowList& windows);

}  // namespace caretaker
