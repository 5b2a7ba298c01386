// SPDX-License-Identifier: Apache-2.0
// The sandbox's search engine, with a platform's indices.
#include "common/base/error.hpp"
#include "tests/sandbox/fake_search.hpp"
#include "tests/sandbox/sandbox_part.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace caretaker::sandbox {

namespace {

class SearchPart final : public SandboxPart {
 public:
    explicit SearchPart(std::unique_ptr<FakeSearch>& search) : search_(search) {}

    [[nodiscard]] std::string_view name() const override { return "search"; }

    std::string_view describe(CLI::App& app) override {
        app.add_option("--search-version",
                       version_,
                       "What the search engine is: opensearch-2.19.3, elasticsearch-7.17.28, …")
            ->capture_default_str();
        return {};
    }

    void start(const SandboxOptions& options) override {
        const auto version = parse_search_version(version_);
        if (!version) {
            throw UsageError(fmt::format(
                "--search-version: '{}' is none; write opensearch-2.19.3 or elasticsearch-7.17.28",
                version_));
        }
        search_ = std::make_unique<FakeSearch>(*version);
        search_->with_state([&](SearchState& state) { fill_demo_indices(state, options.seed); });
    }

    void write_addresses(JsonWriter& json) const override {
        json.StartObject();
        json.Key("url");
        json.String(search_->url().c_str());
        json.EndObject();
    }

    void write_counts(JsonWriter& json) const override {
        json.StartObject();
        for (const auto& [method, count] : search_->request_counts()) {
            json.Key(method.c_str());
            json.Uint64(count);
        }
        json.EndObject();
    }

    void advance(std::chrono::seconds /*duration*/) override {}

    std::optional<std::string> command(std::string_view line) override {
        if (!match_command(line, "indices")) {
            return std::nullopt;
        }
        return search_->with_state([](const SearchState& state) {
            std::string names;
            for (const auto& [name, index] : state.indices) {
                names += (names.empty() ? "" : " ") + name;
            }
            return names;
        });
    }

    [[nodiscard]] std::string_view command_help() const override { return "indices"; }

 private:
    std::string version_ = "opensearch-2.19.3";
    std::unique_ptr<FakeSearch>& search_;
};

}  // namespace

std::unique_ptr<SandboxPart> make_search_part(std::unique_ptr<FakeSearch>& search) {
    return std::make_unique<SearchPart>(search);
}

}  // namespace caretaker::sandbox
