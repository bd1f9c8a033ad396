#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Signals at any moment of an exec, while the supervisor is attached or about to be: none is lost.
A process and its child that executes are signalled as a group. signals_test.py VDSOKIT"""
import os
import random
import signal
import subprocess
import sys
import tempfile
import time

vdsokit = sys.argv[1]
probe = subprocess.run([vdsokit, "run", "true"], capture_output=True, text=True)
if probe.returncode and "seccomp" in probe.stderr:
    print("skipped:", probe.stderr.strip())
    sys.exit(77)
seed = int(os.environ.get("SEED", random.randrange(2**32)))
moments = random.Random(seed)
members_expected = 2
work = tempfile.TemporaryDirectory()
program = f"{work.name}/exec_window"
subprocess.run(["gcc", "-O2", f"{os.path.dirname(os.path.realpath(__file__))}/exec_window.c", "-o", program],
               check=True)


def states(group):
    """Of the processes of a group, by the letters of proc(5); the dead left out."""
    found = []
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{entry}/stat") as file:
                state, _, its_group = file.read().rpartition(")")[2].split()[:3]
        except OSError:
            continue
        if int(its_group) == group and state not in "ZX":
            found.append(state)
    return found


def becomes(group, condition):
    """Whether it does, in a time that no machine needs."""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        if condition(states(group)):
            return True
        time.sleep(0.002)
    return False


def dead(found):
    return not found


def stopped(found):
    return found == ["T"] * members_expected


def running(found):
    return len(found) == members_expected and "T" not in found


rows = [
    ("^C", [(signal.SIGINT, dead)]),
    ("SIGTERM", [(signal.SIGTERM, dead)]),
    ("^Z, fg, ^C", [(signal.SIGTSTP, stopped), (signal.SIGCONT, running), (signal.SIGINT, dead)]),
    ("SIGSTOP, SIGCONT", [(signal.SIGSTOP, stopped), (signal.SIGCONT, running),
                          (signal.SIGTERM, dead)]),
]
presses = 50
failed = 0
for mode in "runs", "fails":
    for what, steps in rows:
        for _ in range(presses // len(rows) + 1):
            process = subprocess.Popen([vdsokit, "run", "--offset", "1h", program, mode],
                                       stdout=subprocess.PIPE, process_group=0)
            process.stdout.readline()
            moment = moments.uniform(0, 0.003)
            time.sleep(moment)
            for number, condition in steps:
                os.killpg(process.pid, number)
                if not becomes(process.pid, condition):
                    failed += 1
                    print(f"FAILED: an exec that {mode}: {what} after {moment * 1000:.3f} ms, seed {seed}: "
                          f"after {number.name} not {condition.__name__}: {states(process.pid)}")
                    break
            if states(process.pid):
                os.killpg(process.pid, signal.SIGKILL)
            if process.wait() >= 0:
                failed += 1
                print(f"FAILED: an exec that {mode}: {what}: status {process.returncode}, not a signal")
            process.stdout.close()
print(f"{failed} failed")
sys.exit(failed != 0)
