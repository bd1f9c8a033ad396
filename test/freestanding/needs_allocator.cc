// SPDX-License-Identifier: BSD-2-Clause
// Not freestanding: the test must refuse it.
int* allocate_in_secret(int count) { return new int[static_cast<unsigned long>(count)]; }
