// SPDX-License-Identifier: Apache-2.0
// Saves what was read of a cluster, so that the same case can be judged again elsewhere.
#pragma once

#include "common/base/wall_time.hpp"
#include "common/json/json_view.hpp"
#include "common/output/json_writer.hpp"
#include "common/output/streamed_file.hpp"
#include "common/output/text_out.hpp"

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

/// Writes documents of the same shape as those read, with the members that are used and no others:
/// neither environments nor flags beyond those needed, so that no secret gets into a case.
class CaseWriter {
 public:
    /// Makes `directory` where its parent exists. Throws Error (exit 1).
    explicit CaseWriter(std::filesystem::path directory);

    /// What follows goes to NAME.json; the one before is complete.
    void begin(std::string_view name);

    /// A value from `pattern`, "/slaves/*".
    void add(std::string_view pattern, JsonView value);

    /// Begins the document anew: the answer broke off and comes once more.
    void restart();

    /// Ends the last document, and writes case.json with the time at which the case is judged.
    void finish(WallTime now);

 private:
    /// An array or object that is open in the document being written.
    struct Level {
        std::string segment{};          // of the pattern that leads here; "*" within an array
        std::set<std::string> names{};  // of the members written
        bool is_array = false;
    };

    void open_to(const std::vector<std::string>& segments);
    void close_to(std::size_t depth);
    void open(const std::string& segment, bool is_array);
    void end();

    std::filesystem::path directory_;
    std::string name_{};
    std::optional<StreamedFile> file_{};
    std::optional<TextOut> out_{};
    std::optional<JsonWriter> json_{};
    std::vector<Level> levels_{};
};

}  // namespace caretaker
