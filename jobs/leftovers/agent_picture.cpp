// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/agent_picture.hpp"

#include <algorithm>
#include <iterator>
#include <vector>

namespace caretaker {

std::string draw_bar(std::span<const BarPart> parts, std::size_t width) {
    Milli sum = 0;
    for (const BarPart& part : parts) {
        sum += part.amount;
    }
    if (sum <= 0) {
        return std::string(width, ' ');
    }
    std::vector<std::size_t> letters(parts.size());
    std::vector<Milli> rests(parts.size());
    std::size_t given = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const auto share = static_cast<WideMilli>(parts[i].amount) * static_cast<WideMilli>(width);
        letters[i] = static_cast<std::size_t>(share / sum);
        rests[i] = static_cast<Milli>(share % sum);
        if (letters[i] == 0 && parts[i].amount > 0) {
            letters[i] = 1;
            rests[i] = -1;
        }
        given += letters[i];
    }
    while (given < width) {  // the largest remainder, the first of equals
        const auto next =
            static_cast<std::size_t>(std::distance(rests.begin(), std::ranges::max_element(rests)));
        ++letters[next];
        rests[next] = -1;
        ++given;
    }
    while (given > width) {  // small parts took more than there is: from the largest
        --*std::ranges::max_element(letters);
        --given;
    }
    std::string bar;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        bar.append(letters[i], parts[i].letter);
    }
    return bar;
}

}  // namespace caretaker
