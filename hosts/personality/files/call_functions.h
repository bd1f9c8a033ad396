// SPDX-License-Identifier: BSD-2-Clause
// The functions behind the rows of calls.cc, by the file that has them. Arguments are those of the
// Linux system call of the same name.
#pragma once

#include "hosts/personality/call.h"

namespace vdsokit::personality::file_call {

// open_calls.cc
Outcome openat(Call& call);
Outcome close(Call& call);
Outcome close_range(Call& call);
Outcome memfd_create(Call& call);
// descriptor_calls.cc
Outcome dup(Call& call);
Outcome dup3(Call& call);
Outcome fcntl(Call& call);
Outcome ioctl(Call& call);
Outcome flock(Call& call);
// transfer_calls.cc
Outcome read(Call& call);
Outcome write(Call& call);
Outcome readv(Call& call);
Outcome writev(Call& call);
Outcome pread64(Call& call);
Outcome pwrite64(Call& call);
Outcome preadv(Call& call);
Outcome pwritev(Call& call);
Outcome preadv2(Call& call);
Outcome pwritev2(Call& call);
// sendfile.cc
Outcome sendfile(Call& call);
// position_calls.cc
Outcome lseek(Call& call);
Outcome truncate(Call& call);
Outcome ftruncate(Call& call);
Outcome fallocate(Call& call);
Outcome fsync(Call& call);
Outcome sync(Call& call);
Outcome fadvise64(Call& call);
// directory_calls.cc
Outcome getdents64(Call& call);
Outcome chdir(Call& call);
Outcome fchdir(Call& call);
Outcome getcwd(Call& call);
Outcome umask(Call& call);
// name_calls.cc
Outcome mkdirat(Call& call);
Outcome mknodat(Call& call);
Outcome symlinkat(Call& call);
Outcome linkat(Call& call);
Outcome unlinkat(Call& call);
// rename_calls.cc
Outcome renameat(Call& call);
Outcome renameat2(Call& call);
// status_calls.cc
Outcome newfstatat(Call& call);
Outcome fstat(Call& call);
Outcome statx(Call& call);
Outcome statfs(Call& call);
Outcome fstatfs(Call& call);
Outcome faccessat(Call& call);
Outcome faccessat2(Call& call);
Outcome readlinkat(Call& call);
// attribute_calls.cc
Outcome fchmod(Call& call);
Outcome fchmodat(Call& call);
Outcome fchmodat2(Call& call);
Outcome fchown(Call& call);
Outcome fchownat(Call& call);
Outcome utimensat(Call& call);
Outcome no_attributes(Call& call);
Outcome no_attribute_names(Call& call);
// poll_calls.cc
Outcome ppoll(Call& call);
Outcome pselect6(Call& call);
// event_calls.cc
Outcome pipe2(Call& call);
Outcome eventfd2(Call& call);
Outcome timerfd_create(Call& call);
Outcome timerfd_settime(Call& call);
Outcome timerfd_gettime(Call& call);
Outcome epoll_create1(Call& call);
Outcome epoll_ctl(Call& call);
Outcome epoll_pwait(Call& call);
Outcome epoll_pwait2(Call& call);

}  // namespace vdsokit::personality::file_call
