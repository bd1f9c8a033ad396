// SPDX-License-Identifier: BSD-2-Clause
// What is executed: as little as a program can be.
int main(void) { return 0; }
