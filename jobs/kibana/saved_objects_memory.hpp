// SPDX-License-Identifier: Apache-2.0
// How much was written to the indices in which Kibanas up to 5 keep their objects, from round to
// round. No IO.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace caretaker {

/// `indexing.index_total` of the primary shards, by id of the app.
using SavedObjectsMemory = std::map<std::string, std::int64_t, std::less<>>;

/// Remembers `total`; true where the app's index was written to since the last time. A shard that
/// has moved or was restarted counts anew, so a smaller number says nothing; neither does a first.
bool note_index_total(SavedObjectsMemory& memory, const std::string& app, std::int64_t total);

std::string encode_saved_objects(const SavedObjectsMemory& memory);

/// Throws JsonError for a text that was not written by encode_saved_objects().
SavedObjectsMemory decode_saved_objects(std::string_view text);

}  // namespace caretaker
