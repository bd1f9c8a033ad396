// SPDX-License-Identifier: BSD-2-Clause
// Not freestanding: nobody runs constructors before a kernel's first line.
extern unsigned long volatile start_value;
unsigned long volatile start_value = 1;
unsigned long derived_at_start = start_value + 1;
