// SPDX-License-Identifier: Apache-2.0
// Words for shells of Bourne's family.
#pragma once

#include <string>
#include <string_view>

namespace caretaker {

/// `word` so that sh, bash and zsh read it back as it is: in single quotes where it needs them.
std::string shell_quoted(std::string_view word);

}  // namespace caretaker
