// SPDX-License-Identifier: Apache-2.0
#include "common/base/log.hpp"

#include "common/text/utf8.hpp"

#include <fmt/format.h>
#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <array>
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

std::string format_fields(std::initializer_list<LogField> fields) {
    std::string out;
    for (const auto& [key, value] : fields) {
        out += fmt::format(" {}={}", key, field_value(value));
    }
    return out;
}

std::string_view plain_prefix(LogLevel level) {
    switch (level) {
        case LogLevel::error:
            return "error: ";
        case LogLevel::warning:
            return "warning: ";
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
        format == LogFormat::plain ? "%v" : "time=%Y-%m-%dT%H:%M:%S.%eZ level=%l msg=%v",
        spdlog::pattern_time_type::utc));
    logger->set_level(spdlog_level(level));
    logger->set_error_handler([](const std::string&) {});
    return logger;
}

}  // namespace

/// Made by the first line that is written: most runs at a terminal write none.
struct Log::Sink {
    LogLevel level = LogLevel::info;
    std::once_flag made{};
    std::unique_ptr<spdlog::logger> logger{};
};

Log::Log(LogLevel level, LogFormat format) : sink_(std::make_unique<Sink>()), format_(format) {
    sink_->level = level;
}

Log::~Log() = default;

void Log::set_fields(std::initializer_list<LogField> fields) {
    common_fields_ = format_fields(fields);
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
    std::call_once(sink_->made, [&] { sink_->logger = make_logger(sink_->level, format_); });
    std::string line;
    if (format_ == LogFormat::logfmt) {
        line = quote(message) + common_fields_ + format_fields(fields);
    } else {
        line = std::string(plain_prefix(level)) + escape(message, false);
        if (level ==
            LogLevel::debug) {  // sentences stand alone; who asks for debug wants the values too
            line += format_fields(fields);
        }
    }
    sink_->logger->log(spdlog_level(level), line);
}

}  // namespace caretaker
