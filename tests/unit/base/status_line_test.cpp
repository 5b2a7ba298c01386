// SPDX-License-Identifier: Apache-2.0
// What SIGUSR1 prints.
#include "common/base/status_line.hpp"

#include "common/base/fd.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

#include <array>
#include <string>

namespace caretaker {
namespace {

/// The line, without the seconds at its end.
std::string line_of(const StatusLine& status) {
    std::array<int, 2> ends{};
    EXPECT_EQ(::pipe(ends.data()), 0);
    const Fd read_end(ends[0]);
    const Fd write_end(ends[1]);
    status.write_to(write_end.get());
    std::array<char, 2048> buffer{};
    const auto length = ::read(read_end.get(), buffer.data(), buffer.size());
    const std::string line(buffer.data(), static_cast<std::size_t>(length));
    EXPECT_TRUE(line.ends_with(" s\n")) << line;
    return line.substr(0, line.rfind(", "));
}

TEST(StatusLine, SaysThatTheProgramStarts) {
    EXPECT_EQ(line_of(StatusLine()), "caretaker: starting");
}

TEST(StatusLine, SaysHowFarAStageIs) {
    StatusLine status;
    status.set_run("lag prod run 5b1c09af");
    status.begin("reading committed offsets", "groups", 600);
    status.update(120);
    EXPECT_EQ(line_of(status),
              "caretaker lag prod run 5b1c09af: reading committed offsets, 120 of 600 groups");
}

TEST(StatusLine, CountsWithoutATotal) {
    StatusLine status;
    status.begin("listing", "files", std::nullopt);
    EXPECT_EQ(line_of(status), "caretaker: listing");
    status.update(7);
    EXPECT_EQ(line_of(status), "caretaker: listing, 7 files");
}

TEST(StatusLine, BeginsEachStageAtZero) {
    StatusLine status;
    status.begin("one", "files", 10);
    status.update(9);
    status.begin("two", {}, 3);
    EXPECT_EQ(line_of(status), "caretaker: two, 0 of 3");
}

TEST(StatusLine, CutsWhatIsTooLong) {
    StatusLine status;
    status.set_run(std::string(1000, 'r'));
    status.begin(std::string(1000, 'd'), std::string(1000, 'u'), 1);
    EXPECT_LT(line_of(status).size(), 512U);
}

class Recorder final : public Progress {
 public:
    void begin(std::string_view doing,
               std::string_view /*unit*/,
               std::optional<std::int64_t> /*total*/) override {
        seen += doing;
    }

    void update(std::int64_t done) override { seen += ' ' + std::to_string(done); }

    std::string seen{};
};

TEST(StatusLine, PassesProgressOn) {
    Recorder next;
    StatusLine status;
    status.forward_to(&next);
    status.begin("reading", {}, 2);
    status.update(1);
    EXPECT_EQ(next.seen, "reading 1");
}

}  // namespace
}  // namespace caretaker
