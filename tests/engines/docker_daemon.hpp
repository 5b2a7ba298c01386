// SPDX-License-Identifier: Apache-2.0
// A real Docker Engine of the test's own: its socket, its data, and no network.
#pragma once

#include "common/base/stop_signal.hpp"
#include "common/http/http.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/json.hpp"
#include "tests/support/temp_dir.hpp"

#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>

namespace caretaker::testing {

/// This kernel does not let an Engine run, whatever is installed.
class EngineUnsupported : public std::runtime_error {
 public:
    using std::runtime_error::runtime_error;
};

class DockerDaemon {
 public:
    /// Throws EngineUnavailable where something is not installed or the test is not root,
    /// EngineUnsupported where the Engine or a container of it cannot run.
    DockerDaemon();
    ~DockerDaemon();
    DockerDaemon(const DockerDaemon&) = delete;
    DockerDaemon& operator=(const DockerDaemon&) = delete;

    [[nodiscard]] const std::string& socket() const { return socket_; }

    /// The image `base:1`: one file, a shell and its tools.
    static constexpr std::string_view base = "base:1";

    HttpResponse send(HttpMethod method, const std::string& path, const std::string& body = {});

    /// Throws std::runtime_error for another status than 2xx. `path` without version.
    rapidjson::Document request(HttpMethod method,
                                const std::string& path,
                                const std::string& body = {});

    /// Takes everything away but the image `base:1`, which it puts back where it is gone.
    void clear();

    /// Stops it, lets it begin anew with the same data, and calls `meanwhile` between.
    template <typename Meanwhile>
    void restart(const Meanwhile& meanwhile) {
        stop();
        meanwhile();
        start();
    }

    /// Imports a one-file image; its layer is its own.
    void import_image(const std::string& reference, const std::string& content);

    /// Loads an image with that layer which says that it was built at `created` (RFC 3339).
    void load_image(const std::string& reference, const std::string& created);

    void tag(const std::string& reference, const std::string& repository, const std::string& name);

    /// Makes an image by the classic builder.
    void build(const std::string& reference, const std::string& dockerfile);

    /// Makes one by BuildKit, which has a cache of its own.
    void build_by_buildkit(const std::string& reference, const std::string& dockerfile);

    /// Bytes in the build cache.
    std::int64_t build_cache_size();

    /// A folder like /proc that shows the processes of the Engine alone.
    std::string processes();

    /// `extra`: further members of the request, ",\"Labels\":{…}". It does nothing and ends at
    /// once, unless `command` says otherwise (a list in JSON). Returns its id.
    std::string create(const std::string& name,
                       const std::string& extra = {},
                       const std::string& image = std::string(base),
                       const std::string& command = R"(["/busybox","true"])");

    /// Starts it and waits until it has ended.
    void run_to_end(const std::string& name);
    void start_container(const std::string& name);

    /// Where the Engine keeps its files.
    [[nodiscard]] std::string data() const { return folder_.file("data"); }

    /// Makes an image last tagged so long ago.
    void age_image(const std::string& reference, std::int64_t seconds);

    std::string image_id(const std::string& reference);

    std::set<std::string> containers();  // names
    std::set<std::string> images();      // tags, base:1 left out
    std::set<std::string> volumes();

 private:
    void start();
    void stop();
    void wait_until_ready();
    HttpResponse upload(const std::string& path, const std::string& tar);

    TempDir folder_;
    std::string socket_;
    StopSignal stop_;
    std::unique_ptr<HttpClient> http_;
    std::unique_ptr<ChildProcess> server_;
};

/// In containers' files of a stopped Engine: gives the member `name` of the first object that has
/// it another value. Throws std::runtime_error when there is none.
void edit_json_text(const std::string& file, const std::string& name, const std::string& value);

/// "2020-01-01T00:00:00Z", so many seconds before now.
std::string docker_time_ago(std::int64_t seconds);

}  // namespace caretaker::testing
