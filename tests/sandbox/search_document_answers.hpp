// SPDX-License-Identifier: Apache-2.0
// What the fake search engine answers about documents, in indices that keep them.
#pragma once

#include <string>

namespace caretaker::sandbox {

class SearchCall;

std::string search_documents(const SearchCall& call);    // GET or POST /{index}/_search
std::string field_capabilities(const SearchCall& call);  // GET or POST /{index}/_field_caps

}  // namespace caretaker::sandbox
