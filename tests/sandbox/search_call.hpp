// SPDX-License-Identifier: Apache-2.0
// One request at the fake search engine: taken apart, with what every answer begins with.
#pragma once

#include "common/http/http.hpp"
#include "tests/sandbox/search_state.hpp"

#include <rapidjson/document.h>

#include <cstddef>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker::sandbox {

/// A refusal, thrown by whatever finds it.
struct Refused {
    int status = 400;
    std::string type{};
    std::string reason{};
};

/// A JSON string with its quotes.
std::string json_text(std::string_view text);

std::vector<std::string> split(std::string_view text, char separator);

class SearchCall {
 public:
    /// Both must outlive this object. Throws Refused for a body that the version does not take.
    SearchCall(SearchState& state, const HttpRequest& request);

    [[nodiscard]] SearchState& state() const { return state_; }

    [[nodiscard]] const HttpRequest& request() const { return request_; }

    [[nodiscard]] HttpMethod method() const { return request_.method; }

    /// Decoded segments; a list of names keeps its commas.
    [[nodiscard]] const std::vector<std::string>& path() const { return path_; }

    [[nodiscard]] bool has_body() const { return has_body_; }

    [[nodiscard]] const rapidjson::Document& body() const { return body_; }

    [[nodiscard]] bool is(HttpMethod method, std::size_t segments) const {
        return request_.method == method && path_.size() == segments;
    }

    /// Empty when it is not there.
    [[nodiscard]] std::string parameter(const std::string& name) const;

    /// Parameters besides those are refused from 5.0 on.
    void allow(std::initializer_list<std::string_view> names) const;

    /// The indices behind a comma list of names, wildcards and aliases. Refused for a missing name.
    [[nodiscard]] std::vector<std::string> resolve(const std::string& list) const;

    /// Refused when one of them is blocked; `deletes`: for its deletion.
    void check_blocks(const std::vector<std::string>& names, bool deletes) const;

 private:
    void read_body();

    SearchState& state_;
    const HttpRequest& request_;
    std::vector<std::string> path_{};
    std::map<std::string, std::string> parameters_{};
    rapidjson::Document body_{};
    bool has_body_ = false;
};

}  // namespace caretaker::sandbox
