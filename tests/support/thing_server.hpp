// SPDX-License-Identifier: Apache-2.0
// A service that has things and lets them be deleted; remembers how often each was.
#pragma once

#include "tests/support/fake_server.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

/// GET /things is a JSON array of {name, uuid, age_days, bytes}. DELETE /things/a,b deletes all of
/// them, or none when one is refused; 404 when none is there.
class ThingServer {
 public:
    /// `old` things named old-01, old-02 … of 40 days and `fresh` ones of 1 day.
    ThingServer(std::size_t old, std::size_t fresh);

    /// "http://127.0.0.1:<port>"
    [[nodiscard]] std::string url() const { return server_.url(""); }

    /// What a deletion of that name, alone or among others, gets instead.
    void on_delete(const std::string& name, ServedAnswer answer);

    /// What the list gets instead.
    void on_list(ServedAnswer answer);

    /// Says so in the Date header of each answer.
    void set_date(const std::string& date);

    /// Does what it is asked and says that it did, but the thing stays.
    void keep(const std::string& name);

    /// How many DELETE requests named it, answered or not.
    [[nodiscard]] int deletions(const std::string& name) const;

    [[nodiscard]] std::size_t size() const;

    [[nodiscard]] FakeServer& server() { return server_; }

 private:
    ServedAnswer serve(const HttpRequest& request);
    ServedAnswer serve_list() const;
    ServedAnswer serve_delete(std::string_view list);

    struct Thing {
        int age_days = 0;
        std::int64_t bytes = 0;
    };

    mutable std::mutex mutex_{};
    std::map<std::string, Thing> things_{};
    std::map<std::string, int> deletions_{};
    std::map<std::string, ServedAnswer> instead_{};
    std::map<std::string, bool> kept_{};
    std::optional<ServedAnswer> list_instead_{};
    std::string date_{};
    FakeServer server_{};  // last: it serves until it is gone
};

}  // namespace caretaker
