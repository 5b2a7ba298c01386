// SPDX-License-Identifier: Apache-2.0
#include "jobs/man/man_page.hpp"

#include "common/config/key_table.hpp"
#include "common/config/variable_table.hpp"
#include "jobs/man/roff_text.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace caretaker {
namespace {

TEST(RoffText, IsShownAsItIs) {
    EXPECT_EQ(roff_escaped("plain words, 5%"), "plain words, 5%");
    EXPECT_EQ(roff_escaped("--by"), "\\-\\-by");
    EXPECT_EQ(roff_escaped("a\\b"), "a\\eb");
    EXPECT_EQ(roff_escaped(".SH\n'x\n.y"), "\\&.SH\n\\&\\(aqx\n\\&.y");
    EXPECT_EQ(roff_escaped("~`^\"'"), "\\(ti\\(ga\\(ha\\(dq\\(aq");
    EXPECT_EQ(roff_escaped("\xC3\xBC \xE2\x80\xA6 \xF0\x9F\x98\x80"),
              "\\[u00FC] \\[u2026] \\[u1F600]");
    EXPECT_EQ(roff_escaped("\xFF"), "?");
    EXPECT_EQ(roff_argument("two words"), "\"two words\"");
}

CommandHelp sample_program() {
    return {.name = "caretaker",
            .path = "caretaker",
            .summary = "Upkeep jobs",
            .examples = "  caretaker lag\n      once\n",
            .options = {{.names = {"-o", "--output"},
                         .value = "FORMAT",
                         .description = "Form",
                         .group = "All"}},
            .commands = {{.name = "lag", .path = "caretaker lag", .summary = "Measure lag"},
                         {.name = "dns",
                          .path = "caretaker dns",
                          .summary = "DNS names",
                          .description = "First.\n\nSecond.",
                          .examples = "  caretaker dns -o json\n      as JSON\n",
                          .commands = {{.name = "show",
                                        .path = "caretaker dns show",
                                        .summary = "Show one",
                                        .options = {{.names = {"-h", "--help"}, .group = "Options"},
                                                    {.names = {"name"},
                                                     .value = "NAME",
                                                     .description = "Which",
                                                     .is_argument = true,
                                                     .required = true}}}}}}};
}

std::vector<std::string> sections(const std::string& page) {
    std::vector<std::string> titles;
    for (std::size_t at = page.find("\n.SH \""); at != std::string::npos;
         at = page.find("\n.SH \"", at + 1)) {
        const std::size_t begin = at + 6;
        titles.push_back(page.substr(begin, page.find('"', begin) - begin));
    }
    return titles;
}

const ManFacts facts{.version = "1.2.3", .date = "2026-05-04"};

TEST(ManPage, HasTheUsualSectionsInTheirOrder) {
    const CommandHelp program = sample_program();
    const std::vector<std::string> usual{"NAME",
                                         "SYNOPSIS",
                                         "DESCRIPTION",
                                         "OPTIONS",
                                         "EXAMPLES",
                                         "EXIT STATUS",
                                         "ENVIRONMENT",
                                         "FILES",
                                         "SEE ALSO"};
    EXPECT_EQ(sections(format_man_page(program.commands[0], program, facts)), usual);
    std::vector<std::string> with_commands = usual;
    with_commands.insert(with_commands.begin() + 3, "COMMANDS");
    EXPECT_EQ(sections(format_man_page(program, program, facts)), with_commands);
    EXPECT_EQ(sections(format_man_page(program.commands[1], program, facts)), with_commands);
}

TEST(ManPage, BeginsWithItsNameForWhatis) {
    const CommandHelp program = sample_program();
    const std::string lag = format_man_page(program.commands[0], program, facts);
    EXPECT_NE(lag.find(".TH \"CARETAKER\\-LAG\" 1 \"2026\\-05\\-04\" \"caretaker 1.2.3\""),
              std::string::npos);
    EXPECT_NE(lag.find(".SH \"NAME\"\ncaretaker\\-lag \\- measure lag\n"), std::string::npos)
        << lag;
    const std::string dns = format_man_page(program.commands[1], program, facts);
    EXPECT_NE(dns.find("caretaker\\-dns \\- DNS names\n"), std::string::npos) << "an abbreviation";
    EXPECT_EQ(man_page_name(program), "caretaker.1");
    EXPECT_EQ(man_page_name(program.commands[0]), "caretaker-lag.1");
}

TEST(ManPage, DescribesTheCommandsBelowOne) {
    const CommandHelp program = sample_program();
    const std::string page = format_man_page(program.commands[1], program, facts);
    EXPECT_NE(page.find(".PP\nFirst.\n.PP\nSecond.\n"), std::string::npos);
    EXPECT_NE(page.find(".SS \"caretaker dns show name [OPTIONS]\"\n.PP\nShow "
                        "one.\n.TP\n\\fIname\\fR\nWhich\n"),
              std::string::npos)
        << page;
    EXPECT_EQ(page.find("\\-\\-help"), std::string::npos);
    EXPECT_NE(page.find(".TP\n\\fBcaretaker dns \\-o json\\fR\nas JSON\n"), std::string::npos);
    EXPECT_NE(page.find("\\fBcaretaker\\fR(1), \\fBcaretaker\\-lag\\fR(1)\n"), std::string::npos);
}

TEST(ManPage, OfTheProgramNamesEachVariable) {
    const CommandHelp program = sample_program();
    const std::string page = format_man_page(program, program, facts);
    for (const KeySpec& spec : key_table()) {
        if (spec.path.find('*') == std::string_view::npos) {
            EXPECT_NE(page.find("\\fB" + environment_name(spec.path) + "\\fR\n"), std::string::npos)
                << spec.path;
        }
    }
    EXPECT_NE(page.find("CARETAKER_TARGETS_NAME_KAFKA_BOOTSTRAP_SERVERS"), std::string::npos);
    EXPECT_NE(page.find("NO_COLOR"), std::string::npos);
    EXPECT_EQ(page.find("CARETAKER_REQUIRE_ENGINES"), std::string::npos) << "of the tests alone";
}

}  // namespace
}  // namespace caretaker
