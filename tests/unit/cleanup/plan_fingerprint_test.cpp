// SPDX-License-Identifier: Apache-2.0
// Two plans have one fingerprint if they are about the same things.
#include "jobs/cleanup/plan_fingerprint.hpp"

#include "tests/unit/cleanup/tree_builder.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <string>
#include <utility>

namespace caretaker::testing {
namespace {

/// Two files of one directory, one of another, and a directory, after a change.
std::string fingerprint_of(const std::function<void(FileTree&)>& change = {}) {
    TreeBuilder built;
    const std::uint32_t root = built.directory("/data/logs");
    const std::uint32_t inner = built.directory("app", root);
    built.file(inner, "a", 1);
    built.file(inner, "b", 2);
    built.file(root, "c", 3);
    if (change) {
        change(built.tree);
    }
    PlanFingerprint fingerprint;
    for (const TreeEntry& entry : built.tree.entries) {
        fingerprint.add_entry(built.tree, entry);
    }
    fingerprint.add_directory(built.tree, inner);
    return fingerprint.finish();
}

TEST(PlanFingerprint, IsTheSameForTheSameThings) {
    EXPECT_EQ(fingerprint_of().size(), 64U);
    EXPECT_EQ(fingerprint_of(), fingerprint_of());
}

TEST(PlanFingerprint, IsOfNothingForAnEmptyPlan) {
    EXPECT_EQ(PlanFingerprint().finish(),
              "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

struct Change {
    const char* what;
    std::function<void(FileTree&)> change;
};

TEST(PlanFingerprint, ChangesWithEachPartOfAThing) {
    const Change changes[]{
        {"kind", [](FileTree& tree) { tree.entries[1].verdict = EntryVerdict::emptied; }},
        {"device", [](FileTree& tree) { tree.directories[0].device = 2; }},
        {"inode", [](FileTree& tree) { ++tree.entries[1].inode; }},
        {"size", [](FileTree& tree) { ++tree.entries[1].size; }},
        {"time", [](FileTree& tree) { ++tree.entries[1].mtime; }},
        {"name", [](FileTree& tree) { tree.entries[1].name = tree.names.add("x"); }},
        {"directory", [](FileTree& tree) { tree.directories[1].name = tree.names.add("x"); }},
        {"root", [](FileTree& tree) { tree.directories[0].name = tree.names.add("/data/x"); }},
        {"place", [](FileTree& tree) { tree.entries[1].directory = 0; }},
        {"one fewer", [](FileTree& tree) { tree.entries.pop_back(); }},
        {"order", [](FileTree& tree) { std::swap(tree.entries[0], tree.entries[1]); }},
        {"inode of a directory", [](FileTree& tree) { ++tree.directories[1].inode; }},
        {"time of a directory", [](FileTree& tree) { ++tree.directories[1].mtime; }},
    };
    std::set<std::string> known{fingerprint_of()};
    for (const Change& one : changes) {
        EXPECT_TRUE(known.insert(fingerprint_of(one.change)).second) << one.what;
    }
}

TEST(PlanFingerprint, IsNotByWhatDoesNotNameAThing) {
    EXPECT_EQ(fingerprint_of([](FileTree& tree) {
                  tree.entries[1].result = Result::done;
                  tree.entries[1].ctime = 7;
                  tree.directories[1].result = Result::failed;
              }),
              fingerprint_of());
}

TEST(PlanFingerprint, IsTheSameWhateverIsHashedAtOnce) {
    const auto of_many = [](int files) {
        TreeBuilder built;
        const std::uint32_t root = built.directory("/data/logs");
        PlanFingerprint fingerprint;
        for (int i = 0; i < files; ++i) {
            fingerprint.add_entry(built.tree, built.file(root, std::to_string(i), i));
        }
        return fingerprint.finish();
    };
    EXPECT_EQ(of_many(10'000), of_many(10'000));
    EXPECT_NE(of_many(10'000), of_many(9'999));
}

}  // namespace
}  // namespace caretaker::testing
