// SPDX-License-Identifier: Apache-2.0
// Lists of brokers, right and wrong.
#include "common/kafka/bootstrap_servers.hpp"

#include <gtest/gtest.h>

namespace caretaker {
namespace {

TEST(BootstrapServers, AreRightInEveryFormThatTheLibraryTakes) {
    for (const char* servers : {"k:9092",
                                "k",
                                "k-1:1,k-2:65535",
                                " k-1:9092 , k-2:9092 ",
                                "10.0.0.1:9092",
                                "[::1]:9092",
                                "[fe80::1]",
                                "SSL://k:9093,SASL_SSL://[::1]:9094"}) {
        EXPECT_EQ(bootstrap_servers_problem(servers), "") << servers;
    }
}

TEST(BootstrapServers, SayWhatIsWrongWithWhichOfThem) {
    struct Case {
        const char* servers;
        const char* problem;
    };

    for (const auto& [servers, problem] :
         {Case{"", "no broker is named; write HOST:PORT"},
          Case{"  ", "no broker is named; write HOST:PORT"},
          Case{"k:9092,,m:9092", "'': the host is missing; write HOST:PORT"},
          Case{"k:9092,", "'': the host is missing; write HOST:PORT"},
          Case{":9092", "':9092': the host is missing; write HOST:PORT"},
          Case{"SSL://", "'SSL://': the host is missing; write HOST:PORT"},
          Case{"k:", "'k:': the port is a number from 1 to 65535"},
          Case{"k:0", "'k:0': the port is a number from 1 to 65535"},
          Case{"k:65536", "'k:65536': the port is a number from 1 to 65535"},
          Case{"k:99999999999", "'k:99999999999': the port is a number from 1 to 65535"},
          Case{"k:-1", "'k:-1': the port is a number from 1 to 65535"},
          Case{"k:90x", "'k:90x': the port is a number from 1 to 65535"},
          Case{"[::1]:x", "'[::1]:x': the port is a number from 1 to 65535"},
          Case{"::1:9092", "'::1:9092': the host is missing; write HOST:PORT"},
          Case{"fe80::1", "'fe80::1': write an IPv6 address in brackets, [::1]:9092"},
          Case{"k:9092 m:9092", "'k:9092 m:9092': write HOST:PORT, with commas between several"},
          Case{"http://k:9092/",
               "'http://k:9092/': write HOST:PORT, with commas between several"}}) {
        EXPECT_EQ(bootstrap_servers_problem(servers), problem) << servers;
    }
}

}  // namespace
}  // namespace caretaker
