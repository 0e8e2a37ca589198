#!/usr/bin/python3
"""Lists the files of src/ that no test names, and test files that are never run.

src/<room>/<file>.c is tested by test/unit/<room>/<file>_test.c, or by any test that says
`covers: src/<room>/<file>.c` in its first lines. Floors 0 to 2 must have a test each: exit status
1 when one is missing, when a unit test is not named in its meson.build, or when a `covers:` names
a file that is not there. The rest of src/ is tried from outside and only listed."""
import pathlib
import re
import sys

MUST_HAVE = ["base", "json", "http", "net", "db", "mime", "html", "blob", "archive",
             "model", "parser"]
FIRST_LINES = 20


def covered_by_comment(root):
    """Maps what is covered to the test that says so."""
    covers = {}
    for test in [*root.glob("test/**/*_test.c"), *root.glob("test/http/**/*.py")]:
        if "node_modules" in test.parts:
            continue
        head = "\n".join(test.read_text(encoding="utf-8").splitlines()[:FIRST_LINES])
        for line in re.findall(r"covers:(.*)", head):
            for name in re.findall(r"src/[\w/.]+\.c", line):
                covers[name] = test.relative_to(root)
    return covers


def never_run(root):
    for test in sorted(root.glob("test/unit/**/*_test.c")):
        build = test.parent / "meson.build"
        name = test.name.removesuffix("_test.c")
        text = build.read_text(encoding="utf-8") if build.exists() else ""
        if not re.search(rf"'{name}(_test\.c)?'", text):
            yield f"{test.relative_to(root)} is not named in its meson.build"


def check(root):
    covers = covered_by_comment(root)
    wrong = [*never_run(root)]
    wrong += [f"{test} covers {name}, which is not there"
              for name, test in sorted(covers.items()) if not (root / name).exists()]
    listed = []
    for path in sorted((root / "src").rglob("*.c")):
        name = str(path.relative_to(root))
        unit = root / "test/unit" / path.parent.relative_to(root / "src") / f"{path.stem}_test.c"
        if unit.exists() or name in covers:
            continue
        must_have = path.parent.name in MUST_HAVE
        (wrong if must_have else listed).append(f"{name} has no test of its own")
    return wrong, listed


if __name__ == "__main__":
    findings, remarks = check(pathlib.Path(__file__).resolve().parent.parent)
    for remark in remarks:
        print(f"remark: {remark}")
    print("\n".join(findings) or "every file of floors 0 to 2 has a test")
    sys.exit(bool(findings))
