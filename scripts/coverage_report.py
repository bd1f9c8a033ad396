#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Adds up what gcov counted in a build and prints it for each folder of kit, abi and vdso.

A line that is compiled into several programs, or several times as a template, is reached when one
of them reached it. Exit status 1: a folder that must be reached wholly is not.
"""
import argparse
import collections
import json
import os
import subprocess
import sys

TOP_FOLDERS = ("kit/", "abi/", "vdso/")


def counts(build, source):
    """{file: {line: times}} for the files of the folders of interest."""
    notes = []
    for folder, _, files in os.walk(build):
        # Notes without an object are of a file that the build no longer has.
        notes += [os.path.join(folder, name) for name in files
                  if name.endswith(".gcno") and name[:-len("gcno")] + "o" in files]
    if not notes:
        sys.exit(f"coverage: nothing was compiled in {build}")
    lines = collections.defaultdict(lambda: collections.defaultdict(int))
    run = subprocess.run(["gcov", "--json-format", "--stdout", *sorted(notes)], check=True,
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    for document in run.stdout.splitlines():
        if not document.strip():
            continue
        report = json.loads(document)
        for file in report["files"]:
            path = os.path.join(report["current_working_directory"], file["file"])
            path = os.path.relpath(os.path.normpath(path), source)
            if not path.startswith(TOP_FOLDERS):
                continue
            for line in file["lines"]:
                lines[path][line["line_number"]] += line["count"]
    return lines


def unreached(lines, source, folder):
    """The lines of `folder` that nothing reached, as "file:line: text"."""
    for path in sorted(lines):
        if not path.startswith(folder + "/"):
            continue
        with open(os.path.join(source, path), encoding="utf-8") as file:
            text = file.read().splitlines()
        for number in sorted(lines[path]):
            if lines[path][number] == 0:
                yield f"{path}:{number}: {text[number - 1].strip()}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("--whole", action="append", default=[], help="must be reached wholly")
    parser.add_argument("--lines", action="append", default=[], help="what is not reached in it")
    options = parser.parse_args()
    source = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    lines = counts(options.build, source)

    folders = collections.defaultdict(lambda: [0, 0])
    for path, counted in lines.items():
        for total in folders[os.path.dirname(path)], folders["all"]:
            total[0] += sum(1 for times in counted.values() if times != 0)
            total[1] += len(counted)
    for folder in sorted(folders, key=lambda name: (name == "all", name)):
        reached, total = folders[folder]
        print(f"coverage: {folder:<12} {reached:5} of {total:5} lines, "
              f"{100 * reached / total:5.1f} %")

    for folder in options.lines:
        print("\n".join(unreached(lines, source, folder)))
    missing = [line for folder in options.whole for line in unreached(lines, source, folder)]
    if missing:
        print("not reached by any test or corpus, but has to be:", *missing, sep="\n  ")
        sys.exit(1)


if __name__ == "__main__":
    main()
