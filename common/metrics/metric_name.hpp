// SPDX-License-Identifier: Apache-2.0
// Names that every StatsD server stores as they were sent: cleaned segments joined by dots.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace caretaker {

inline constexpr std::size_t max_segment_length = 64;
inline constexpr std::size_t max_name_length = 200;

/// Keeps ASCII letters, digits, `_` and `-`; any other byte becomes `_`, runs of `_` become one,
/// those at the ends go. Nothing left: "unknown". Longer than 64 bytes: the first 55, `_` and 8 hex
/// digits of a hash over `raw`. Bytes of `also_kept` stay as well.
std::string clean_segment(std::string_view raw, std::string_view also_kept = {});

/// Segments joined by dots; longer than 200 bytes: the first 191, `_` and 8 hex digits of a hash.
std::string join_segments(const std::vector<std::string>& segments);

/// Finds the raw texts of one run that cleaning would make equal and keeps them apart. All texts
/// are added before the first is asked for.
class SegmentNames {
 public:
    /// `also_kept_in_labels`: bytes that segments with a scope keep besides the usual ones.
    explicit SegmentNames(std::string_view also_kept_in_labels = {})
        : also_kept_(also_kept_in_labels) {}

    /// `raw` as a segment of kind `scope`, e.g. the label's key: only texts of one scope can
    /// collide.
    void add(std::string_view scope, std::string_view raw);

    /// The cleaned text; with `_` and 8 hex digits of a hash when cleaning changed it into the text
    /// of another segment of that scope.
    [[nodiscard]] std::string text(std::string_view scope, std::string_view raw) const;

 private:
    using Key = std::pair<std::string, std::string>;  // scope, raw or cleaned text

    std::string also_kept_;
    std::map<Key, std::string> cleaned_;    // by raw text
    std::map<Key, std::size_t> raw_texts_;  // how many, by cleaned text
};

}  // namespace caretaker
