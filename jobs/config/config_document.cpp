// SPDX-License-Identifier: Apache-2.0
#include "jobs/config/config_document.hpp"

#include "common/config/key_table.hpp"
#include "common/text/bytes.hpp"
#include "common/text/duration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

namespace caretaker {

namespace {

constexpr std::string_view introduction =
    R"(<!-- Made by `caretaker config docs` from the key table; do not edit. -->
# Configuration

Each key can be set in a file and by an environment variable, and some by a flag. For each key flags win over variables, variables over files, and
files over defaults. `caretaker config show --origin` prints every value and where it comes from, `caretaker config check` all mistakes at once, and
`caretaker config schema` a JSON Schema for editors.

## Mistakes

A configuration with a mistake ends every job with exit code 2 before anything is started; the message has the file, the line, the column and the key
that was probably meant. Of a file that is no YAML nothing is taken, of others all that is right. What one needs meanwhile works:

* `config show` prints what could be read, then the mistakes; its exit code is 2 too.
* `hold`, `unhold`, `holds`, `history`, `status`, `findings` and the commands of `store` that only read go on, with one warning, while it is certain which store
  is meant. It is not after a mistake in `store.path`, `store.journal` or `store.max_bytes`, a misspelled `store`, a file that cannot be read, or, where nothing
  gives `store.path`, a key that resembles none. Then they end with exit code 2, too, rather than take another store. A later file, a variable or `--store` that
  gives the same key takes the doubt away: `caretaker hold all --for 1h --reason … --store FILE`.
* `doctor` goes on in any case; `config schema`, `config docs`, `exit-codes` and all help read no configuration.

Values are checked beyond their type, too: addresses, patterns, and the names and values of Kafka's properties. `config check` tells them as mistakes, `config show` and `doctor`
as well, with the same words as a run that stumbles over them. Other commands go on, since jobs share a file: a job logs such values as warnings and ends with exit code 2
only where it uses one. That a file of a password or certificate is there is no part of the check, which may be done on another host.

## Files

The files of `--config` (repeatable; a later one wins key by key), else the one that `CARETAKER_CONFIG` names. Without either:
`/etc/caretaker/caretaker.yml` and then `/etc/caretaker/conf.d/*.yml` in byte order; where there are none,
`$XDG_CONFIG_HOME/caretaker/caretaker.yml` (or `~/.config/caretaker/caretaker.yml`). A file is YAML, its keys nested by their dots:

```yaml
statsd:
  address: statsd.marathon.mesos:8125
targets:
  prod:
    kafka:
      bootstrap_servers: [kafka-1:9092, kafka-2:9092]
```

Unknown and repeated keys, wrong types, values out of range and missing units are mistakes; quotes decide between text and number, so `"1400"` is no integer.

## Variables

A key's variable is its name in capitals with `CARETAKER_` in front and everything outside `A-Z0-9` as `_`: `store.path` is `CARETAKER_STORE_PATH`, and
`targets.prod-eu.kafka.properties` is `CARETAKER_TARGETS_PROD_EU_KAFKA_PROPERTIES`. An empty variable counts as not set. Lists are separated by commas, maps are
`name=value` pairs separated by commas, and a backslash keeps the comma behind it.

* `CARETAKER_STORE` and `CARETAKER_LOG` are short for `CARETAKER_STORE_PATH` and `CARETAKER_LOG_LEVEL`; both set and different is a mistake.
* `CARETAKER_TARGET` chooses the target where `--target` does not.
* A variable with `_FILE` at its end names a file that holds the value, without the line break at its end.
* Two targets whose names give the same variables, such as `a-b` and `a_b`, are a mistake.
* Rules (`cleanup.files`) stand in files alone; they may be a list, each with its `name`, or a section by name.

## Secrets

A password or token stands in a file of its own (`password_file`, `token_file`), in a variable, or in a configuration file that others cannot read; no flag
takes one. They are shown as `***` and are in no output, log or stored row. Chronos shows the environment of its jobs to everybody, so a file is the better place there.

## Types

| type | written |
| --- | --- |
| text, choice | `wal`; text that looks like a number or boolean in quotes |
| integer, boolean | `5000`, `true`, without quotes |
| duration | `250ms`, `90s`, `15m`, `36h`, `7d`, `2w`, and together from large to small, `1h30m` |
| size | `512MB` by 1000, `2GiB` by 1024 |
| list, map | `[a, b]`, `{a: b}` |
)";

constexpr std::string_view targets_prefix = "targets.*.";

struct Row {
    std::string name{};
    std::string type{};
    std::string fallback{};
    std::string help{};
};

/// A service, or several with the same keys.
struct Services {
    std::vector<std::string_view> names{};
    std::vector<const KeySpec*> keys{};  // of the first
};

std::string_view last_part(std::string_view path) {
    return path.substr(path.rfind('.') + 1);
}

std::string in_code(std::string_view text) {
    return text.empty() ? std::string() : fmt::format("`{}`", text);
}

std::string format_limit(const KeySpec& spec, std::int64_t value) {
    switch (spec.type == ValueType::text_map ? spec.element : spec.type) {
        case ValueType::duration:
            return format_exact_duration(std::chrono::milliseconds(value));
        case ValueType::size:
            return format_exact_bytes(static_cast<std::uint64_t>(value));
        default:
            return std::to_string(value);
    }
}

std::string format_type(const KeySpec& spec) {
    if (spec.type == ValueType::choice) {
        std::string words = "`";
        for (const char c : spec.choices) {
            words += c == '|' ? "`, `" : std::string(1, c);
        }
        return words + '`';
    }
    std::string text = spec.secret ? "secret text" : std::string(to_string(spec.type));
    if (spec.element != ValueType::text) {
        text += fmt::format(" of {}s", to_string(spec.element));
    }
    if (spec.min != KeySpec{}.min) {
        text +=
            fmt::format(", {} to {}", format_limit(spec, spec.min), format_limit(spec, spec.max));
    }
    return text;
}

Row row_of(const KeySpec& spec, std::string_view name) {
    return {.name = std::string(name),
            .type = format_type(spec),
            .fallback = in_code(spec.fallback),
            .help = std::string(spec.help)};
}

std::string format_rows(const std::vector<Row>& rows) {
    std::string out = "| key | type | default | meaning |\n| --- | --- | --- | --- |\n";
    for (const Row& row : rows) {
        out += fmt::format("| `{}` | {} | {} | {} |\n", row.name, row.type, row.fallback, row.help);
    }
    return out;
}

std::vector<Services> group_services() {
    std::vector<Services> groups;
    for (const std::string_view service : section_names("targets.*")) {
        const std::string section = fmt::format("{}{}", targets_prefix, service);
        std::vector<const KeySpec*> keys;
        for (const std::string_view name : section_names(section)) {
            keys.push_back(find_key(fmt::format("{}.{}", section, name)));
        }
        const auto same = std::ranges::find_if(groups, [&](const Services& group) {
            return std::ranges::equal(
                group.keys,
                keys,
                {},
                [](const KeySpec* spec) { return last_part(spec->path); },
                [](const KeySpec* spec) { return last_part(spec->path); });
        });
        if (same == groups.end()) {
            groups.push_back({.names = {service}, .keys = std::move(keys)});
        } else {
            same->names.push_back(service);
        }
    }
    return groups;
}

/// The default, and those services that have another one.
std::string format_fallbacks(const Services& services, const KeySpec& first) {
    std::string text = in_code(first.fallback);
    for (const std::string_view service : services.names) {
        const KeySpec* spec =
            find_key(fmt::format("{}{}.{}", targets_prefix, service, last_part(first.path)));
        if (spec->fallback != first.fallback) {
            text += fmt::format("; {}: {}", service, in_code(spec->fallback));
        }
    }
    return text;
}

std::string format_services(const Services& services) {
    std::vector<Row> rows;
    for (const KeySpec* spec : services.keys) {
        Row row = row_of(*spec, last_part(spec->path));
        row.fallback = format_fallbacks(services, *spec);
        rows.push_back(std::move(row));
    }
    return fmt::format(
        "\n### targets.NAME.{}\n\n{}", fmt::join(services.names, ", "), format_rows(rows));
}

/// Keys of sections within a section stand where the section does.
void add_rows(std::string_view section, std::vector<Row>& rows) {
    for (const std::string_view name : section_names(section)) {
        const std::string path = fmt::format("{}.{}", section, name);
        if (const KeySpec* spec = find_key(path)) {
            rows.push_back(row_of(*spec, path));
        } else {
            add_rows(path, rows);
        }
    }
}

std::string format_section(std::string_view section) {
    std::vector<Row> rows;
    add_rows(section, rows);
    return fmt::format("\n### {}\n\n{}", section, format_rows(rows));
}

}  // namespace

std::string format_config_document() {
    std::string out(introduction);
    out += "\n## Keys\n";
    for (const std::string_view section : section_names("")) {
        if (section != "targets") {
            out += format_section(section);
        }
    }
    out +=
        "\n## Targets\n\nA target is a platform under a name of one's own (letters, digits, `-` "
        "and `_`); `--target` chooses one where several are configured.\n";
    for (const Services& services : group_services()) {
        out += format_services(services);
    }
    return out;
}

}  // namespace caretaker
