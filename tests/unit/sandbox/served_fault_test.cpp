// SPDX-License-Identifier: Apache-2.0
// Faults of HTTP services: their one-line form, and which requests they meet.
#include "tests/sandbox/served_fault.hpp"

#include "common/base/error.hpp"

#include <gtest/gtest.h>

namespace caretaker::sandbox {
namespace {

TEST(ServedFault, ReadsWhatItWrites) {
    for (const char* const spec : {"half",
                                   "status:code=403,path=*/slaves*",
                                   "status:code=503,body=a%2Cb,method=PUT,after=1,times=2",
                                   "delay:ms=250",
                                   "huge:mib=12,path=/state",
                                   "event:name=leader-1,text=GET_AGENTS",
                                   "lost:method=DELETE"}) {
        EXPECT_EQ(format_served_fault(parse_served_fault(spec)), spec);
    }
}

TEST(ServedFault, SaysWhatIsWrong) {
    const auto message = [](const char* spec) -> std::string {
        try {
            parse_served_fault(spec);
        } catch (const UsageError& error) {
            return error.what();
        }
        return "nothing";
    };
    EXPECT_NE(message("break").find("there is no fault 'break'; known: status, delay"),
              std::string::npos);
    EXPECT_NE(message("status").find("'status' needs code="), std::string::npos);
    EXPECT_NE(message("status:code=99").find("no status from 200 to 599"), std::string::npos);
    EXPECT_NE(message("half:ms=3").find("takes KEY=VALUE with the keys path"), std::string::npos);
    EXPECT_NE(message("delay:ms=x").find("not a whole number"), std::string::npos);
    EXPECT_NE(message("half:method=FETCH").find("there is no method"), std::string::npos);
}

std::size_t count_taken(ServedFaults& faults, const HttpRequest& request) {
    return faults.take(request).size();
}

TEST(ServedFaults, MeetRequestsByPathMethodAndText) {
    ServedFaults faults;
    faults.add(parse_served_fault("half:path=/a*,method=POST,text=GET_AGENTS"));
    HttpRequest request{.method = HttpMethod::post, .url = "/api?x", .body = "GET_AGENTS"};
    EXPECT_EQ(count_taken(faults, request), 1U);
    request.body = "GET_TASKS";
    EXPECT_EQ(count_taken(faults, request), 0U);
    EXPECT_EQ(count_taken(faults, {.url = "/api", .body = "GET_AGENTS"}), 0U);
}

TEST(ServedFaults, BeginAfterSomeRequestsAndEndAfterMore) {
    ServedFaults faults;
    faults.add(parse_served_fault("half:after=1,times=2"));
    std::vector<std::size_t> taken;
    for (int i = 0; i < 5; ++i) {
        taken.push_back(count_taken(faults, {.url = "/"}));
    }
    EXPECT_EQ(taken, (std::vector<std::size_t>{0, 1, 1, 0, 0}));
}

TEST(ServedFaults, LetTheLatestCountBesideDelayAndEvent) {
    ServedFaults faults;
    for (const char* const spec : {"half", "delay:ms=5", "status:code=500", "event:name=x"}) {
        faults.add(parse_served_fault(spec));
    }
    std::vector<std::string> taken;
    for (const ServedFault& fault : faults.take({.url = "/"})) {
        taken.push_back(format_served_fault(fault));
    }
    EXPECT_EQ(taken, (std::vector<std::string>{"event:name=x", "status:code=500", "delay:ms=5"}));
}

}  // namespace
}  // namespace caretaker::sandbox
