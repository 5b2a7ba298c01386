// SPDX-License-Identifier: Apache-2.0
// JSON documents that are sent while they are made, so that their size does not matter.
#pragma once

#include "tests/support/fake_server.hpp"
#include "tests/support/served_stream.hpp"

#include <rapidjson/document.h>
#include <rapidjson/writer.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace caretaker::sandbox {

/// A RapidJSON output stream that hands on what it has in pieces of 64 KiB.
class DocumentStream {
 public:
    using Ch = char;

    /// `write` returns false once nobody takes more.
    explicit DocumentStream(std::function<bool(std::string_view)> write)
        : write_(std::move(write)) {}

    void Put(char letter) {  // NOLINT(readability-identifier-naming): RapidJSON calls it
        buffer_ += letter;
        if (buffer_.size() >= piece) {
            send();
        }
    }

    void Flush() {}  // NOLINT(readability-identifier-naming): after each document part

    /// Hands on what is left.
    void finish() { send(); }

    [[nodiscard]] bool is_open() const { return is_open_; }

 private:
    static constexpr std::size_t piece = std::size_t{64} * 1024;

    void send() {
        is_open_ = is_open_ && (buffer_.empty() || write_(buffer_));
        buffer_.clear();
    }

    std::function<bool(std::string_view)> write_;
    std::string buffer_{};
    bool is_open_ = true;
};

/// Writes members and values by their type. Numbers look as Mesos writes them: every floating
/// point number has a point.
class Json {
 public:
    /// With `has_points` off, whole numbers are written without a point, as Mesos 0.x does.
    explicit Json(DocumentStream& stream, bool has_points = true)
        : stream_(&stream), writer_(stream), has_points_(has_points) {}

    [[nodiscard]] bool is_open() const { return stream_->is_open(); }

    Json& begin_object() { return writer_.StartObject(), *this; }

    Json& begin_object(std::string_view name) { return key(name).begin_object(); }

    Json& end_object() { return writer_.EndObject(), *this; }

    Json& begin_array() { return writer_.StartArray(), *this; }

    Json& begin_array(std::string_view name) { return key(name).begin_array(); }

    Json& end_array() { return writer_.EndArray(), *this; }

    Json& key(std::string_view name) {
        writer_.Key(name.data(), static_cast<rapidjson::SizeType>(name.size()));
        return *this;
    }

    Json& text(std::string_view value) {
        writer_.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
        return *this;
    }

    Json& text(std::string_view name, std::string_view value) { return key(name).text(value); }

    Json& number(double value);

    Json& number(std::string_view name, double value) { return key(name).number(value); }

    Json& integer(std::int64_t value) { return writer_.Int64(value), *this; }

    Json& integer(std::string_view name, std::int64_t value) { return key(name).integer(value); }

    Json& flag(bool value) { return writer_.Bool(value), *this; }

    Json& flag(std::string_view name, bool value) { return key(name).flag(value); }

    Json& null(std::string_view name) { return key(name), writer_.Null(), *this; }

    /// A value that is JSON already.
    Json& raw(std::string_view json);

    Json& raw(std::string_view name, std::string_view json) { return key(name).raw(json); }

    /// {"name": "value", …}
    Json& texts(std::string_view name, const std::map<std::string, std::string>& values);

 private:
    DocumentStream* stream_;
    rapidjson::Writer<DocumentStream> writer_;
    bool has_points_;
};

/// An answer of type application/json whose body `write` makes while it is sent.
ServedAnswer document_answer(std::function<void(Json&)> write, bool has_points = true);

/// A value as JSON again.
std::string format_value(const rapidjson::Value& value);

/// The whole document.
std::string format_document(const std::function<void(Json&)>& write, bool has_points = true);

}  // namespace caretaker::sandbox
