// SPDX-License-Identifier: Apache-2.0
#include "common/metrics/metric_name.hpp"

#include "common/text/stable_hash.hpp"

namespace caretaker {

namespace {

constexpr std::size_t hash_suffix_length = 9;

/// The front of `text` that leaves room for the suffix, and the suffix.
std::string with_hash(std::string_view text, std::string_view hashed, std::size_t max_length) {
    std::string out(text.substr(0, max_length - hash_suffix_length));
    if (!out.ends_with('_')) {
        out += '_';
    }
    out += hex16(stable_hash(hashed)).substr(8);
    return out;
}

bool is_kept(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
}

}  // namespace

std::string clean_segment(std::string_view raw, std::string_view also_kept) {
    std::string out;
    for (const char c : raw) {
        if (is_kept(c) || also_kept.find(c) != std::string_view::npos) {
            out += c;
        } else if (!out.empty() && out.back() != '_') {
            out += '_';
        }
    }
    if (out.ends_with('_')) {
        out.pop_back();
    }
    if (out.empty()) {
        return "unknown";
    }
    return out.size() <= max_segment_length ? out : with_hash(out, raw, max_segment_length);
}

std::string join_segments(const std::vector<std::string>& segments) {
    std::string name;
    for (const std::string& segment : segments) {
        if (!name.empty()) {
            name += '.';
        }
        name += segment;
    }
    return name.size() <= max_name_length ? name : with_hash(name, name, max_name_length);
}

void SegmentNames::add(std::string_view scope, std::string_view raw) {
    const auto [entry, is_new] = cleaned_.try_emplace(Key(scope, raw));
    if (is_new) {
        entry->second = clean_segment(raw, scope.empty() ? std::string_view{} : also_kept_);
        ++raw_texts_[Key(scope, entry->second)];
    }
}

std::string SegmentNames::text(std::string_view scope, std::string_view raw) const {
    const std::string& cleaned = cleaned_.at(Key(scope, raw));
    const bool shared = raw_texts_.at(Key(scope, cleaned)) > 1;
    return shared && cleaned != raw ? with_hash(cleaned, raw, max_segment_length) : cleaned;
}

}  // namespace caretaker
