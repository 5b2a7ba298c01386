// SPDX-License-Identifier: Apache-2.0
// The run lock between open files and between processes.
#include "common/base/lock_file.hpp"

#include "common/base/error.hpp"
#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <exception>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <string>
#include <utility>

namespace caretaker {
namespace {

class LockFileTest : public ::testing::Test {
 protected:
    [[nodiscard]] std::string content() const {
        std::string line;
        std::getline(std::ifstream(path_), line);
        return line;
    }

    TempDir dir_{};
    std::filesystem::path path_ = lock_file_path(dir_.path(), "lag", "prod");
    LockHolder first_{.run_uid = "first", .host = "es1", .task_id = {}, .pid = 1, .started_at = {}};
    LockHolder second_{
        .run_uid = "second", .host = "es2", .task_id = {}, .pid = 2, .started_at = {}};
};

TEST_F(LockFileTest, IsHeldByOneAtATimeAndTellsTheOtherByWhom) {
    const LockAttempt first = take_lock(path_, first_);
    ASSERT_TRUE(first.lock);
    const LockAttempt second = take_lock(path_, second_);
    EXPECT_FALSE(second.lock);
    EXPECT_EQ(second.holder, format_lock_holder(first_));
    EXPECT_EQ(content(), format_lock_holder(first_)) << "the refused one leaves the text alone";
}

TEST_F(LockFileTest, FallsAwayWithItsHolderAndLeavesTheFile) {
    take_lock(path_, first_);
    EXPECT_TRUE(std::filesystem::exists(path_));
    const LockAttempt second = take_lock(path_, second_);
    EXPECT_TRUE(second.lock);
    EXPECT_EQ(content(), format_lock_holder(second_));
}

/// What `step` returns in a process of user 65534, or 99 when it threw.
int as_nobody(const std::function<int()>& step) {
    const pid_t child = ::fork();
    if (child == 0) {
        int code = 98;
        if (::setgid(65534) == 0 && ::setuid(65534) == 0) {
            try {
                code = step();
            } catch (const std::exception&) {
                code = 99;
            }
        }
        ::_exit(code);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST_F(LockFileTest, OfAnotherUserIsTakenAndWaitedForAllTheSame) {
    if (::geteuid() != 0) {
        std::cerr << "\n*** NOT TESTED: a lock of another user, for lack of root ***\n";
        GTEST_SKIP();
    }
    ::chmod(dir_.path().c_str(), 0777);
    {
        const LockAttempt roots = take_lock(path_, first_);
        EXPECT_EQ(as_nobody([&] { return take_lock(path_, second_).lock ? 1 : 0; }), 0);
    }
    EXPECT_EQ(as_nobody([&] { return take_lock(path_, second_).lock ? 1 : 0; }), 1);
    const auto other = lock_file_path(dir_.path(), "rotate", "prod");
    EXPECT_EQ(as_nobody([&] { return take_lock(other, second_).lock ? 1 : 0; }), 1)
        << "the folder that root made is as open as the one above it";
}

TEST_F(LockFileTest, MovesWithItsOwner) {
    LockAttempt attempt = take_lock(path_, first_);
    const LockFile kept = std::move(*attempt.lock);
    attempt.lock.reset();
    EXPECT_FALSE(take_lock(path_, second_).lock);
}

TEST_F(LockFileTest, DoesNotLockOutAnotherTarget) {
    const LockAttempt first = take_lock(path_, first_);
    EXPECT_TRUE(take_lock(lock_file_path(dir_.path(), "lag", "test"), second_).lock);
    EXPECT_TRUE(take_lock(lock_file_path(dir_.path(), "rotate", "prod"), second_).lock);
}

TEST_F(LockFileTest, ReplacesALongerTextOfAnEarlierHolder) {
    LockHolder talkative = first_;
    talkative.host = std::string(10'000, 'x');
    take_lock(path_, talkative);
    take_lock(path_, second_);
    std::ifstream file(path_);
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}),
              format_lock_holder(second_) + "\n");
}

TEST_F(LockFileTest, IsFreeAgainWhenItsHoldersProcessWasKilled) {
    std::array<int, 2> locked{};
    ASSERT_EQ(::pipe(locked.data()), 0);
    const pid_t child = ::fork();
    if (child == 0) {
        const LockAttempt attempt = take_lock(path_, first_);
        [[maybe_unused]] const auto written = ::write(locked[1], attempt.lock ? "y" : "n", 1);
        ::pause();
        ::_exit(0);
    }
    char answer = 0;
    ASSERT_EQ(::read(locked[0], &answer, 1), 1);
    EXPECT_EQ(answer, 'y');
    const LockAttempt while_it_lives = take_lock(path_, second_);
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    ::close(locked[0]);
    ::close(locked[1]);
    EXPECT_FALSE(while_it_lives.lock);
    EXPECT_EQ(while_it_lives.holder, format_lock_holder(first_));
    EXPECT_TRUE(take_lock(path_, second_).lock);
}

TEST_F(LockFileTest, IsNotInheritedByAProgramThatTheHolderStarts) {
    const LockAttempt first = take_lock(path_, first_);
    ASSERT_TRUE(first.lock);
    // A descriptor that stays open over exec would keep the lock as long as that program runs.
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
        std::error_code gone;
        if (std::filesystem::read_symlink(entry.path(), gone) == path_) {
            std::ifstream info("/proc/self/fdinfo/" + entry.path().filename().string());
            std::string word;
            while (info >> word && word != "flags:") {
            }
            unsigned flags = 0;
            info >> std::oct >> flags;
            EXPECT_NE(flags & 02000000U, 0U) << "close-on-exec is not set";
            return;
        }
    }
    FAIL() << "the lock's descriptor was not found";
}

TEST_F(LockFileTest, FollowsNoSymbolicLink) {
    std::filesystem::create_directory(dir_.file("locks"));
    std::ofstream(dir_.file("precious")) << "text";
    std::filesystem::create_symlink(dir_.file("precious"), path_);
    EXPECT_THROW(take_lock(path_, first_), StoreError);
    std::string text;
    std::getline(std::ifstream(dir_.file("precious")), text);
    EXPECT_EQ(text, "text");
}

TEST_F(LockFileTest, NamesAPathThatCannotBe) {
    try {
        take_lock("/proc/no/locks/x.lock", first_);
        FAIL() << "a lock in /proc";
    } catch (const StoreError& error) {
        EXPECT_EQ(error.code(), "lock");
        EXPECT_EQ(error.exit_code(), ExitCode::store);
        EXPECT_NE(std::string(error.what()).find("/proc/no/locks/x.lock"), std::string::npos);
    }
}

}  // namespace
}  // namespace caretaker
