// SPDX-License-Identifier: Apache-2.0
// What docker-gc's variables and lists become.
#include "jobs/cleanup/import_docker_gc_model.hpp"

#include "common/config/config_problem.hpp"
#include "common/config/yaml_file.hpp"

#include <gtest/gtest.h>

namespace caretaker {
namespace {

using Words = std::vector<std::string>;

std::string imported(std::string_view text, std::string_view origin = "x") {
    return format_imported_docker_rules(import_docker_gc(text, origin), origin);
}

TEST(ImportDockerGc, TakesItsVariablesWhereverTheyStand) {
    EXPECT_EQ(
        imported("#!/bin/sh\n"
                 "export GRACE_PERIOD_SECONDS=86400\n"
                 "MINIMUM_IMAGES_TO_SAVE=3 REMOVE_VOLUMES=1 EXCLUDE_DEAD=1 /usr/sbin/docker-gc\n"),
        "# From x\n"
        "cleanup:\n"
        "  docker:\n"
        "    remove: [containers, images, volumes]\n"
        "    containers:\n"
        "      older_than: 1d\n"
        "      states: [exited, created]\n"
        "    images:\n"
        "      older_than: 1d\n"
        "      dangling_older_than: 1d\n"
        "      keep_newest_tags: 3\n"
        "    volumes:\n"
        "      mode: all\n"
        "# docker-gc goes by when an image was built, these rules by when it was last used, "
        "tagged or pulled here.\n");
}

TEST(ImportDockerGc, HasItsDefaults) {
    const ImportedDockerRules rules = import_docker_gc("/usr/sbin/docker-gc\n", "cron");
    EXPECT_EQ(rules.older_than, "1h");
    EXPECT_EQ(rules.keep_newest_tags, "0");
    EXPECT_FALSE(rules.removes_volumes);
    EXPECT_FALSE(import_docker_gc("REMOVE_VOLUMES=0", "x").removes_volumes);
}

TEST(ImportDockerGc, TakesListsOfImages) {
    const ImportedDockerRules rules = import_docker_gc(
        "spotify/cassandra:latest\n"
        "\n"
        "redis:[^ ]\\+\n"
        "registry:5000/.*\r\n"
        "9681260c3ad5\n"
        "a\\|b\n"
        "[ab]:1\n",
        "/etc/docker-gc-exclude");
    EXPECT_FALSE(rules.has_settings);
    EXPECT_EQ(rules.spared_images,
              (Words{"spotify/cassandra:latest", "redis:*", "registry:5000/*"}));
    EXPECT_EQ(rules.remarks,
              (Words{"9681260c3ad5 is the id of an image; name its tag.",
                     "The expression a\\|b is no glob; write it by hand.",
                     "The expression [ab]:1 is no glob; write it by hand."}));
}

TEST(ImportDockerGc, TakesListsOfContainersByTheirName) {
    EXPECT_EQ(imported("mariadb-data\n", "/etc/docker-gc-exclude-containers"),
              "# From /etc/docker-gc-exclude-containers\n"
              "cleanup:\n"
              "  docker:\n"
              "    containers:\n"
              "      exclude_names: [\"*mariadb-data*\"]\n");
}

TEST(ImportDockerGc, SaysWhatHasNoCounterpart) {
    const ImportedDockerRules rules = import_docker_gc(
        "GRACE_PERIOD_SECONDS=soon\n"
        "MINIMUM_IMAGES_TO_SAVE=9999999999\n"
        "EXCLUDE_FROM_GC=/etc/mine\n"
        "FORCE_IMAGE_REMOVAL=1\n"
        "LOG_TO_SYSLOG=1\n",
        "x");
    EXPECT_EQ(rules.older_than, "1h");
    ASSERT_EQ(rules.remarks.size(), 6U);
    EXPECT_EQ(rules.remarks[0], "GRACE_PERIOD_SECONDS 'soon' is no number of seconds.");
    EXPECT_EQ(rules.remarks[2], "/etc/mine is a list of its own; import it, too.");
    EXPECT_EQ(rules.remarks[4], "LOG_TO_SYSLOG has no counterpart.");
}

TEST(ImportDockerGc, MakesAConfigurationThatCanBeRead) {
    for (const char* text : {"GRACE_PERIOD_SECONDS=0 docker-gc\n",
                             "GRACE_PERIOD_SECONDS=999999999 REMOVE_VOLUMES=1 docker-gc",
                             "a\"b:1\n",
                             "",
                             "'unclosed"}) {
        const ParsedSettings parsed = parse_yaml_settings(imported(text), "imported.yml");
        EXPECT_EQ(format_problems(parsed.problems), format_problems({})) << imported(text);
    }
}

}  // namespace
}  // namespace caretaker
