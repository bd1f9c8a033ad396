// SPDX-License-Identifier: BSD-2-Clause
// Who a process is: ids, groups, sessions. Everyone is user 0 and group 0.
#pragma once

#include "hosts/personality/call.h"

namespace vdsokit::personality {

Outcome getpid_call(Call& call);
Outcome getppid_call(Call& call);
Outcome gettid_call(Call& call);
Outcome zero_id_call(Call& call);         // getuid, geteuid, getgid, getegid
Outcome three_zero_ids_call(Call& call);  // getresuid, getresgid
Outcome set_id_call(Call& call);          // setuid and the like
Outcome getgroups_call(Call& call);
Outcome setgroups_call(Call& call);
Outcome setpgid_call(Call& call);
Outcome getpgid_call(Call& call);
Outcome getsid_call(Call& call);
Outcome setsid_call(Call& call);
Outcome set_tid_address_call(Call& call);

}  // namespace vdsokit::personality
