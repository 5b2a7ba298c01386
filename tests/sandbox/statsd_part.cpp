// SPDX-License-Identifier: Apache-2.0
// The sandbox's StatsD: a listener that writes down what arrives.
#include "common/base/error.hpp"
#include "tests/sandbox/sandbox_part.hpp"
#include "tests/sandbox/statsd_listener.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cstdio>
#include <fstream>

namespace caretaker::sandbox {

namespace {

class StatsdPart final : public SandboxPart {
 public:
    [[nodiscard]] std::string_view name() const override { return "statsd"; }

    std::string_view describe(CLI::App& app) override {
        app.add_option("--statsd-log", log_path_, "Append the StatsD lines received to this file");
        app.add_flag("--print-statsd", print_, "Print the StatsD lines received to stderr");
        return {};
    }

    void start(const SandboxOptions& /*options*/) override {
        if (!log_path_.empty()) {
            log_.open(log_path_, std::ios::app);
            if (!log_) {
                throw UsageError(fmt::format("opening --statsd-log {} failed", log_path_));
            }
        }
        constexpr std::size_t keep_nothing = 0;
        listener_ = std::make_unique<StatsdListener>([this](std::string_view line) { write(line); },
                                                     keep_nothing);
    }

    void write_addresses(JsonWriter& json) const override {
        json.StartObject();
        json.Key("address");
        json.String(listener_->address().c_str());
        json.EndObject();
    }

    void write_counts(JsonWriter& json) const override {
        json.StartObject();
        json.Key("datagrams");
        json.Uint64(listener_->datagrams());
        json.Key("largest_datagram");
        json.Uint64(listener_->largest_datagram());
        json.EndObject();
    }

    void advance(std::chrono::seconds /*duration*/) override {}

    std::optional<std::string> command(std::string_view /*line*/) override { return std::nullopt; }

    [[nodiscard]] std::string_view command_help() const override { return {}; }

 private:
    void write(std::string_view line) {
        if (log_.is_open()) {
            log_ << line << '\n' << std::flush;
        }
        if (print_) {
            fmt::print(stderr, "{}\n", line);
        }
    }

    std::string log_path_;
    bool print_ = false;
    std::ofstream log_;
    std::unique_ptr<StatsdListener> listener_;
};

}  // namespace

std::unique_ptr<SandboxPart> make_statsd_part() {
    return std::make_unique<StatsdPart>();
}

}  // namespace caretaker::sandbox
