// SPDX-License-Identifier: Apache-2.0
// Names and contents of lock files.
#include "common/base/lock_file.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace caretaker {
namespace {

std::string name_of(const std::string& job, const std::string& target) {
    return lock_file_path("/dir", job, target).filename();
}

TEST(LockName, HoldsJobTargetAndAHash) {
    const auto path = lock_file_path("/dir", "lag", "prod");
    EXPECT_EQ(path.parent_path(), "/dir/locks");
    const std::string name = path.filename();
    EXPECT_TRUE(name.starts_with("lag@prod.")) << name;
    EXPECT_TRUE(name.ends_with(".lock")) << name;
    EXPECT_EQ(name.size(), std::string("lag@prod.01234567.lock").size());
    EXPECT_EQ(name_of("lag", "prod"), name) << "the same names give the same file";
}

TEST(LockName, StaysOneFileInTheDirectoryWhateverTheTargetIsCalled) {
    std::set<std::string> names;
    for (const std::string target :
         {"", "..", "a/b", "a_b", "a.b", "../../etc/passwd", "a\nb", "\xFF", "http://es:9200"}) {
        const auto path = lock_file_path("/dir", "lag", target);
        EXPECT_EQ(path.parent_path(), "/dir/locks") << target;
        names.insert(path.filename());
    }
    EXPECT_EQ(names.size(), 9U) << "different targets have different files";
    EXPECT_LE(name_of("lag", std::string(5'000, 'x')).size(), 255U);
    EXPECT_NE(name_of("lag", std::string(5'000, 'x')), name_of("lag", std::string(5'001, 'x')));
}

TEST(LockHolder, IsOneLineOfJsonWhateverItHolds) {
    const LockHolder holder{.run_uid = "0192f-1",
                            .host = "a\"b\\c\nd\xFF",
                            .task_id = {},
                            .pid = 42,
                            .started_at = WallTime{std::chrono::milliseconds(1'767'225'600'123)}};
    EXPECT_EQ(format_lock_holder(holder),
              R"({"run":"0192f-1","host":"a\"b\\c\u000ad)"
              "\xEF\xBF\xBD"
              R"(","task_id":null,"pid":42,"started_at":"2026-01-01T00:00:00.123Z"})");
}

}  // namespace
}  // namespace caretaker
