// SPDX-License-Identifier: Apache-2.0
// The tests' own tool for starting programs: nothing is lost, nothing is left running.
#include "tests/support/child_process.hpp"

#include "common/base/fd.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <string>
#include <system_error>

namespace caretaker::testing {
namespace {

using namespace std::chrono_literals;

Command shell(const std::string& script) {
    Command command;
    command.argv = {"sh", "-c", script};
    return command;
}

TEST(ChildProcess, KeepsBothStreamsAndTheExitCodeApart) {
    const Finished finished = run_command(shell("echo one; echo two >&2; exit 7"));
    EXPECT_EQ(finished.out, "one\n");
    EXPECT_EQ(finished.err, "two\n");
    EXPECT_EQ(finished.status.code, 7);
    EXPECT_EQ(finished.status.signal, 0);
}

TEST(ChildProcess, KeepsMoreOutputThanAPipeHolds) {
    const Finished finished = run_command(shell("head -c 1000000 /dev/zero; echo end >&2"));
    EXPECT_EQ(finished.out.size(), 1'000'000U);
    EXPECT_EQ(finished.err, "end\n");
}

TEST(ChildProcess, SaysWhichSignalEndedIt) {
    const Finished finished = run_command(shell("kill -TERM $$"));
    EXPECT_EQ(finished.status.signal, SIGTERM);
    EXPECT_EQ(finished.status.code, 143);
}

TEST(ChildProcess, ThrowsWhenTheProgramDoesNotExist) {
    Command command;
    command.argv = {"/nonexistent/program"};
    EXPECT_THROW(run_command(command), std::system_error);
    command.argv = {"no-program-of-this-name"};
    EXPECT_THROW(run_command(command), std::system_error);
}

TEST(ChildProcess, PassesInputEnvironmentAndDirectory) {
    Command command = shell("cat; echo $ONE-${HOME-unset}; pwd");
    command.input = "from outside\n";
    command.environment = {{"ONE", "1"}, {"HOME", std::nullopt}};
    command.directory = "/";
    EXPECT_EQ(run_command(command).out, "from outside\n1-unset\n/\n");
}

TEST(ChildProcess, StartsWithAnEmptyEnvironmentWhenAsked) {
    Command command;
    command.argv = {"env"};
    command.inherit_environment = false;
    command.environment = {{"ONLY", "this"}};
    EXPECT_EQ(run_command(command).out, "ONLY=this\n");
}

TEST(ChildProcess, WritesToADeviceAndToACallersDescriptor) {
    Command full = shell("echo lost");
    full.out = Output::file("/dev/full");
    EXPECT_NE(run_command(full).status.code, 0);

    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe(ends.data()), 0);
    const Fd read_end(ends[0]);
    const Fd write_end(ends[1]);
    Command given = shell("printf given");
    given.out = Output::fd(write_end.get());
    EXPECT_EQ(run_command(given).out, "");
    std::array<char, 16> text{};
    EXPECT_EQ(::read(read_end.get(), text.data(), text.size()), 5);
}

TEST(ChildProcess, EndsWaitingForOutputWhenTheTextComes) {
    ChildProcess child(shell("echo ready; exec sleep 60"));
    EXPECT_TRUE(child.wait_for_output("ready", 30s));
    EXPECT_FALSE(child.wait(0ms).has_value());
    EXPECT_EQ(child.kill().signal, SIGKILL);
}

TEST(ChildProcess, EndsWaitingForOutputWhenTheProgramEnds) {
    const ChildProcess child(shell("echo something else"));
    EXPECT_FALSE(child.wait_for_output("ready", 30s));
}

/// What comes out of `read_end`; the end of file comes when no process holds the other end any
/// more.
std::string read_to_end(const Fd& read_end) {
    std::string text;
    char byte = 0;
    while (::read(read_end.get(), &byte, 1) == 1) {
        text += byte;
    }
    return text;
}

TEST(ChildProcess, TakesItsDescendantsAlong) {
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
    const Fd read_end(ends[0]);
    Fd write_end(ends[1]);
    {
        Command command = shell("sleep 600 & sleep 600 & echo started >&2; wait");
        command.out = Output::fd(write_end.get());
        const ChildProcess child(command);
        write_end.reset();
        ASSERT_TRUE(child.wait_for_output("started", 30s));
    }
    EXPECT_EQ(read_to_end(read_end), "");
}

TEST(ChildProcess, TakesAlongWhatAFinishedProgramLeftBehind) {
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
    const Fd read_end(ends[0]);
    Fd write_end(ends[1]);
    Command command = shell("sleep 600 & echo started");
    command.out = Output::fd(write_end.get());
    run_command(command);
    write_end.reset();
    EXPECT_EQ(read_to_end(read_end), "started\n");
}

}  // namespace
}  // namespace caretaker::testing
