// SPDX-License-Identifier: Apache-2.0
// Secrets from settings and files.
#include "common/config/secret_setting.hpp"

#include "common/base/error.hpp"
#include "common/config/setting_value.hpp"
#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace caretaker {
namespace {

constexpr const char* password = "targets.prod.elasticsearch.password";
constexpr const char* password_file = "targets.prod.elasticsearch.password_file";

Setting text(const std::string& path, const std::string& value) {
    return {.path = path, .value = value, .origin = "here"};
}

class SecretSetting : public ::testing::Test {
 protected:
    std::string write(std::string_view content) {
        std::string path = directory_.file("secret");
        std::ofstream(path, std::ios::binary) << content;
        return path;
    }

 private:
    TempDir directory_{};
};

TEST_F(SecretSetting, IsNothingWhereNothingIsSet) {
    EXPECT_EQ(read_secret(Settings(), password), std::nullopt);
}

TEST_F(SecretSetting, IsTheSettingsValueAndNeverShown) {
    Settings settings;
    settings.set(text(password, "hunter2"));
    EXPECT_EQ(read_secret(settings, password), "hunter2");
    EXPECT_EQ(format_setting_value(*settings.find(password)), "***");
    EXPECT_EQ(settings.hash(), [] {
        Settings other;
        other.set(text(password, "another"));
        return other.hash();
    }());
}

TEST_F(SecretSetting, IsTheFilesTextWithoutTheLineBreakAtItsEnd) {
    for (const std::string content : {"hunter2", "hunter2\n", "hunter2\r\n"}) {
        Settings settings;
        settings.set(text(password_file, write(content)));
        EXPECT_EQ(read_secret(settings, password), "hunter2");
    }
    Settings settings;
    settings.set(text(password_file, write(" a b \n\n")));
    EXPECT_EQ(read_secret(settings, password), " a b \n") << "only one line break is the editor's";
}

TEST_F(SecretSetting, IsRefusedWhenItIsGivenTwice) {
    Settings settings;
    settings.set(text(password, "hunter2"));
    settings.set(text(password_file, write("hunter2")));
    try {
        read_secret(settings, password);
        FAIL();
    } catch (const UsageError& error) {
        EXPECT_EQ(std::string(error.what()),
                  "targets.prod.elasticsearch.password (here) and "
                  "targets.prod.elasticsearch.password_file (here) are both set; set one of them");
    }
}

TEST_F(SecretSetting, IsRefusedWhenTheFileCannotBeUsed) {
    const auto problem = [](const std::string& path) { return read_value_file(path).error; };
    EXPECT_EQ(problem("/no/such/file"), "No such file or directory");
    EXPECT_EQ(problem("/"), "Is a directory");
    EXPECT_EQ(problem(write("")), "it is empty");
    EXPECT_EQ(problem(write("\n")), "it is empty");
    EXPECT_EQ(problem(write(std::string_view("a\0b", 3))), "it holds a NUL byte");
    EXPECT_EQ(problem(write(std::string((64 << 10) + 1, 'x'))), "it is larger than 64 KiB");
    EXPECT_EQ(problem(write(std::string(64 << 10, 'x'))), "");
    Settings settings;
    settings.set(text(password_file, "/no/such/file"));
    EXPECT_THROW(read_secret(settings, password), UsageError);
}

}  // namespace
}  // namespace caretaker
