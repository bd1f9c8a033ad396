#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Job control and terminal: what a user at a shell sees is the same with `vdsokit run` before the
command as without it. terminal_test.py VDSOKIT"""
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time

vdsokit = os.path.realpath(sys.argv[1])
probe = subprocess.run([vdsokit, "run", "true"], capture_output=True, text=True)
if probe.returncode and "seccomp" in probe.stderr:
    print("skipped:", probe.stderr.strip())
    sys.exit(77)


# A shell that waits for a child. The child speaks, because dash takes no signal between its vfork and
# its child's exec: the child forgets it, and the shell, waiting, leaves it to the child. 20 presses in a
# hundred at an `echo` in front of `sleep` end neither, with us or without.
child_in_place = """sh -c 'sh -c "echo \\"go\\"ing; exec sleep 100"; :'"""


class Terminal:
    """An interactive bash at a terminal of its own."""

    def __init__(self):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            # Whoever runs this in the background may have had it ignore them.
            for key in (signal.SIGINT, signal.SIGQUIT, signal.SIGTSTP):
                signal.signal(key, signal.SIG_DFL)
            os.environ.update(PS1="$ ", TERM="dumb")
            os.execvp("bash", ["bash", "--norc", "--noprofile", "--noediting", "-i"])
        self.seen = ""
        self.wait_for(r"\$ $")

    def wait_for(self, pattern, seconds=30):
        end = time.monotonic() + seconds
        while not (found := re.search(pattern, self.seen)):
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.fd], [], [], left)[0]:
                raise SystemExit(f"FAILED: no {pattern!r} in {self.seen!r}")
            self.seen += os.read(self.fd, 4096).decode().replace("\r", "")
        return found

    def enter(self, line):
        """What comes back, up to the next prompt."""
        self.seen = ""
        os.write(self.fd, line.encode() + b"\n")
        self.wait_for(r"\$ $")
        return self.seen.partition("\n")[2].rpartition("$ ")[0].strip()

    def begin(self, line, until):
        self.seen = ""
        os.write(self.fd, line.encode() + b"\n")
        self.wait_for(until)

    def key(self, key, pattern=r"\$ $"):
        self.seen = ""
        os.write(self.fd, key)
        self.wait_for(pattern)
        return self.seen

    def close(self):
        os.write(self.fd, b"exit\n")
        os.close(self.fd)
        os.waitpid(self.pid, 0)


def session(before):
    """What is seen of one session; `before` stands in front of each command."""
    seen = []
    terminal = Terminal()
    run = terminal.enter
    seen.append(("status", run(f"{before} sh -c 'exit 3'; echo $?")))
    seen.append(("it is a terminal", run(f"{before} sh -c 'test -t 0 && test -t 1 && test -t 2; echo $?'")))
    seen.append(("size", run(f"stty rows 33 cols 44; {before} stty size")))
    seen.append(("foreground", run(
        f"{before} sh -c 'set -- $(cat /proc/self/stat); test $5 = $8 && echo foreground'")))
    terminal.begin(f"{before} {child_in_place}", "going")
    terminal.key(b"\x03")
    seen.append(("^C: status", run("echo $?")))
    terminal.begin(f"{before} sh -c 'echo \"go\"ing; exec sleep 100'", "going")
    seen.append(("^Z", "Stopped" in terminal.key(b"\x1a")))
    seen.append(("^Z: status", run("echo $?")))
    seen.append(("jobs", run("jobs").split()[1:2]))
    terminal.begin("fg", "sleep")
    time.sleep(0.2)
    terminal.key(b"\x03")
    seen.append(("fg, ^C: status", run("echo $?")))
    terminal.begin(f"{before} sh -c 'echo \"go\"ing; read -r line; echo \"got\" $line'", "going")
    terminal.key(b"\x1a")
    seen.append(("bg of a reader stops again", "Stopped" in run("bg; sleep 0.5; jobs")))
    terminal.begin("fg", "read")
    seen.append(("fg, and a line", "got hello" in terminal.key(b"hello\n", "got hello")))
    terminal.wait_for(r"\$ $")
    terminal.begin(f"{before} {child_in_place}", "going")
    terminal.key(b"\x1c")
    seen.append(("^\\: status", run("echo $?")))
    seen.append(("background", run(f"{before} sh -c 'exit 5' & wait $!; echo status $?").split()[-1]))
    seen.append(("no job left", run("jobs")))
    terminal.close()
    return seen


def streams(before):
    """Standard streams: order, closed ones, a pipe whose reader waits for its end."""
    command = before.split()
    seen = []

    def run(*words, **more):
        return subprocess.run([*command, *words], capture_output=True, text=True, timeout=60, **more)

    both = run("sh", "-c", "cat; echo err >&2", input="in\n")
    seen.append(("three streams", both.stdout, both.stderr))
    quick = "sh -c 'sleep 3 >/dev/null 2>&1 & echo out'"
    begin = time.monotonic()
    subprocess.run(f"{before} {quick} | cat", shell=True, capture_output=True, timeout=60)
    seen.append(("nobody of ours holds a pipe", time.monotonic() - begin < 2.9))
    closed = subprocess.run(f"{before} sh -c 'ls /proc/self/fd | wc -l' <&- 2>&-", shell=True,
                            capture_output=True, text=True, timeout=60)
    seen.append(("closed streams stay closed", closed.stdout))
    seen.append(("umask and limits", run("sh", "-c", "umask; ulimit -n; ulimit -s").stdout))
    seen.append(("ignored signals", run("sh", "-c", "grep -E 'Sig(Ign|Blk)' /proc/self/status",
                                        preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN)).stdout))
    seen.append(("killed", run("sh", "-c", "kill -SEGV $$").returncode))
    return seen


failed = 0
checks = 0
for what in (session, streams):
    for plain, ours in zip(what("env"), what(f"{vdsokit} run --offset 1h")):
        checks += 1
        if plain != ours:
            failed += 1
            print(f"FAILED: {plain[0]}\n  without us: {plain[1:]}\n  with us:    {ours[1:]}")
print(f"{checks - failed} passed, {failed} failed")
sys.exit(failed != 0)
