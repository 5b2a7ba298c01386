// SPDX-License-Identifier: Apache-2.0
// Files, environment and flags together: which file is read, and who wins.
#include "common/config/load_settings.hpp"

#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>

namespace caretaker {
namespace {

namespace fs = std::filesystem;
using Texts = std::vector<std::string>;

class LoadSettings : public ::testing::Test {
 protected:
    /// Writes a file below the test's directory and returns its path.
    std::string write(const std::string& name, std::string_view text, mode_t mode = 0640) {
        const fs::path path = directory_.path() / name;
        fs::create_directories(path.parent_path());
        std::ofstream(path) << text;
        EXPECT_EQ(::chmod(path.c_str(), mode), 0);
        return path.string();
    }

    /// Nothing of the real machine: no system directory, no home.
    ConfigSources sources() const {
        return {.environment = {{"HOME", below("home")}}, .system_directory = below("etc")};
    }

    std::string below(const std::string& name) const { return directory_.file(name); }

 private:
    TempDir directory_;
};

Texts problem_lines(const LoadedSettings& loaded) {
    Texts lines;
    for (const ConfigProblem& problem : loaded.problems) {
        lines.push_back(format_problem(problem));
    }
    return lines;
}

Setting flag(std::string path, SettingValue value, std::string name) {
    return {nullptr, std::move(path), std::move(value), std::move(name)};
}

TEST_F(LoadSettings, KeepsValuesThatARuleRefusesAndTellsWhichOfThemHold) {
    const std::vector<ValueRule> rules{{.key = "statsd.address", .problem = [](auto text, auto) {
                                            return "refused: " + std::string(text);
                                        }}};
    const std::string file = write("c.yml", "statsd: {address: one}\n");
    auto from = sources();
    from.config_files = {file};
    from.rules = rules;
    const auto by_file = load_settings(from);
    EXPECT_EQ(problem_lines(by_file), Texts{});
    ASSERT_EQ(by_file.doubtful.size(), 1U);
    EXPECT_EQ(format_problem(by_file.doubtful[0].problem),
              file + ":1:19: 'statsd.address': refused: one");
    EXPECT_TRUE(is_in_effect(by_file.doubtful[0], by_file.settings));
    EXPECT_EQ(by_file.settings.text("statsd.address"), "one");

    from.environment["CARETAKER_STATSD_ADDRESS"] = "two";
    const auto by_both = load_settings(from);
    ASSERT_EQ(by_both.doubtful.size(), 2U) << "the file is wrong all the same";
    EXPECT_FALSE(is_in_effect(by_both.doubtful[0], by_both.settings));
    EXPECT_TRUE(is_in_effect(by_both.doubtful[1], by_both.settings));

    from.flags = {flag("statsd.address", std::string("three"), "--statsd")};
    const auto by_flag = load_settings(from);
    EXPECT_FALSE(is_in_effect(by_flag.doubtful[1], by_flag.settings));
}

TEST_F(LoadSettings, IsAllDefaultsWithoutAnySource) {
    const auto loaded = load_settings(sources());
    EXPECT_EQ(problem_lines(loaded), Texts{});
    EXPECT_EQ(loaded.files, Texts{});
    EXPECT_EQ(loaded.settings.hash(), Settings().hash());
}

TEST_F(LoadSettings, LetsFlagsWinOverEnvironmentOverFileOverDefault) {
    const auto file = write(
        "c.yml", "store: {path: /file, journal: wal, required: never, max_rows_per_run: 1}\n");
    auto from = sources();
    from.config_files = {file};
    from.environment["CARETAKER_STORE_PATH"] = "/environment";
    from.environment["CARETAKER_STORE_JOURNAL"] = "truncate";
    from.environment["CARETAKER_LOG_LEVEL"] = "debug";
    from.flags = {flag("store.path", "/flag", "--store")};
    const auto loaded = load_settings(from);
    EXPECT_EQ(problem_lines(loaded), Texts{});

    const auto expect =
        [&](std::string_view path, std::string_view value, const std::string& origin) {
            EXPECT_EQ(loaded.settings.text(path), value);
            EXPECT_EQ(loaded.settings.find(path)->origin, origin);
        };
    expect("store.path", "/flag", "--store");
    expect("store.journal", "truncate", "CARETAKER_STORE_JOURNAL");
    expect("store.required", "never", file + ":1:36");
    expect("log.level", "debug", "CARETAKER_LOG_LEVEL");
    expect("log.format", "auto", "default");
}

TEST_F(LoadSettings, ReadsTheSystemFileAndItsDirectoryInByteOrder) {
    const auto main_file = write("etc/caretaker.yml", "store: {path: /main, journal: wal}\n");
    const auto second = write("etc/conf.d/20-b.yml", "store: {path: /second}\n");
    const auto first = write("etc/conf.d/10-a.yml", "store: {path: /first, required: never}\n");
    write("etc/conf.d/30-c.yaml", "nonsense: 1\n");
    write("etc/conf.d/.hidden.yml", "nonsense: 1\n");
    write("home/.config/caretaker/caretaker.yml", "nonsense: 1\n");
    const auto loaded = load_settings(sources());
    EXPECT_EQ(problem_lines(loaded), Texts{});
    EXPECT_EQ(loaded.files, (Texts{main_file, first, second}));
    EXPECT_EQ(loaded.settings.text("store.path"), "/second");
    EXPECT_EQ(loaded.settings.text("store.journal"), "wal");
    EXPECT_EQ(loaded.settings.text("store.required"), "never");
}

TEST_F(LoadSettings, ReadsTheDirectoryWithoutTheSystemFileToo) {
    const auto only = write("etc/conf.d/10-a.yml", "store: {path: /first}\n");
    EXPECT_EQ(load_settings(sources()).files, Texts{only});
}

TEST_F(LoadSettings, FallsBackToTheUsersFile) {
    const auto in_home = write("home/.config/caretaker/caretaker.yml", "store: {path: /home}\n");
    EXPECT_EQ(load_settings(sources()).files, Texts{in_home});

    const auto in_xdg = write("xdg/caretaker/caretaker.yml", "store: {path: /xdg}\n");
    auto from = sources();
    from.environment["XDG_CONFIG_HOME"] = below("xdg");
    EXPECT_EQ(load_settings(from).files, Texts{in_xdg});

    from.environment["XDG_CONFIG_HOME"] = "relative";
    EXPECT_EQ(load_settings(from).files, Texts{in_home});

    from.environment = {};
    EXPECT_EQ(load_settings(from).files, Texts{});
}

TEST_F(LoadSettings, LeavesTheUsualPlacesAloneWhenAFileIsNamed) {
    write("etc/caretaker.yml", "nonsense: 1\n");
    write("etc/conf.d/10-a.yml", "nonsense: 1\n");
    const auto by_variable = write("v.yml", "store: {path: /variable}\n");
    write("conf.d/10.yml", "nonsense: 1\n");
    auto from = sources();
    from.environment["CARETAKER_CONFIG"] = by_variable;
    EXPECT_EQ(load_settings(from).files, Texts{by_variable});

    const auto by_flag = write("f.yml", "store: {path: /flag}\n");
    const auto later = write("g.yml", "store: {path: /later}\n");
    from.config_files = {by_flag, later};
    const auto loaded = load_settings(from);
    EXPECT_EQ(loaded.files, (Texts{by_flag, later}));
    EXPECT_EQ(loaded.settings.text("store.path"), "/later");
    EXPECT_EQ(problem_lines(loaded), Texts{});
}

TEST_F(LoadSettings, TellsWhatToDoAboutAFileThatCannotBeRead) {
    auto from = sources();
    from.config_files = {below("missing.yml")};
    EXPECT_EQ(problem_lines(load_settings(from)),
              Texts{below("missing.yml") +
                    ": cannot be read: No such file or directory; check --config"});

    from.config_files = {};
    from.environment["CARETAKER_CONFIG"] = below("missing.yml");
    EXPECT_EQ(problem_lines(load_settings(from)),
              Texts{below("missing.yml") +
                    ": cannot be read: No such file or directory; check CARETAKER_CONFIG"});

    fs::create_directories(below("etc/caretaker.yml"));
    EXPECT_EQ(problem_lines(load_settings({.system_directory = below("etc")})),
              Texts{below("etc/caretaker.yml") + ": cannot be read: Is a directory; make it "
                                                 "readable, or name another file with --config"});
}

TEST_F(LoadSettings, ReportsADanglingLinkInsteadOfIgnoringIt) {
    fs::create_directories(below("etc"));
    fs::create_symlink(below("nowhere"), below("etc/caretaker.yml"));
    EXPECT_EQ(problem_lines(load_settings(sources())).size(), 1U);
}

TEST_F(LoadSettings, ReportsADirectoryThatCannotBeListed) {
    write("etc/conf.d", "a file in its place");
    EXPECT_EQ(problem_lines(load_settings(sources())),
              Texts{below("etc/conf.d") + ": cannot be listed: Not a directory"});
}

TEST_F(LoadSettings, LeavesTheStoreInDoubtUnlessAStrongerSourceNamesIt) {
    auto from = sources();
    from.config_files = {write("a.yml", "store: {path: /a}\n"), below("missing.yml")};
    EXPECT_TRUE(load_settings(from).store_in_doubt);

    std::ranges::reverse(from.config_files);
    EXPECT_FALSE(load_settings(from).store_in_doubt);

    from.config_files = {below("missing.yml")};
    EXPECT_TRUE(load_settings(from).store_in_doubt);
    from.flags = {flag("store.path", "/flag", "--store")};
    EXPECT_FALSE(load_settings(from).store_in_doubt);
    from.flags = {};
    from.environment["CARETAKER_STORE"] = "/environment";
    EXPECT_FALSE(load_settings(from).store_in_doubt);
}

TEST_F(LoadSettings, LeavesTheStoreInDoubtWhenADirectoryCannotBeListed) {
    write("etc/conf.d", "a file in its place");
    write("home/.config/caretaker/caretaker.yml", "store: {path: /home}\n");
    EXPECT_TRUE(load_settings(sources()).store_in_doubt);
    write("etc/caretaker.yml", "store: {path: /main}\n");
    EXPECT_TRUE(load_settings(sources()).store_in_doubt);
}

TEST_F(LoadSettings, TellsTheProblemsOfAllSourcesAtOnce) {
    const auto first =
        write("etc/caretaker.yml", "stor: {}\ntargets: {a-b: {kafka: {properties_file: /x}}}\n");
    const auto second = write("etc/conf.d/1.yml",
                              "targets:\n  a_b: {kafka: {properties_file: /x}}\nlog: {level: [\n");
    const auto third =
        write("etc/conf.d/2.yml",
              "targets: {a_b: {kafka: {properties_file: /x}}}\nstatsd: {max_lines: 0}\n");
    auto from = sources();
    from.environment["CARETAKER_LOG_LEVEL"] = "loud";
    EXPECT_EQ(problem_lines(load_settings(from)),
              (Texts{
                  first + ":1:1: unknown key 'stor'; did you mean 'store'?",
                  second + ":4:1: end of sequence flow not found",
                  third + ":2:21: 'statsd.max_lines': 0 is too small; at least 1",
                  "CARETAKER_TARGETS_A_B_…: the targets 'a-b' and 'a_b' share the names of their "
                  "variables; rename one",
                  "CARETAKER_LOG_LEVEL: 'loud' is no choice; one of auto, debug, info, "
                  "warning, error",
              }));
}

TEST_F(LoadSettings, LetsVariablesMeanTheTargetsOfFilesAndFlags) {
    auto from = sources();
    from.config_files = {write("c.yml", "targets: {Prod-EU: {kafka: {properties_file: /x}}}\n")};
    from.flags = {
        flag("targets.Test-1.kafka.bootstrap_servers", Texts{"f:1"}, "--bootstrap-server")};
    from.environment["CARETAKER_TARGETS_PROD_EU_KAFKA_CONNECT_TIMEOUT"] = "1s";
    from.environment["CARETAKER_TARGETS_TEST_1_KAFKA_BOOTSTRAP_SERVERS"] = "e:1";
    const auto loaded = load_settings(from);
    EXPECT_EQ(problem_lines(loaded), Texts{});
    EXPECT_EQ(loaded.settings.targets(), (Texts{"Prod-EU", "Test-1"}));
    EXPECT_EQ(loaded.settings.duration("targets.Prod-EU.kafka.connect_timeout"),
              std::chrono::seconds(1));
    EXPECT_EQ(loaded.settings.texts("targets.Test-1.kafka.bootstrap_servers"), Texts{"f:1"});
}

TEST_F(LoadSettings, WarnsOfASecretThatEverybodyCanRead) {
    constexpr std::string_view text =
        "targets: {p: {kafka: {properties: {sasl.password: hunter2}}}}\n";
    auto from = sources();
    from.config_files = {write("open.yml", text, 0644)};
    EXPECT_EQ(load_settings(from).warnings,
              Texts{below("open.yml") + " holds a secret (targets.p.kafka.properties) and "
                                        "everybody can read it; chmod o-r it"});
    from.config_files = {write("closed.yml", text, 0640)};
    EXPECT_EQ(load_settings(from).warnings, Texts{});
    from.config_files = {write("harmless.yml", "store: {path: /x}\n", 0644)};
    EXPECT_EQ(load_settings(from).warnings, Texts{});
}

TEST_F(LoadSettings, ReadsAPipe) {
    // As the shell's --config <(command) hands one over.
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe(ends.data()), 0);
    constexpr std::string_view text = "store: {path: /piped}\n";
    ASSERT_EQ(::write(ends[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
    ::close(ends[1]);
    auto from = sources();
    from.config_files = {"/dev/fd/" + std::to_string(ends[0])};
    EXPECT_EQ(load_settings(from).settings.text("store.path"), "/piped");
    ::close(ends[0]);
}

TEST(FormatProblems, KeepsHostileTextOffTheTerminal) {
    const ConfigProblem problem{.file = "f", .message = "a\x1B[2J\n" + std::string(10'000, 'x')};
    const std::string line = format_problem(problem);
    EXPECT_TRUE(line.starts_with("f: a?[2J?xxx"));
    EXPECT_LT(line.size(), 600U);
}

TEST(FormatProblems, PutsOneProblemInTheLineAndSeveralBelow) {
    const ConfigProblem first{.file = "/c.yml", .line = 3, .column = 9, .message = "wrong"};
    const ConfigProblem second{.file = "CARETAKER_X", .message = "worse"};
    EXPECT_EQ(format_problems(std::vector{first}), "reading the configuration: /c.yml:3:9: wrong");
    EXPECT_EQ(format_problems(std::vector{first, second}),
              "reading the configuration: 2 problems\n/c.yml:3:9: wrong\nCARETAKER_X: worse");
}

}  // namespace
}  // namespace caretaker
