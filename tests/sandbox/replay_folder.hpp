// SPDX-License-Identifier: Apache-2.0
// Recorded exchanges of an HTTP service, found again by what is asked.
#pragma once

#include "common/http/http.hpp"

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker::sandbox {

struct RecordedExchange {
    std::string name{};  // of the file, without its suffix
    HttpMethod method = HttpMethod::get;
    std::string target{};
    std::string body{};                 // of the request
    std::vector<HttpHeader> headers{};  // that a request must have, e.g. Accept-Encoding
    std::string answer{};               // its bytes, from the status line on
};

/// Reads a folder with those below it. NAME.http holds an answer as it came from the socket. Its
/// request is in NAME.request, byte for byte, or in INDEX.tsv of the folder or a folder above
/// ("NAME<tab>GET /path…"). An answer with neither cannot be asked for and is left out. Throws
/// UsageError for a folder that cannot be read or has none.
std::vector<RecordedExchange> read_replay_folder(const std::filesystem::path& folder);

/// Finds answers; where one request was recorded several times, they come in turn by name, the
/// last one again and again.
class Replay {
 public:
    explicit Replay(std::vector<RecordedExchange> exchanges);

    /// The bytes of an answer; empty when nothing like it was asked. A JSON body matches one with
    /// the same members, or, where none has, one with the same "type".
    const std::string& find(const HttpRequest& request);

    [[nodiscard]] const std::vector<RecordedExchange>& exchanges() const { return exchanges_; }

 private:
    std::vector<RecordedExchange> exchanges_;
    std::map<std::vector<std::size_t>, std::size_t> given_{};  // how often each set was asked for
};

}  // namespace caretaker::sandbox
