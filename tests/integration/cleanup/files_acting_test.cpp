// SPDX-License-Identifier: Apache-2.0
// In which batches files go, and what is waited for between them, by a clock that is moved by hand.
#include "common/base/context.hpp"
#include "common/base/error.hpp"
#include "common/base/log.hpp"
#include "common/base/stop_signal.hpp"
#include "common/config/settings.hpp"
#include "common/config/yaml_file.hpp"
#include "jobs/cleanup/files_part.hpp"
#include "tests/support/cleanup_host.hpp"
#include "tests/support/fake_clock.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace caretaker::testing {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t day = 24 * 3600;

/// What a run did, in its order: "3 files", "pause 200 ms".
using Steps = std::vector<std::string>;

/// Writes down all waits.
class RecordedClock final : public Clock {
 public:
    explicit RecordedClock(Steps& steps) : steps_(steps) {}

    [[nodiscard]] WallTime now() const override { return clock_.now(); }

    [[nodiscard]] SteadyTime steady() const override { return clock_.steady(); }

    bool wait(std::chrono::milliseconds duration, const StopSignal& stop) override {
        if (duration > 0ms) {
            steps_.push_back(fmt::format("pause {} ms", duration.count()));
            if (stopped_ != nullptr) {
                stopped_->request(SIGTERM);
            }
        }
        return clock_.wait(duration, stop);
    }

    void advance(std::chrono::milliseconds duration) { clock_.advance(duration); }

    /// The next pause ends with a signal.
    void stop_in_pause(StopSignal& stop) { stopped_ = &stop; }

 private:
    Steps& steps_;
    StopSignal* stopped_ = nullptr;
    FakeClock clock_{WallTime{std::chrono::seconds(std::time(nullptr))}};
};

/// Carries everything out, each batch in the same time.
class TimedExecutor final : public ActionExecutor {
 public:
    TimedExecutor(const ActionList& actions,
                  RecordedClock& clock,
                  const StopSignal& stop,
                  Steps& steps,
                  std::chrono::milliseconds batch_takes)
        : actions_(actions), clock_(clock), stop_(stop), steps_(steps), batch_takes_(batch_takes) {}

    [[nodiscard]] const ActionList& actions() const override { return actions_; }

    void run(std::size_t /*index*/, const std::function<ActionResult()>& request) override {
        request();
    }

    void run_together(std::span<const std::size_t> indices,
                      const std::function<std::vector<ActionResult>()>& request) override {
        stop_.check();
        EXPECT_EQ(request().size(), indices.size());
        clock_.advance(batch_takes_);
        steps_.push_back(fmt::format("{} files", indices.size()));
    }

    void correct(std::size_t /*index*/, const ActionResult& /*result*/) override {}

 private:
    const ActionList& actions_;
    RecordedClock& clock_;
    const StopSignal& stop_;
    Steps& steps_;
    std::chrono::milliseconds batch_takes_;
};

class FilesActingPace : public ::testing::Test {
 protected:
    FilesActingPace() {
        for (int i = 0; i < 10; ++i) {
            host_.file(fmt::format("{}.log", i), 9 * day, 4096);
        }
        let_disk_be_busy("0.00");
    }

    /// Cleans everything with that pace, each batch taking so long.
    void clean(const std::string& pace, std::chrono::milliseconds batch_takes = 0ms) {
        const Settings settings =
            settings_of(fmt::format("cleanup: {{nice: 0, {}, files: [{{name: r, roots: ['{}'], "
                                    "older_than: 1d, remove_empty_dirs: true}}]}}",
                                    pace,
                                    host_.root()));
        const Connectors connectors;
        const RunInfo info{.job = "cleanup"};
        Context context{clock_, connectors, nullptr, log_, settings, stop_, info};
        const auto part = make_files_part({.rules = load_file_rules(settings)}, context);
        UpkeepPlan plan;
        part->plan({}, plan);
        TimedExecutor executor(plan.actions, clock_, stop_, steps_, batch_takes);
        part->act(executor, {.begin = 0, .end = plan.actions.size()});
    }

    void let_disk_be_busy(const std::string& share) {
        setenv("CARETAKER_TEST_PROC", host_.make_proc(share).c_str(), 1);
    }

    void TearDown() override { unsetenv("CARETAKER_TEST_PROC"); }

    static Settings settings_of(const std::string& text) {
        ParsedSettings parsed = parse_yaml_settings(text, "c.yml");
        EXPECT_TRUE(parsed.problems.empty());
        Settings settings;
        for (Setting& setting : parsed.settings) {
            settings.set(std::move(setting));
        }
        return settings;
    }

    CleanupHost host_{CARETAKER_BINARY};
    Steps steps_;
    RecordedClock clock_{steps_};
    StopSignal stop_;
    Log log_{LogLevel::off, LogFormat::plain};
};

TEST_F(FilesActingPace, HasNoPausesWithoutRates) {
    clean("workers_max: 1", 300ms);
    EXPECT_EQ(steps_, Steps{"10 files"});
    EXPECT_TRUE(host_.tree().empty());
}

TEST_F(FilesActingPace, DeletesNoMoreFilesASecondThanItsRate) {
    clean("rate_files: 4", 300ms);
    EXPECT_EQ(steps_, (Steps{"4 files", "pause 700 ms", "4 files", "pause 700 ms", "2 files"}))
        << "after the last there is nothing to wait for";
    EXPECT_TRUE(host_.tree().empty());
}

TEST_F(FilesActingPace, FreesNoMoreASecondThanItsRate) {
    clean("rate_bytes: 20KiB");
    EXPECT_EQ(steps_, (Steps{"5 files", "pause 1000 ms", "5 files"}));
    EXPECT_TRUE(host_.tree().empty());
}

TEST_F(FilesActingPace, WaitsLongerForWhatIsLargerThanItsRate) {
    clean("rate_bytes: 2KiB, rate_files: 3");
    ASSERT_EQ(steps_.size(), 19U);
    EXPECT_EQ(steps_[0], "1 files");
    EXPECT_EQ(steps_[1], "pause 2000 ms");
}

TEST_F(FilesActingPace, WaitsForWhatWasReallyFreed) {
    host_.file("other", 9 * day, 4096);
    std::filesystem::create_hard_link(host_.path("other"), host_.home().file("link"));
    clean("rate_bytes: 4KiB");
    EXPECT_EQ(std::ranges::count(steps_, "pause 1000 ms"), 10 - 1)
        << "what has another link frees nothing";
}

TEST_F(FilesActingPace, PausesAsLongAsItWorksWhereTheDiskIsBusy) {
    let_disk_be_busy("50.01");
    clean("rate_files: 4", 600ms);
    EXPECT_EQ(steps_, (Steps{"4 files", "pause 600 ms", "4 files", "pause 600 ms", "2 files"}));
}

TEST_F(FilesActingPace, HasNoPausesWhereTheDiskIsLessBusy) {
    let_disk_be_busy("50.00");
    clean("rate_files: 4", 1'000ms);
    EXPECT_EQ(steps_, (Steps{"4 files", "4 files", "2 files"}));
}

TEST_F(FilesActingPace, EndsInAPauseOfABusyDiskWhenItIsStopped) {
    let_disk_be_busy("99.00");
    clock_.stop_in_pause(stop_);
    EXPECT_THROW(clean("rate_files: 4", 2'000ms), Interrupted);
    EXPECT_EQ(steps_, (Steps{"4 files", "pause 1000 ms"}));
}

TEST_F(FilesActingPace, EndsInAPauseWhenItIsStopped) {
    clock_.stop_in_pause(stop_);
    EXPECT_THROW(clean("rate_files: 4"), Interrupted);
    EXPECT_EQ(steps_, (Steps{"4 files", "pause 1000 ms"}));
    EXPECT_EQ(host_.tree().size(), 6U);
}

}  // namespace
}  // namespace caretaker::testing
