// SPDX-License-Identifier: Apache-2.0
// The log on stderr: plain sentences at a terminal, one logfmt line an event elsewhere.
#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace caretaker {

enum class LogLevel { trace, debug, info, warning, error, off };

enum class LogFormat { plain, logfmt };

using LogField = std::pair<std::string_view, std::string>;

class Log {
 public:
    Log(LogLevel level, LogFormat format);
    ~Log();
    Log(const Log&) = delete;
    Log& operator=(const Log&) = delete;

    /// Fields added to every later logfmt line, e.g. the job and the run id.
    void set_fields(std::initializer_list<LogField> fields);

    /// Whether a message of that level is written at all.
    [[nodiscard]] bool shows(LogLevel level) const;

    void trace(std::string_view message, std::initializer_list<LogField> fields = {});
    void debug(std::string_view message, std::initializer_list<LogField> fields = {});
    void info(std::string_view message, std::initializer_list<LogField> fields = {});
    void warning(std::string_view message, std::initializer_list<LogField> fields = {});
    void error(std::string_view message, std::initializer_list<LogField> fields = {});

 private:
    void write(LogLevel level, std::string_view message, std::initializer_list<LogField> fields);

    struct Sink;  // keeps spdlog out of this header
    std::unique_ptr<Sink> sink_;
    LogFormat format_;
    std::string common_fields_;
};

}  // namespace caretaker
