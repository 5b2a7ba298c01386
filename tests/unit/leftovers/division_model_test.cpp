// SPDX-License-Identifier: Apache-2.0
// Division of many amounts at once, against that of whole numbers one by one.
#include "jobs/leftovers/division_model.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <random>
#include <utility>
#include <vector>

namespace caretaker {
namespace {

constexpr std::size_t ports = scalar_count;

struct Agent {
    std::array<Milli, scalar_count> free{};
    std::int32_t free_ports = 0;
};

DivisionColumns columns_of(const std::vector<Agent>& agents) {
    DivisionColumns columns;
    for (const Agent& agent : agents) {
        for (std::size_t r = 0; r < scalar_count; ++r) {
            columns.free.at(r).push_back(static_cast<double>(agent.free.at(r)));
        }
        columns.ports.push_back(agent.free_ports);
    }
    return columns;
}

/// One by one: instances, and what bounds them or is short.
std::pair<std::int32_t, Division> divide_one(const Agent& agent, const Needs& needs) {
    std::int64_t fewest = most_on_agent;
    std::size_t bound_by = 0;
    std::optional<std::size_t> short_of;
    for (std::size_t r = 0; r <= ports; ++r) {
        const Milli need = r == ports ? needs.dynamic_ports : needs.scalars.at(r);
        if (need == 0) {
            continue;
        }
        const Milli quotient = (r == ports ? agent.free_ports : agent.free.at(r)) / need;
        if (quotient == 0 && !short_of) {
            short_of = r;
        }
        if (quotient < fewest) {
            fewest = quotient;
            bound_by = r;
        }
    }
    const auto first = static_cast<std::size_t>(Division::short_of_cpus);
    return {static_cast<std::int32_t>(fewest),
            static_cast<Division>(short_of ? first + *short_of : bound_by)};
}

Quotients quotients_of(const std::vector<Agent>& agents, const Needs& needs) {
    Quotients quotients;
    divide(columns_of(agents), needs, quotients);
    return quotients;
}

/// How many quotients are not those of whole numbers; what is beyond the most is left to
/// CountsNoMoreThanAMillion.
std::int64_t count_wrong(const std::vector<Milli>& amounts, Milli need) {
    DivisionColumns columns;
    for (std::vector<double>& column : columns.free) {
        column.resize(amounts.size());
    }
    columns.ports.resize(amounts.size());
    std::ranges::transform(
        amounts, columns.free[0].begin(), [](Milli amount) { return static_cast<double>(amount); });
    Quotients quotients;
    divide(columns, {.scalars = {need}}, quotients);
    std::int64_t wrong = 0;
    for (std::size_t i = 0; i < amounts.size(); ++i) {
        wrong +=
            quotients.instances[i] == std::min<Milli>(most_on_agent, amounts[i] / need) ? 0 : 1;
    }
    return wrong;
}

/// Ten millions of amounts, by divisors of all sizes.
TEST(Division, IsThatOfWholeNumbers) {
    std::mt19937_64 random(5);
    std::vector<Milli> amounts(100'000);
    for (int i = 0; i < 100; ++i) {
        const auto need = static_cast<Milli>(1 + random() % (1ULL << (1 + i % 51)));
        const auto most = static_cast<std::uint64_t>(
            std::min<WideMilli>(max_milli, WideMilli{need} * most_on_agent));
        for (Milli& amount : amounts) {
            amount = static_cast<Milli>(random() % most);
        }
        ASSERT_EQ(count_wrong(amounts, need), 0) << need;
    }
}

/// Where rounding up would give one too many: beside the multiples.
TEST(Division, IsThatOfWholeNumbersBesideEachMultiple) {
    std::mt19937_64 random(6);
    std::vector<Milli> needs{
        1, 2, 3, 7, 10, 100, 999, 1'000, 1'001, 999'983, max_milli - 1, max_milli};
    for (int i = 1; i < 51; ++i) {
        needs.insert(needs.end(), {(Milli{1} << i) - 1, Milli{1} << i, (Milli{1} << i) + 1});
    }
    for (const Milli need : needs) {
        const Milli largest = std::min<Milli>(most_on_agent, max_milli / need);
        std::vector<Milli> amounts;
        for (int i = 0; i < 2'000; ++i) {
            const Milli quotient =
                i < 1'000 ? std::max<Milli>(1, largest - i)
                          : 1 + static_cast<Milli>(random() % static_cast<std::uint64_t>(largest));
            for (const Milli beside : {-1, 0, 1}) {
                amounts.push_back(std::min(max_milli, quotient * need + beside));
            }
        }
        ASSERT_EQ(count_wrong(amounts, need), 0) << need;
    }
}

/// A million of total, used and needed as they stand in JSON, against fractions of 128 bits: no
/// rounding on the way loses or makes an instance.
TEST(Division, OfWhatIsLeftIsThatOfFractions) {
    std::mt19937_64 random(8);
    constexpr std::size_t count = 1'000'000;
    DivisionColumns columns;
    for (std::vector<double>& column : columns.free) {
        column.resize(1);
    }
    columns.ports.resize(1);
    Quotients quotients;
    std::int64_t wrong = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const auto total = static_cast<Milli>(random() % 10'000'000);
        const auto used = static_cast<Milli>(random() % static_cast<std::uint64_t>(total + 1));
        const auto need = static_cast<Milli>(1 + random() % 100'000);
        const auto read = [](Milli thousandths) {
            return to_milli(static_cast<double>(thousandths) / 1000.0).value_or(-1);
        };
        columns.free[0][0] = static_cast<double>(read(total) - read(used));
        divide(columns, {.scalars = {read(need)}}, quotients);
        // total/1000 - used/1000 >= instances * need/1000, and not one more.
        const WideMilli instances = quotients.instances[0];
        const bool is_enough = WideMilli{total} - used >= instances * need;
        const bool is_most =
            instances == most_on_agent || WideMilli{total} - used < (instances + 1) * need;
        wrong += is_enough && is_most ? 0 : 1;
    }
    EXPECT_EQ(wrong, 0);
}

TEST(Division, TellsWhatBindsAndWhatIsShort) {
    std::mt19937 random(7);
    const auto draw = [&](unsigned most) { return static_cast<Milli>(random() % most); };
    // About the lengths of the stretches that are gone through at once.
    for (const std::size_t count : {0U, 1U, 3U, 1023U, 1024U, 1025U, 5000U}) {
        std::vector<Agent> agents(count);
        for (Agent& agent : agents) {
            agent = {.free = {draw(6), draw(6), draw(6), draw(6)},
                     .free_ports = static_cast<std::int32_t>(draw(6))};
        }
        const Needs needs{.scalars = {draw(3), draw(3), draw(3), draw(3)},
                          .dynamic_ports = static_cast<std::int32_t>(draw(3))};
        const Quotients quotients = quotients_of(agents, needs);
        ASSERT_EQ(quotients.instances.size(), count);
        for (std::size_t i = 0; i < count; ++i) {
            const auto [instances, division] = divide_one(agents[i], needs);
            ASSERT_EQ(quotients.instances[i], instances) << i;
            ASSERT_EQ(quotients.divisions[i], division) << i;
        }
    }
}

TEST(Division, CountsNoMoreThanAMillion) {
    const std::vector<Agent> agents{
        {.free = {max_milli}}, {.free = {most_on_agent}}, {.free = {0}}};
    EXPECT_EQ(quotients_of(agents, {.scalars = {1}}).instances,
              (std::vector{most_on_agent, most_on_agent, 0}));
    EXPECT_EQ(quotients_of(agents, {}).instances,
              (std::vector{most_on_agent, most_on_agent, most_on_agent}))
        << "of what takes nothing";
}

TEST(Division, LeavesPortsByNumberToTheCaller) {
    Needs needs{.scalars = {1}, .dynamic_ports = 5};
    needs.static_ports.add(80, 80);
    EXPECT_EQ(quotients_of({{.free = {3}}}, needs).instances, std::vector{3});
}

TEST(PlacesWithRoom, ComeInOrderUntilTheyAreNotWantedAnyMore) {
    std::vector<Agent> agents(3000);
    for (const std::size_t place : {0U, 7U, 1023U, 1024U, 2999U}) {
        agents[place] = {.free = {5, 5}};
    }
    agents[8] = {.free = {5, 4}};
    const auto places_up_to = [&](std::size_t most) {
        std::vector<std::size_t> places;
        for_each_with_room(columns_of(agents), {.scalars = {5, 5}}, [&](std::size_t place) {
            places.push_back(place);
            return places.size() < most;
        });
        return places;
    };
    EXPECT_EQ(places_up_to(9), (std::vector<std::size_t>{0, 7, 1023, 1024, 2999}));
    EXPECT_EQ(places_up_to(2), (std::vector<std::size_t>{0, 7}));
}

}  // namespace
}  // namespace caretaker
