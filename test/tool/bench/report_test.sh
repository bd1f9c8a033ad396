#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# report_test.sh VDSOKIT: the command line of `vdsokit bench`, and its three reports of a short run.
# How long anything took is not judged.
set -u
vdsokit=$1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
cases=0
failures=0

holds() { # what command...
    local what=$1
    shift
    cases=$((cases + 1))
    "$@" || { printf 'FAILED: %s\n' "$what"; failures=$((failures + 1)); }
}

refused() { # status message argument...
    local status=$1 message=$2 got
    shift 2
    "$vdsokit" bench "$@" >out 2>err
    got=$?
    holds "vdsokit bench $*: status $status, not $got; $(<err)" \
        test "$got $(<err)" = "$status vdsokit: $message"
    holds "vdsokit bench $*: nothing on standard output" test ! -s out
}

"$vdsokit" bench --seconds 0.5 --json all.json --html page.html >text 2>err
status=$?
holds "a short run succeeds: $(<err)" test "$status" = 0
holds 'no progress bar where standard error is no terminal' test ! -s err
holds 'the text has a line for CLOCK_MONOTONIC' grep -q '^clock_gettime(MONOTONIC) ' text
holds 'the JSON has every function on 1 core up to all, at three rates' python3 - <<'PY'
import json, os
report = json.load(open("all.json"))
tables = report["tables"]
cores = sorted({t["cores"] for t in tables})
assert cores[0] == 1 and cores[-1] == len(os.sched_getaffinity(0)) == report["machine"]["cores"]
assert {(t["cores"], t["writes_per_second"]) for t in tables} == {
    (c, w) for c in cores for w in (0, 1, 1000)}
for table in tables:
    names = {(row["function"], row.get("clock")) for row in table["rows"]}
    for clock in ("MONOTONIC", "REALTIME", "MONOTONIC_RAW", "BOOTTIME", "TAI",
                  "MONOTONIC_COARSE", "REALTIME_COARSE"):
        assert ("clock_gettime", clock) in names, clock
    assert {"gettimeofday", "clock_getres"} <= {name for name, _ in names}
    for row in table["rows"]:
        subjects = row["subjects"]
        assert {"vdsokit", "bare counter", "libc"} <= set(subjects), row["function"]
        for of in subjects.values():
            ns = of["nanoseconds"]
            assert of["samples"] > 0
            assert 0 < ns["p5"] <= ns["p25"] <= ns["median"] <= ns["p75"] <= ns["p95"]
        assert subjects["bare counter"]["ratio_to_counter"]["median"] == 1
PY
holds 'the page is well-formed, and draws each row of each table' python3 - <<'PY'
import json
import xml.etree.ElementTree as ET
page = ET.fromstring(open("page.html").read().replace("<!DOCTYPE html>", ""))
rows = sum(len(t["rows"]) for t in json.load(open("all.json"))["tables"])
drawings = page.findall(".//svg")
assert len(drawings) == rows + 1, (len(drawings), rows)
for drawing in drawings:
    width, height = map(float, drawing.get("viewBox").split()[2:])
    assert drawing.find("title").text and width > 0 and height > 0
    for shape in drawing.iter("path"):
        for point in shape.get("d").strip("MZ").replace("M", "L").split("L"):
            x, y = map(float, point.split())
            assert 0 <= x <= width and 0 <= y <= height, point
assert len(page.findall(".//details")) == len(json.load(open("all.json"))["tables"])
assert page.find("head/title").text == "vdsokit bench"
PY
holds 'the page runs nothing and names no resource outside itself' python3 - <<'PY'
import re
import xml.etree.ElementTree as ET
text = open("page.html").read()
page = ET.fromstring(text.replace("<!DOCTYPE html>", ""))
for element in page.iter():
    assert element.tag not in ("script", "link", "img", "iframe", "object", "embed", "image", "use", "base")
    for name in element.attrib:
        assert name.split("}")[-1] not in ("src", "href", "srcset", "data", "action"), name
assert not re.search(r"://|@import|url\(", text)
PY
holds '--json - writes nothing but JSON' bash -c "
    '$vdsokit' bench --seconds 0.1 --json - | python3 -c 'import json, sys; json.load(sys.stdin)'"
holds 'a terminal gets a progress bar, and it is taken away' python3 - "$vdsokit" <<'PY'
import os, pty, sys
child, terminal = pty.fork()
if child == 0:
    os.dup2(os.open("/dev/null", os.O_WRONLY), 1)
    os.execv(sys.argv[1], [sys.argv[1], "bench", "--seconds", "0.3"])
shown = b""
while True:
    try:
        part = os.read(terminal, 4096)
    except OSError:
        break
    if not part:
        break
    shown += part
assert os.waitpid(child, 0)[1] == 0
assert b"100 %" in shown and b"writes a second" in shown and shown.endswith(b"\r\x1b[K"), shown[-80:]
PY

image=$(dirname "$(dirname "$vdsokit")")/images/$(uname -m)/vdso.so
holds 'a second image has a column of its own and is compared' bash -c "
    '$vdsokit' bench --seconds 0.1 --against '$image' | grep -q 'other image.*/ other'"

refused 2 'The following argument was not expected: --bogus; see --help' --bogus
refused 2 '--seconds: Value 0 not in range 0.100000 to 86400.000000; see --help' --seconds 0
refused 1 './no/where.json: cannot be written' --json ./no/where.json
refused 1 './no/where.html: cannot be written' --html ./no/where.html
refused 1 'none.so: cannot be read' --vdso none.so
echo 'no image' >text.so
refused 1 'text.so: refused: header-complete: the file is shorter than an ELF header (offset 0x9)' \
    --vdso text.so
holds '--help tells the options' bash -c "'$vdsokit' bench --help | grep -q -- --html"
holds 'a full disk is noticed' bash -c "
    '$vdsokit' bench --seconds 0.1 --json /dev/full >out 2>err; test \$? = 1 && grep -q 'cannot be written' err"

echo "$cases cases, $failures failed"
((failures == 0 && cases > 15))
