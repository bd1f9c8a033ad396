#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Clients of a tree's control socket that say nothing, come in crowds or give up, and supervisors that
do not answer: `vdsokit set` works, or says within its time that it does not. control_test.py VDSOKIT"""
import itertools
import os
import resource
import select
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

vdsokit = sys.argv[1]
work = tempfile.TemporaryDirectory()
os.environ["XDG_RUNTIME_DIR"] = work.name
probe = subprocess.run([vdsokit, "run", "true"], capture_output=True, text=True)
if probe.returncode and "seccomp" in probe.stderr:
    print("skipped:", probe.stderr.strip())
    sys.exit(77)

far = 60  # seconds that no machine needs
places = 16  # clients_max, hosts/linux/control_server.h
results = {True: 0, False: 0}


def check(sentence, expected, actual):
    results[expected == actual] += 1
    if expected != actual:
        print(f"FAILED: {sentence}\n  expected: {expected}\n  actual:   {actual}", flush=True)


def becomes(condition):
    """Whether it does, in a time that no machine needs."""
    end = time.monotonic() + far
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.01)
    return False


class Tree:
    """A program on our vDSO that says which year it is, when asked."""

    program = "import sys, time\nfor line in sys.stdin: print(time.gmtime().tm_year, flush=True)"

    def __init__(self, files_max=None):
        limit = resource.getrlimit(resource.RLIMIT_NOFILE)
        narrow = (files_max or limit[0], limit[1])
        self.process = subprocess.Popen(
            [vdsokit, "run", "--realtime", "2031-06-15T12:00:00Z", sys.executable, "-c", self.program],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, narrow))
        self.year()
        self.socket = next(entry.path for entry in os.scandir(f"{work.name}/vdsokit")
                           if self.holds_file(self.process.pid, entry.name))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()
        becomes(lambda: not os.path.exists(self.socket))

    @staticmethod
    def holds_file(pid, inode):
        try:
            with open(f"/proc/{pid}/maps") as maps:
                return any(f" {inode} " in line and "memfd:vdsokit-vdso" in line for line in maps)
        except OSError:
            return False

    def ours(self, name):
        """The supervisor or the guardian of this tree, never another's; None: it has none."""
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/comm") as comm, open(f"/proc/{pid}/stat") as stat:
                    found = comm.read() == name + "\n" and ") Z " not in stat.read()
            except OSError:
                continue
            if found and self.holds_file(pid, os.path.basename(self.socket)):
                return int(pid)
        return None

    def year(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())

    def set(self, year):
        """Its exit status and what it says."""
        try:
            done = subprocess.run(
                [vdsokit, "set", str(self.process.pid), "--realtime", f"{year}-06-15T12:00:00Z"],
                capture_output=True, text=True, timeout=far)
        except subprocess.TimeoutExpired:
            return "never ends", ""
        return done.returncode, done.stderr.strip()

    def connect(self, is_blocking=True):
        client = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        client.setblocking(is_blocking)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("@ll", far, 0))
        client.connect(self.socket)
        return client


def is_open(client):
    return not select.select([client], [], [], 0)[0]


def end_of(client):
    """What comes back within a time that no machine needs; "" where the other end has hung up."""
    client.settimeout(far)
    try:
        return client.recv(64).hex()
    except ConnectionResetError:
        return ""
    except TimeoutError:
        return "nothing"


bad_request = bytes(24)
refused = struct.pack("<Ii", 1, 22).hex()
good = (0, "")

for count in 16, 17, 40, 200:
    with Tree() as tree:
        silent = [tree.connect() for _ in range(count)]
        check(f"{count} silent clients keep nobody out", (good, 2042), (tree.set(2042), tree.year()))
        kept = [is_open(client) for client in silent]
        # Set itself may have been silent for a moment.
        check(f"of {count}, those are kept who came last", (sorted(kept), True),
              (kept, places - 1 <= sum(kept) <= places))
        for client in silent:
            client.close()

with Tree() as tree:
    late = [tree.connect() for _ in range(places)]
    late[0].send(bad_request)
    check("who has been silent is answered when it speaks", refused, end_of(late[0]))
    early = [tree.connect() for _ in range(3)]  # a place was free, so two of the first are gone
    check("and when others have come, those who came first are gone", ["", "", True, True],
          [end_of(late[1]), end_of(late[2]), is_open(late[3]), is_open(early[0])])

with Tree(files_max=16) as tree:
    silent = [tree.connect() for _ in range(40)]
    check("nor do they where a supervisor has few descriptors", (good, 2042), (tree.set(2042), tree.year()))

with Tree() as tree:
    # Not one client fits: what it has open takes all numbers that it may have.
    supervisor = tree.ours("vdsokit-super")
    taken = set(map(int, os.listdir(f"/proc/{supervisor}/fd")))
    lowest_free = next(number for number in range(len(taken) + 1) if number not in taken)
    resource.prlimit(supervisor, resource.RLIMIT_NOFILE, (lowest_free, lowest_free))
    silent = [tree.connect() for _ in range(40)]
    check("nor where it has no descriptor left", (good, 2042), (tree.set(2042), tree.year()))
    for one in silent:
        one.close()
    def cpu_ticks():
        with open(f"/proc/{supervisor}/stat") as stat:
            return sum(map(int, stat.read().rsplit(")", 1)[1].split()[11:13]))
    before = cpu_ticks()
    time.sleep(1)
    check("and it sleeps when they are gone", True, cpu_ticks() - before < os.sysconf("SC_CLK_TCK") / 2)

with Tree() as tree:
    crowd = [subprocess.Popen([sys.executable, "-c", """
import socket, sys
kept = []
while True:
    client = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    client.setblocking(False)
    while True:
        try:
            client.connect(sys.argv[1])
            break
        except BlockingIOError:
            pass
    kept = kept[-50:] + [client]
    if len(kept) == 50: print(flush=True)""", tree.socket], stdout=subprocess.PIPE) for _ in range(2)]
    for one in crowd:
        one.stdout.readline()
    for year in 2042, 2043, 2044:
        check("a crowd that never ends keeps nobody out", (good, year), (tree.set(year), tree.year()))
    for one in crowd:
        one.kill()
        one.wait()
        one.stdout.close()

with Tree() as tree:
    supervisor = tree.ours("vdsokit-super")
    os.kill(supervisor, signal.SIGSTOP)
    status, said = tree.set(2042)
    check("a stopped supervisor ends set with an error that names the socket, and how to wake it",
          (1, True, True, True),
          (status, tree.socket in said, "has not answered for 5 s" in said, f"kill -CONT {supervisor}`" in said))
    waiting = []
    try:
        while True:
            waiting.append(tree.connect(is_blocking=False))
    except BlockingIOError:
        pass
    status, said = tree.set(2043)
    check("and so does one with a queue that is full", (1, True, True),
          (status, tree.socket in said, "has accepted nobody for 5 s" in said))
    os.kill(supervisor, signal.SIGCONT)
    check("all in the queue are looked at when it goes on", True, becomes(lambda: not is_open(waiting[0])))
    check("what set gave up on is not done then", 2031, tree.year())
    check("and set works again", (good, 2044), (tree.set(2044), tree.year()))

with Tree() as tree:
    client = tree.connect()
    guardian = tree.ours("vdsokit-guard")
    os.kill(guardian, signal.SIGKILL)
    check("a new guardian comes", True, becomes(lambda: tree.ours("vdsokit-guard") not in (None, guardian)))
    supervisor = tree.ours("vdsokit-super")
    os.kill(supervisor, signal.SIGKILL)
    check("whose supervisor dies after its guardian hears of it", "", end_of(client))
    check("and the next one listens", True,
          becomes(lambda: tree.ours("vdsokit-super") not in (None, supervisor) and tree.set(2042) == good))
    check("to set", 2042, tree.year())



def set_with_server(serve):
    """What set says of a supervisor of our own, that treats each client by `serve(number, client)`."""
    with (tempfile.TemporaryDirectory() as directory,
          socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as server):
        os.mkdir(f"{directory}/vdsokit")
        server.bind(f"{directory}/vdsokit/1")
        server.listen()

        def accept():
            for number in itertools.count():
                try:
                    with server.accept()[0] as client:
                        serve(number, client)
                except OSError:
                    return

        thread = threading.Thread(target=accept)
        thread.start()
        done = subprocess.run([vdsokit, "set", "--all", "--offset", "1h"], capture_output=True, text=True,
                              timeout=far, env=dict(os.environ, XDG_RUNTIME_DIR=directory))
        server.shutdown(socket.SHUT_RDWR)
        thread.join()
        return done.returncode, done.stderr.strip().replace(directory, "DIR")


def answer_third(number, client):
    if number >= 2 and len(client.recv(64)) == 24:
        client.send(struct.pack("<Ii", 1, 0))


check("whom a supervisor hangs up on asks again", good, set_with_server(answer_third))
status, said = set_with_server(lambda number, client: None)
check("but not for ever", (1, True), (status, "at DIR/vdsokit/1 has hung up for 5 s" in said))

print(f"{results[True]} passed, {results[False]} failed")
sys.exit(results[False] != 0)
