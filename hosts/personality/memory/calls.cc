// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/memory/calls.h"

namespace vdsokit::personality {

constinit SystemCallRow const memory_calls[] = {
    {214, "brk", brk},           {215, "munmap", munmap},      {216, "mremap", mremap},
    {221, "execve", execve},     {222, "mmap", mmap},          {226, "mprotect", mprotect},
    {227, "msync", msync},       {228, "mlock", mlock},        {229, "munlock", munlock},
    {230, "mlockall", mlockall}, {231, "munlockall", munlock}, {232, "mincore", mincore},
    {233, "madvise", madvise},   {281, "execveat", execveat},  {284, "mlock2", mlock2},
};
constinit u64 const memory_call_count = sizeof(memory_calls) / sizeof(memory_calls[0]);

}  // namespace vdsokit::personality
