// SPDX-License-Identifier: Apache-2.0
#include "common/config/yaml_tree.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <map>
#include <sstream>
#include <utility>

namespace caretaker {

namespace {

constexpr std::size_t most_bytes = 1 << 20;
constexpr std::size_t most_levels = 64;
constexpr std::size_t most_nodes = 100'000;

TextPosition position(const YAML::Mark& mark) {
    return mark.is_null() ? TextPosition{} : TextPosition{mark.line + 1, mark.column + 1};
}

/// Collects the parser's events; refuses by YAML::ParserException, as the parser itself does.
class TreeBuilder final : public YAML::EventHandler {
 public:
    explicit TreeBuilder(std::vector<YamlNode>& nodes) : nodes_(nodes) {}

    [[nodiscard]] std::optional<std::size_t> root() const { return root_; }

    void OnDocumentStart(const YAML::Mark& mark) override {
        if (documents_++ > 0) {
            throw YAML::ParserException(mark, "a second document begins here; a file holds one");
        }
    }

    void OnDocumentEnd() override {}

    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        add(mark, anchor, {.kind = YamlKind::null});
    }

    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        const auto found = anchors_.find(anchor);
        if (found == anchors_.end()) {
            throw YAML::ParserException(mark, "the alias names no anchor");
        }
        for (const std::size_t open : open_) {
            if (open == found->second) {
                throw YAML::ParserException(mark, "the alias stands inside its own anchor");
            }
        }
        attach(found->second);
    }

    void OnScalar(const YAML::Mark& mark,
                  const std::string& tag,
                  YAML::anchor_t anchor,
                  const std::string& value) override {
        // "?" and "!" are the parser's marks for plain and quoted scalars without a tag.
        add(mark,
            anchor,
            {.kind = YamlKind::scalar,
             .text = value,
             .plain = tag == "?",
             .tagged = tag != "?" && tag != "!"});
    }

    void OnSequenceStart(const YAML::Mark& mark,
                         const std::string& tag,
                         YAML::anchor_t anchor,
                         YAML::EmitterStyle::value /*style*/) override {
        open(mark, tag, anchor, YamlKind::list);
    }

    void OnSequenceEnd() override { open_.pop_back(); }

    void OnMapStart(const YAML::Mark& mark,
                    const std::string& tag,
                    YAML::anchor_t anchor,
                    YAML::EmitterStyle::value /*style*/) override {
        open(mark, tag, anchor, YamlKind::map);
    }

    void OnMapEnd() override { open_.pop_back(); }

 private:
    std::size_t add(const YAML::Mark& mark, YAML::anchor_t anchor, YamlNode node) {
        if (nodes_.size() >= most_nodes) {
            throw YAML::ParserException(mark, fmt::format("more than {} values", most_nodes));
        }
        const std::size_t index = nodes_.size();
        node.at = position(mark);
        nodes_.push_back(std::move(node));
        if (anchor != YAML::NullAnchor) {
            anchors_[anchor] = index;
        }
        attach(index);
        return index;
    }

    void open(const YAML::Mark& mark,
              const std::string& tag,
              YAML::anchor_t anchor,
              YamlKind kind) {
        if (open_.size() >= most_levels) {
            throw YAML::ParserException(mark, fmt::format("more than {} levels", most_levels));
        }
        open_.push_back(add(mark, anchor, {.kind = kind, .tagged = tag != "?" && !tag.empty()}));
    }

    void attach(std::size_t index) {
        if (open_.empty()) {
            root_ = index;
        } else {
            nodes_[open_.back()].children.push_back(index);
        }
    }

    std::vector<YamlNode>& nodes_;
    std::map<YAML::anchor_t, std::size_t> anchors_;
    std::vector<std::size_t> open_;
    std::optional<std::size_t> root_;
    int documents_ = 0;
};

YamlDocument refused(TextPosition at, std::string message) {
    return {.error = YamlError{at, std::move(message)}};
}

}  // namespace

YamlDocument parse_yaml(std::string_view text) {
    if (text.size() > most_bytes) {
        return refused({}, fmt::format("larger than {} bytes", most_bytes));
    }
    YamlDocument document;
    TreeBuilder builder(document.nodes);
    // The library reports by exception what a caller wants beside other problems.
    try {
        // The mark of a document's end brings out a quote that nothing closes: the library (0.7,
        // 0.8) takes the end of the text for its end.
        std::istringstream stream(fmt::format("{}{}...\n", text, text.ends_with('\n') ? "" : "\n"));
        YAML::Parser parser(stream);
        while (parser.HandleNextDocument(builder)) {
        }
    } catch (const YAML::Exception& exception) {
        const bool unclosed = exception.msg == YAML::ErrorMsg::DOC_IN_SCALAR;
        return refused(position(exception.mark),
                       unclosed ? "a quoted text is not closed" : exception.msg);
    }
    document.root = builder.root();
    return document;
}

}  // namespace caretaker
