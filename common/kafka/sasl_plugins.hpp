// SPDX-License-Identifier: Apache-2.0
// What librdkafka loads for logins that few clusters have.
#pragma once

namespace caretaker {

/// Keeps librdkafka from loading the plugins of Cyrus SASL with the first handle of the process,
/// which is some 2 ms and 1.4 MB for each run: it needs them for GSSAPI alone, as PLAIN, SCRAM and
/// OAUTHBEARER are its own. Nothing where the environment's SASL_PATH names a folder of plugins.
void leave_out_sasl_plugins();

}  // namespace caretaker
