// SPDX-License-Identifier: Apache-2.0
// What the log writes to standard error.
#include "common/base/log.hpp"

#include "common/base/fd.hpp"
#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <functional>
#include <iterator>
#include <regex>
#include <string>
#include <vector>

namespace caretaker {
namespace {

/// Runs `write` with standard error sent to `path`.
void with_stderr_to(const std::string& path, const std::function<void()>& write) {
    std::fflush(stderr);
    const Fd saved(::dup(STDERR_FILENO));
    const Fd target(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600));
    ::dup2(target.get(), STDERR_FILENO);
    write();
    std::fflush(stderr);
    ::dup2(saved.get(), STDERR_FILENO);
    std::clearerr(stderr);
}

std::string written_by(const std::function<void()>& write) {
    const TempDir dir;
    with_stderr_to(dir.file("stderr"), write);
    std::ifstream file(dir.file("stderr"));
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string plain(std::string_view message) {
    return written_by([&] { Log(LogLevel::info, LogFormat::plain).info(message); });
}

/// The line without its time.
std::string logfmt(std::string_view message, std::initializer_list<LogField> fields) {
    const std::string line =
        written_by([&] { Log(LogLevel::info, LogFormat::logfmt).info(message, fields); });
    return line.substr(std::min(line.find(" level=") + 1, line.size()));
}

TEST(PlainLog, WritesSentencesWithTheirWeight) {
    EXPECT_EQ(written_by([] {
                  Log log(LogLevel::debug, LogFormat::plain);
                  log.set_fields({{"run", "0192f"}});
                  log.info("6 groups checked");
                  log.warning("the store is on a tmpfs", {{"path", "/tmp"}});
                  log.error("asking kafka: timed out");
                  log.debug("GET http://es1:9200/", {{"ms", "12"}});
              }),
              "6 groups checked\n"
              "warning: the store is on a tmpfs\n"
              "error: asking kafka: timed out\n"
              "GET http://es1:9200/ ms=12\n");
}

TEST(PlainLog, LetsNoMessageSteerTheTerminal) {
    EXPECT_EQ(plain("a\x1B[2Jb\rc\x7F\xFF\xC3\xA4 {} %v"),
              "a\\x1b[2Jb\\x0dc\\x7f\\xff\xC3\xA4 {} %v\n");
    EXPECT_EQ(plain("two\nlines\tand a tab"), "two\nlines\tand a tab\n");
}

TEST(LogfmtLog, WritesTimeLevelMessageAndFields) {
    const std::string line = written_by([] {
        Log log(LogLevel::info, LogFormat::logfmt);
        log.set_fields({{"job", "lag"}, {"run", "0192f"}});
        log.warning("no answer", {{"url", "http://es1:9200/_cat"}});
    });
    EXPECT_TRUE(std::regex_match(
        line,
        std::regex(R"(time=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z level=warning msg="no answer" )"
                   R"(job=lag run=0192f url=http://es1:9200/_cat\n)")))
        << line;
}

TEST(LogfmtLog, QuotesWhatAReaderCouldMisunderstand) {
    EXPECT_EQ(logfmt("m", {{"a", ""}, {"b", "x y"}, {"c", "x=y"}, {"d", "\"\\"}, {"e", "-1.5%"}}),
              "level=info msg=\"m\" a=\"\" b=\"x y\" c=\"x=y\" d=\"\\\"\\\\\" e=-1.5%\n");
    EXPECT_EQ(logfmt("a\nb\tc\x01\xFF\xC3\xA4\"", {{"v", "\n"}}),
              "level=info msg=\"a\\nb\\tc\\x01\\xff\xC3\xA4\\\"\" v=\"\\n\"\n");
}

TEST(PlainLog, ColoursTheWeightOnlyWhenAsked) {
    EXPECT_EQ(written_by([] {
                  Log log(LogLevel::info, LogFormat::plain);
                  log.set_colour(true);
                  log.info("i");
                  log.warning("w");
                  log.error("e");
              }),
              "i\n\x1B[33mwarning:\x1B[0m w\n\x1B[31merror:\x1B[0m e\n");
}

TEST(JsonLog, WritesOneObjectALineInTheCommonNames) {
    const std::string line = written_by([] {
        Log log(LogLevel::info, LogFormat::json);
        log.set_fields({{"job", "lag"}, {"run", "0192f"}});
        log.warning(
            "no \"answer\"\n\x01"
            "\xFF",
            {{"error", "es_unreachable"}, {"host", "a1"}});
    });
    const std::string front = R"({"@timestamp":"2026-05-04T03:15:07.123Z",)";
    EXPECT_TRUE(line.starts_with(R"({"@timestamp":"2)")) << line;
    EXPECT_EQ(line.substr(std::min(line.size(), front.size())),
              R"("log.level":"warning","message":"no \"answer\"\n\u0001)"
              "\xEF\xBF\xBD"
              R"(","caretaker.job":"lag","caretaker.run":"0192f","error.code":"es_unreachable",)"
              R"("host.name":"a1"})"
              "\n");
}

TEST(Log, HidesSecretsInMessagesAndFields) {
    const std::vector<std::string> secrets{"hunter2-token"};
    for (const LogFormat format : {LogFormat::plain, LogFormat::logfmt, LogFormat::json}) {
        const std::string text = written_by([&] {
            Log log(LogLevel::trace, format);
            log.hide(secrets);
            log.error("the server said hunter2-token", {{"seen", "xhunter2-tokenx"}});
            log.debug("GET http://ann:geheim@es1/", {{"url", "http://ann:geheim@es1/"}});
        });
        EXPECT_EQ(text.find("hunter2"), std::string::npos) << text;
        EXPECT_EQ(text.find("geheim"), std::string::npos) << text;
        EXPECT_NE(text.find("***"), std::string::npos) << text;
    }
}

TEST(Log, LeavesOutWhatItSaidOftenAndSaysSoAtItsEnd) {
    EXPECT_EQ(written_by([] {
                  Log log(LogLevel::info, LogFormat::plain);
                  for (int i = 0; i < 8; ++i) {
                      log.warning("no answer");
                  }
                  log.warning("another");
              }),
              "warning: no answer\nwarning: no answer\nwarning: no answer\nwarning: no answer\n"
              "warning: no answer\nwarning: another\n"
              "warning: 3 messages were left out that repeat others\n");
}

TEST(Log, EndsAtItsLimitButForErrors) {
    EXPECT_EQ(written_by([] {
                  Log log(LogLevel::info, LogFormat::plain);
                  log.set_limit(10);
                  log.info("0123456789");
                  log.info("more");
                  log.warning("still more");
                  log.error("gone");
              }),
              "0123456789\nwarning: log.limit is reached: from here on only errors are written\n"
              "error: gone\n");
}

TEST(Log, PreparesForEachLine) {
    int lines = 0;
    written_by([&] {
        Log log(LogLevel::info, LogFormat::plain);
        log.before_line([&] { ++lines; });
        log.debug("not written");
        log.info("one");
        log.info("two");
    });
    EXPECT_EQ(lines, 2);
}

TEST(Log, WritesNothingBelowItsLevel) {
    EXPECT_EQ(written_by([] {
                  Log log(LogLevel::error, LogFormat::plain);
                  log.debug("d");
                  log.info("i");
                  log.warning("w");
              }),
              "");
    EXPECT_EQ(written_by([] { Log(LogLevel::off, LogFormat::plain).error("e"); }), "");
}

TEST(Log, GoesOnWhenStandardErrorTakesNothing) {
    with_stderr_to("/dev/full", [] {
        Log log(LogLevel::info, LogFormat::logfmt);
        for (int i = 0; i < 100; ++i) {
            log.info(std::string(1'000, 'x'));
        }
    });
    EXPECT_EQ(plain("still here"), "still here\n");
}

}  // namespace
}  // namespace caretaker
