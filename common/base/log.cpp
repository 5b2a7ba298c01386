// SPDX-License-Identifier: Apache-2.0
#include "common/base/log.hpp"

#include "common/base/log_json.hpp"
#include "common/base/log_limits.hpp"
#include "common/text/redact.hpp"
#include "common/text/utf8.hpp"

#include <fmt/format.h>
#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <array>
#include <chrono>
#include <mutex>

namespace caretaker {

namespace {

spdlog::level::level_enum spdlog_level(LogLevel level) {
    static constexpr std::array levels{spdlog::level::trace,
                                       spdlog::level::debug,
                                       spdlog::level::info,
                                       spdlog::level::warn,
                                       spdlog::level::err,
                                       spdlog::level::off};
    return levels.at(static_cast<std::size_t>(level));
}

using TextFields = std::vector<std::pair<std::string, std::string>>;

constexpr std::array<std::string_view, 5> level_names{"trace", "debug", "info", "warning", "error"};

/// Replaces what could end a line, steer a terminal or is not UTF-8. Quoted text also escapes
/// quotes and line breaks; in a plain sentence line breaks stay.
std::string escape(std::string_view text, bool quoted) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const std::size_t length = utf8_sequence_length(text);
        const auto byte = static_cast<unsigned char>(text.front());
        if (length > 1) {
            out += text.substr(0, length);
        } else if (quoted && (byte == '"' || byte == '\\')) {
            out += {'\\', text.front()};
        } else if (byte == '\n' || byte == '\t') {
            out += quoted ? (byte == '\n' ? "\\n" : "\\t") : text.substr(0, 1);
        } else if (length == 0 || byte < 0x20 || byte == 0x7F) {
            out += fmt::format("\\x{:02x}", byte);
        } else {
            out += text.front();
        }
        text.remove_prefix(length == 0 ? 1 : length);
    }
    return out;
}

std::string quote(std::string_view text) {
    return fmt::format("\"{}\"", escape(text, true));
}

/// A logfmt value: bare where no reader could misunderstand it.
std::string field_value(std::string_view text) {
    const bool bare = !text.empty() && text.find_first_not_of(
                                           "abcdefghijklmnopqrstuvwxyz"
                                           "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                           "0123456789._:/@%+-") == std::string_view::npos;
    return bare ? std::string(text) : quote(text);
}

std::string format_fields(const TextFields& fields) {
    std::string out;
    for (const auto& [key, value] : fields) {
        out += fmt::format(" {}={}", key, field_value(value));
    }
    return out;
}

std::string_view plain_prefix(LogLevel level, bool colour) {
    switch (level) {
        case LogLevel::error:
            return colour ? "\x1B[31merror:\x1B[0m " : "error: ";
        case LogLevel::warning:
            return colour ? "\x1B[33mwarning:\x1B[0m " : "warning: ";
        case LogLevel::trace:
        case LogLevel::debug:
        case LogLevel::info:
        case LogLevel::off:
            break;
    }
    return "";
}

/// spdlog drops what stderr does not take, as a log must.
std::unique_ptr<spdlog::logger> make_logger(LogLevel level, LogFormat format) {
    auto logger =
        std::make_unique<spdlog::logger>("", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    logger->set_formatter(std::make_unique<spdlog::pattern_formatter>(
        format == LogFormat::logfmt ? "time=%Y-%m-%dT%H:%M:%S.%eZ level=%l msg=%v" : "%v",
        spdlog::pattern_time_type::utc));
    logger->set_level(spdlog_level(level));
    logger->set_error_handler([](const std::string&) {});
    return logger;
}

}  // namespace

/// Made by the first line that is written: most runs at a terminal write none.
struct Log::Sink {
    LogLevel level = LogLevel::info;
    std::mutex mutex{};  // libraries may log from threads of their own
    std::unique_ptr<spdlog::logger> logger{};
    LogLimits limits{};
    std::vector<std::string> secrets{};
    std::function<void()> prepare{};
    bool colour = false;
};

Log::Log(LogLevel level, LogFormat format) : sink_(std::make_unique<Sink>()), format_(format) {
    sink_->level = level;
}

Log::~Log() {
    if (const std::int64_t untold = sink_->limits.untold(); untold > 0) {
        write_line(LogLevel::warning,
                   fmt::format("{} messages were left out that repeat others", untold),
                   {});
    }
}

void Log::set_fields(std::initializer_list<LogField> fields) {
    common_fields_.assign(fields.begin(), fields.end());
}

void Log::hide(std::span<const std::string> secrets) {
    const std::lock_guard lock(sink_->mutex);
    sink_->secrets.insert(sink_->secrets.end(), secrets.begin(), secrets.end());
}

void Log::set_colour(bool on) {
    sink_->colour = on;
}

void Log::set_limit(std::uint64_t bytes) {
    sink_->limits.set_most_bytes(bytes);
}

void Log::before_line(std::function<void()> prepare) {
    sink_->prepare = std::move(prepare);
}

bool Log::shows(LogLevel level) const {
    return level >= sink_->level;
}

void Log::trace(std::string_view message, std::initializer_list<LogField> fields) {
    write(LogLevel::trace, message, fields);
}

void Log::debug(std::string_view message, std::initializer_list<LogField> fields) {
    write(LogLevel::debug, message, fields);
}

void Log::info(std::string_view message, std::initializer_list<LogField> fields) {
    write(LogLevel::info, message, fields);
}

void Log::warning(std::string_view message, std::initializer_list<LogField> fields) {
    write(LogLevel::warning, message, fields);
}

void Log::error(std::string_view message, std::initializer_list<LogField> fields) {
    write(LogLevel::error, message, fields);
}

void Log::write(LogLevel level, std::string_view message, std::initializer_list<LogField> fields) {
    if (!shows(level)) {
        return;
    }
    const std::lock_guard lock(sink_->mutex);
    const std::string text = cut_log_message(redact(message, sink_->secrets));
    if (level < LogLevel::info) {
        write_line(level, text, fields);
        return;
    }
    const auto left_out = sink_->limits.admit(text, std::chrono::steady_clock::now());
    if (left_out && *left_out > 0) {
        write_line(level, fmt::format("{} ({} times more since)", text, *left_out), fields);
    } else if (left_out) {
        write_line(level, text, fields);
    }
}

std::string Log::format_line(LogLevel level,
                             std::string_view message,
                             std::initializer_list<LogField> fields) const {
    TextFields own;
    for (const auto& [key, value] : fields) {
        own.emplace_back(key, redact(value, sink_->secrets));
    }
    if (format_ == LogFormat::plain) {
        // Sentences stand alone; who asks for debug wants the values too.
        return std::string(plain_prefix(level, sink_->colour)) + escape(message, false) +
               (level == LogLevel::debug ? format_fields(own) : std::string());
    }
    if (format_ == LogFormat::logfmt) {
        return quote(message) + format_fields(common_fields_) + format_fields(own);
    }
    own.insert(own.begin(), common_fields_.begin(), common_fields_.end());
    const auto now =
        std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    return format_log_json(now, level_names.at(static_cast<std::size_t>(level)), message, own);
}

void Log::write_line(LogLevel level,
                     std::string_view message,
                     std::initializer_list<LogField> fields) {
    const std::string line = format_line(level, message, fields);
    const auto room = sink_->limits.take(line.size());
    if (room == LogLimits::Room::first_no) {
        put(LogLevel::warning,
            format_line(LogLevel::warning,
                        "log.limit is reached: from here on only errors are written",
                        {}));
    }
    if (room == LogLimits::Room::yes || level >= LogLevel::error) {
        put(level, line);
    }
}

void Log::put(LogLevel level, const std::string& line) {
    if (!sink_->logger) {
        sink_->logger = make_logger(sink_->level, format_);
    }
    if (sink_->prepare) {
        sink_->prepare();
    }
    sink_->logger->log(spdlog_level(level), line);
}

}  // namespace caretaker
