// SPDX-License-Identifier: Apache-2.0
// Who started a run, from the environment.
#include "common/base/trigger.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace caretaker {
namespace {

using std::chrono::milliseconds;

const WallTime now{milliseconds(1'700'000'060'000)};

TEST(Trigger, IsManualAtATerminalAndCronWithout) {
    EXPECT_EQ(detect_trigger({}, true, now).name, "manual");
    EXPECT_EQ(detect_trigger({}, false, now).name, "cron");
    EXPECT_EQ(detect_trigger({{"SSH_TTY", "/dev/pts/0"}}, false, now).name, "manual");
    EXPECT_EQ(detect_trigger({{"SSH_TTY", ""}}, false, now).name, "cron");
}

TEST(Trigger, IsJenkinsWithItsBuildAsReference) {
    const Trigger build = detect_trigger(
        {{"BUILD_URL", "https://ci/job/a/1/"}, {"JENKINS_URL", "https://ci/"}}, false, now);
    EXPECT_EQ(build.name, "jenkins");
    EXPECT_EQ(build.ref, "https://ci/job/a/1/");
    const Trigger other = detect_trigger({{"JENKINS_URL", "https://ci/"}}, true, now);
    EXPECT_EQ(other.name, "jenkins");
    EXPECT_EQ(other.ref, "");
}

TEST(Trigger, IsChronosBeforeEverythingElse) {
    const Trigger trigger = detect_trigger({{"CHRONOS_JOB_NAME", "lag"},
                                            {"BUILD_URL", "https://ci/job/a/1/"},
                                            {"MESOS_TASK_ID", "ct:1700000000000:1:lag:"},
                                            {"CHRONOS_JOB_RUN_TIME", "1700000059500"},
                                            {"CHRONOS_JOB_RUN_ATTEMPT", "2"}},
                                           true,
                                           now);
    EXPECT_EQ(trigger.name, "chronos");
    EXPECT_EQ(trigger.ref, "ct:1700000000000:1:lag:");
    EXPECT_EQ(trigger.attempt, 2);
    EXPECT_EQ(trigger.queue_delay, milliseconds(500));
}

TEST(Trigger, ReadsTimeAndAttemptFromTheTaskIdOfAnOlderChronos) {
    const Trigger trigger = detect_trigger(
        {{"CHRONOS_JOB_NAME", "lag"}, {"mesos_task_id", "ct:1700000000000:3:lag:--x:y"}},
        false,
        now);
    EXPECT_EQ(trigger.ref, "ct:1700000000000:3:lag:--x:y");
    EXPECT_EQ(trigger.attempt, 3);
    EXPECT_EQ(trigger.queue_delay, milliseconds(60'000));
}

TEST(Trigger, TakesNothingFromATaskIdOfAnotherForm) {
    for (const char* id :
         {"", "ct:", "ct:12", "lag.7f", "xx:1700000000000:3:lag:", "ct::::", "ct:a:b:c:"}) {
        const Trigger trigger =
            detect_trigger({{"CHRONOS_JOB_NAME", "lag"}, {"mesos_task_id", id}}, false, now);
        EXPECT_EQ(trigger.attempt, 0) << id;
        EXPECT_FALSE(trigger.queue_delay) << id;
    }
}

TEST(Trigger, KnowsNoQueueDelayOutsideADay) {
    struct Case {
        std::string run_time;
        std::optional<milliseconds> delay;
    };

    const std::vector<Case> cases{
        {"1700000060000", milliseconds(0)},
        {"1700000060001", std::nullopt},
        {"1699913660000", milliseconds(86'400'000)},
        {"1699913659999", std::nullopt},
        {"-1", std::nullopt},
        {"1700000060", std::nullopt},
        {"99999999999999999999", std::nullopt},
        {"soon", std::nullopt},
    };
    for (const auto& [run_time, delay] : cases) {
        const Trigger trigger = detect_trigger(
            {{"CHRONOS_JOB_NAME", "lag"}, {"CHRONOS_JOB_RUN_TIME", run_time}}, false, now);
        EXPECT_EQ(trigger.queue_delay, delay) << run_time;
    }
}

}  // namespace
}  // namespace caretaker
