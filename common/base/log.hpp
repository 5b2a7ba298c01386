// SPDX-License-Identifier: Apache-2.0
// The log on stderr: plain sentences at a terminal, one line of logfmt or JSON an event elsewhere.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace caretaker {

enum class LogLevel { trace, debug, info, warning, error, off };

enum class LogFormat {
    plain,
    logfmt,
    json,  // the fields of the Elastic Common Schema where it has one, else caretaker.<name>
};

using LogField = std::pair<std::string_view, std::string>;

/// Says little even when there is much to say: see LogLimits. Trace and debug lines may repeat.
class Log {
 public:
    Log(LogLevel level, LogFormat format);

    /// Says how many messages were left out.
    ~Log();
    Log(const Log&) = delete;
    Log& operator=(const Log&) = delete;

    /// Fields added to every later line of logfmt and JSON, e.g. the job and the run id.
    void set_fields(std::initializer_list<LogField> fields);

    /// Literal texts that stand in no later line; comes on top of earlier ones. What looks like a
    /// secret (redact()) never does.
    void hide(std::span<const std::string> secrets);

    /// Warnings and errors of plain lines in colour.
    void set_colour(bool on);

    /// Most bytes to write; errors go beyond it.
    void set_limit(std::uint64_t bytes);

    /// Called before each line, e.g. to take a progress bar away.
    void before_line(std::function<void()> prepare);

    /// Whether a message of that level is written at all.
    [[nodiscard]] bool shows(LogLevel level) const;

    void trace(std::string_view message, std::initializer_list<LogField> fields = {});
    void debug(std::string_view message, std::initializer_list<LogField> fields = {});
    void info(std::string_view message, std::initializer_list<LogField> fields = {});
    void warning(std::string_view message, std::initializer_list<LogField> fields = {});
    void error(std::string_view message, std::initializer_list<LogField> fields = {});

 private:
    void write(LogLevel level, std::string_view message, std::initializer_list<LogField> fields);
    [[nodiscard]] std::string format_line(LogLevel level,
                                          std::string_view message,
                                          std::initializer_list<LogField> fields) const;
    void write_line(LogLevel level,
                    std::string_view message,
                    std::initializer_list<LogField> fields);
    void put(LogLevel level, const std::string& line);

    struct Sink;  // keeps spdlog out of this header
    std::unique_ptr<Sink> sink_;
    LogFormat format_;
    std::vector<std::pair<std::string, std::string>> common_fields_;
};

}  // namespace caretaker
