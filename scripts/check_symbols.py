#!/usr/bin/python3
"""Checks that no two rooms define a function of the same name: the linker would take either, without
a word. Looks at what a build has made.

    scripts/check_symbols.py BUILD

Exit status 1, and a line for each finding."""
import collections
import pathlib
import subprocess
import sys


def main(build):
    homes = collections.defaultdict(set)
    for library in sorted(pathlib.Path(build).glob("src/*/lib*.a")):
        listed = subprocess.run(["nm", "-g", "--defined-only", library], capture_output=True,
                                text=True, check=True).stdout
        for line in listed.splitlines():
            words = line.split()
            if len(words) == 3 and words[1] in "TDBR" and not words[2].startswith("__"):
                homes[words[2]].add(library.parent.name)
    twice = {name: rooms for name, rooms in homes.items() if len(rooms) > 1}
    for name, rooms in sorted(twice.items()):
        print(f"{name} is defined in {' and in '.join(sorted(rooms))}")
    if not homes:
        print(f"{build} has no libraries")
    return bool(twice) or not homes


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
