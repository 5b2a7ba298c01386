// SPDX-License-Identifier: Apache-2.0
// Whether a process has a file open: deleting such a file frees nothing and loses what is written
// into it.
#pragma once

#include "jobs/cleanup/process_scan.hpp"

#include <csignal>
#include <cstdint>
#include <optional>
#include <set>

namespace caretaker {

enum class FileUse : std::uint8_t { free, in_use, unknown };

class OpenFileProbe {
 public:
    /// Ignores SIGIO as long as it lives: the kernel sends it to who holds a lease that somebody
    /// else breaks, and it would end the process.
    OpenFileProbe();
    ~OpenFileProbe();
    OpenFileProbe(const OpenFileProbe&) = delete;
    OpenFileProbe& operator=(const OpenFileProbe&) = delete;

    /// Asks the kernel by a write lease, which it grants only on a file that nobody else has open
    /// or mapped, whatever PID namespace they live in. Where there are no leases, and for mappings
    /// on overlayfs, all descriptors and mappings of all processes are looked at, once. The file
    /// `name` in `directory` is of that device and inode.
    FileUse probe(int directory,
                  const char* name,
                  std::uint64_t device,
                  std::uint64_t inode,
                  bool is_overlay);

 private:
    using FileIds = std::set<InodeId>;

    FileUse look_up(std::uint64_t device, std::uint64_t inode);
    static std::optional<FileIds> find_open_files();

    struct sigaction before_ {};

    bool scanned_ = false;
    std::optional<FileIds> open_{};  // nothing: not everything can be seen
};

}  // namespace caretaker
