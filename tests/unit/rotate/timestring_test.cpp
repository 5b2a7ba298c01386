// SPDX-License-Identifier: Apache-2.0
// Dates read from names, and names made from dates.
#include "jobs/rotate/timestring.hpp"

#include "jobs/rotate/date_math.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace caretaker {
namespace {

UnixSeconds at(std::string_view text) {
    return parse_whole_date(text, "%Y-%m-%d %H:%M:%S").value();
}

std::optional<Timestring::Found> find(std::string_view form, std::string_view name) {
    return Timestring::compile(form).timestring.value().find(name);
}

std::string date_in(std::string_view form, std::string_view name) {
    const auto found = find(form, name);
    if (!found) {
        return "nothing";
    }
    return found->time ? format_timestring("%Y-%m-%d %H:%M:%S", *found->time) : "no date";
}

TEST(Timestring, ReadsTheDateThatANameHolds) {
    struct Case {
        std::string form;
        std::string name;
        std::string date;
    };

    const std::vector<Case> cases{
        {"%Y.%m.%d", "logs-2026.10.22", "2026-10-22 00:00:00"},
        {"%Y.%m.%d", "logs-2026.10.22-000001", "2026-10-22 00:00:00"},
        {"%Y.%m", "logs-2026.10.22", "2026-10-01 00:00:00"},
        {"%Y%m%d%H", "a2026102213", "2026-10-22 13:00:00"},
        {"%Y-%m-%dT%H:%M:%S", "x-2026-10-22t01:02:03", "nothing"},
        {"%y%m%d", "x-690101", "1969-01-01 00:00:00"},
        {"%y%m%d", "x-680101", "2068-01-01 00:00:00"},
        {"%Y.%j", "x-2024.366", "2024-12-31 00:00:00"},
        {"%Y.%j", "x-2023.366", "2024-01-01 00:00:00"},
        {"%Y.%j", "x-2023.000", "no date"},
        {"%Y", "logs-2016", "2016-01-01 00:00:00"},
        {"%m.%d", "logs-02.28", "1900-02-28 00:00:00"},
        {"%Y.%m.%d", "logs-2020.13.45", "no date"},
        {"%Y.%m.%d", "logs-2023.02.29", "no date"},
        {"%Y.%m.%d", "logs-2024.02.29", "2024-02-29 00:00:00"},
        {"%Y.%m.%d", "logs", "nothing"},
        {"%Y.%m.%d", "logs-2026x10x22", "nothing"},
        {"%Y.%m.%d", "1111.22.33-2026.10.22", "no date"},  // the leftmost one counts
        {"%H", "x-24", "no date"},
        {"%S", "x-60", "no date"},
        {"%Y.%W", "2017.01", "2017-01-02 00:00:00"},
        {"%Y.%W", "2017.00", "2016-12-26 00:00:00"},
        {"%Y.%W", "2018.00", "2018-01-01 00:00:00"},
        {"%Y.%W", "2018.01", "2018-01-01 00:00:00"},
        {"%Y.%U", "2017.00", "2017-01-02 00:00:00"},
        {"%Y.%U", "2017.01", "2017-01-02 00:00:00"},
        {"%Y.%U", "2018.00", "2018-01-01 00:00:00"},
        {"%Y.%U", "2018.01", "2018-01-08 00:00:00"},
        {"%G-%V", "2015-53", "2015-12-28 00:00:00"},
        {"%G.W%V", "2021.W09", "2021-03-01 00:00:00"},
        {"%G.%V", "2021.00", "2020-12-28 00:00:00"},
    };
    for (const auto& [form, name, date] : cases) {
        EXPECT_EQ(date_in(form, name), date) << form << " in " << name;
    }
    EXPECT_EQ(parse_whole_date("1969.12.31", "%Y.%m.%d")->time_since_epoch().count(), -86'400);
    EXPECT_EQ(parse_whole_date("1970.01.01", "%Y.%m.%d")->time_since_epoch().count(), 0);
}

TEST(Timestring, TellsWhichTextItRead) {
    EXPECT_EQ(find("%Y.%m.%d", "logs-2026.10.22-x")->text, "2026.10.22");
}

TEST(Timestring, IsARegularExpressionAsInCurator) {
    EXPECT_EQ(timestring_expression("%Y.%m-%d"), "\\d{4}\\.\\d{2}\\-\\d{2}");
    EXPECT_EQ(timestring_expression("%B%Y"), "B\\d{4}");
    EXPECT_EQ(timestring_expression("%%Y"), "\\d{4}");
    EXPECT_EQ(timestring_expression("%-d"), "\\-d");
    EXPECT_FALSE(Timestring::compile("%Y(").timestring);
    EXPECT_NE(Timestring::compile("%Y(").error.find("regular expression"), std::string::npos);
}

TEST(Timestring, NeedsBothCodesOfAnIsoWeek) {
    EXPECT_EQ(Timestring::compile("%G.%V").timestring->date_error(), "");
    EXPECT_NE(Timestring::compile("%Y.%V").timestring->date_error(), "");
    EXPECT_NE(Timestring::compile("%G").timestring->date_error(), "");
}

TEST(Timestring, FillsCodesInUtc) {
    const UnixSeconds time = at("2026-01-02 03:04:05");
    EXPECT_EQ(format_timestring("logs-%Y.%m.%d", time), "logs-2026.01.02");
    EXPECT_EQ(format_timestring("%y%j-%H%M%S", time), "26002-030405");
    EXPECT_EQ(format_timestring("%G-%V %W %U", time), "2026-01 00 00");
    EXPECT_EQ(format_timestring("100%x %", time), "100x ");
    EXPECT_EQ(format_timestring("%U", at("2026-01-04 00:00:00")), "01");
    EXPECT_EQ(format_timestring("%W", at("2026-01-05 00:00:00")), "01");
}

TEST(Epochs, AreToldApartByTheirLength) {
    EXPECT_EQ(normalise_epoch(0), 0);
    EXPECT_EQ(normalise_epoch(1'700'000'000), 1'700'000'000);
    EXPECT_EQ(normalise_epoch(1'700'000'000'123), 1'700'000'000);
    EXPECT_EQ(normalise_epoch(999'999'999'999), 999'999'999);
    EXPECT_EQ(normalise_epoch(1'700'000'000'123'456), 1'700'000'000);
    EXPECT_EQ(normalise_epoch(1'700'000'000'123'456'789), 1'700'000'000);
    EXPECT_EQ(normalise_epoch(-2'208'988'800), -2'208'988);
}

TEST(DateMath, IsResolvedHere) {
    const UnixSeconds now = at("2026-03-31 22:30:15");
    const std::vector<std::pair<std::string, std::string>> cases{
        {"<logs-{now/d}>", "logs-2026.03.31"},
        {"<logs-{now/M}>", "logs-2026.03.01"},
        {"<logs-{now/d-1d}>", "logs-2026.03.30"},
        {"<logs-{now-1M}>", "logs-2026.02.28"},
        {"<logs-{now+1y/y}-a>", "logs-2027.01.01-a"},
        {"<logs-{now/w{yyyyMMdd}}>", "logs-20260330"},
        {"<logs-{now/d{yyyy.MM.dd|+02:00}}>", "logs-2026.04.01"},
        {"<logs-{now{uuuu-MM-dd-HH'h'}}>", "logs-2026-03-31-22h"},
        {"<a\\{b\\}-{now/H{HH}}>", "a{b}-22"},
        {"<a{now{DDD}}>", "a090"},
        {"plain-%Y", "plain-2026"},
    };
    for (const auto& [text, name] : cases) {
        const ResolvedName resolved = resolve_name(text, now);
        EXPECT_EQ(resolved.name, name) << text << " " << resolved.error;
        EXPECT_EQ(resolved.error, "");
    }
}

TEST(DateMath, SaysWhatItDoesNotKnow) {
    const UnixSeconds now = at("2026-03-31 22:30:15");
    for (const char* text : {"<",
                             "<>",
                             "a<b",
                             "<a-{now>",
                             "<a-{now}}>",
                             "<a-{now/}>",
                             "<a-{now/q}>",
                             "<a-{now+99999999999d}>",
                             "<a-{now+}>",
                             "<a-{now*2}>",
                             "<a-{later}>",
                             "<a-{now{}}>",
                             "<a-{now{MMM}}>",
                             "<a-{now{ww}}>",
                             "<a-{now{yyyy|Europe/Berlin}}>",
                             "<a-{now{'x}}>"}) {
        EXPECT_NE(resolve_name(text, now).error, "") << text;
    }
}

TEST(DateMath, LeavesToTheServerWhatItMayKnow) {
    for (const char* text :
         {"<a-{now{MMM}}>", "<a-{now/w{xxxx.ww}}>", "<a-{now/d{yyyy.MM.dd|Europe/Berlin}}>"}) {
        EXPECT_TRUE(resolve_name(text, UnixSeconds()).needs_server) << text;
    }
    for (const char* text : {"<a-{now/q}>", "<a-{now{yyyy}>", "<a-{now/d}>", "plain"}) {
        EXPECT_FALSE(resolve_name(text, UnixSeconds()).needs_server) << text;
    }
}

}  // namespace
}  // namespace caretaker
