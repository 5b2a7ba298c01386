// SPDX-License-Identifier: Apache-2.0
// What LeakSanitizer is to overlook in these tests.

/// librdkafka 2.0.2 leaks a queue (176 bytes) of a handle whose brokers do not offer ListGroups. A
/// run has one handle and ends soon after.
extern "C" const char* __lsan_default_suppressions();

extern "C" const char* __lsan_default_suppressions() {
    return "leak:librdkafka.so\n";
}
