#!/usr/bin/python3
"""Checks that src/ is built as drawn: who includes whom, where foreign libraries live, how large
a file is, what it is called, and which functions nobody may call. ARCHITECTURE.md has the picture.

Exit status 1, and a line for each finding, when something stands where it must not."""
import pathlib
import re
import sys

# Floor by floor: a room and what it may include besides itself.
STRANGERS = ["json", "http", "net", "db", "mime", "html", "blob", "archive"]
MAY_INCLUDE = {
    "base": [],
    "parser": ["base"],
    **{room: ["base"] for room in STRANGERS},
    "mime": ["base", "parser"],
    "html": ["base", "parser"],
    "template": ["base", "html"],
    "model": ["base"],
    "message": ["base", "mime", "html", "blob", "template", "model"],
    "store": ["base", "json", "db", "model"],
    "provider": ["base", "json", "mime", "net", "model"],
    "grant": ["base", "db", "model", "store", "provider"],
    "assistant": ["base", "json", "net", "model"],
    "notice": ["base", "json", "mime", "net", "model"],
    "delivery": ["base", "db", "blob", "model", "message", "store", "provider", "grant"],
    "upkeep": ["base", "db", "blob", "model", "store"],
    "webhook": ["base", "net", "db", "model", "store", "notice"],
    "api": ["base", "json", "http", "net", "db", "mime", "html", "blob", "template", "model",
            "message", "store", "provider", "grant", "assistant", "notice"],
}
TOP = ["cli", "."]  # the command line tool and main.c, config.c know everybody
# Headers made by the build: the rooms that may name them.
GENERATED = {"queries.h": ["db", "store"], "docs_text.h": ["api"]}

# A foreign header, or a folder of headers, and the only place that may include it.
HOME = {
    "curl/": "net",
    "zlib.h": "http",
    "sqlite3.h": "db",
    "gmime/": "mime",
    "glib.h": "mime",
    "glib/": "mime",
    "idn2.h": "mime",
    "libical/": "mime",
    "gumbo.h": "html",
    "archive.h": "archive",
    "archive_entry.h": "archive",
    "yajl/": "json",
    "seccomp.h": "base",
    "linux/seccomp.h": "base",
    "linux/landlock.h": "base",
    "sodium.h": "base",
    "openssl/": "base",
    "ini.h": "settings.c",
}

MOST_LINES = 600
VAGUE_NAMES = {"util", "utils", "common", "misc", "helper", "helpers", "manager", "managers"}

# What may not be called, where, and what to use.
NEVER = [
    (r"(?:v?sprintf|strcpy|strcat|strtok|gets)", "", "struct buf, arena_format or snprintf"),
    (r"(?:atoi|atol|atof)", "", "strtoll with its end looked at"),
    (r"(?:malloc|calloc|realloc|free|strdup)", "model message store provider grant assistant notice delivery webhook api", "the arena"),
]


def include_problem(room, path, line):
    if found := re.match(r'\s*#\s*include\s+"([^"]+)"', line):
        header = found[1]
        if "/" not in header:
            if header in GENERATED:
                return room not in TOP + GENERATED[header] and f"{room}/ may not include {header}"
            return room not in TOP and f'name the room: "{room}/{header}"'
        other = header.split("/")[0]
        allowed = room in TOP or other == room or other in MAY_INCLUDE[room]
        return not allowed and f"{room}/ may not include {other}/"
    if found := re.match(r"\s*#\s*include\s+<([^>]+)>", line):
        for foreign, home in HOME.items():
            if found[1] == foreign or (foreign.endswith("/") and found[1].startswith(foreign)):
                return home not in (room, path.name) and f"<{found[1]}> belongs to {home}"
    return None


def without_comments(text):
    """The same lines, with comments and the content of strings blanked out."""
    pattern = r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"'
    return re.sub(pattern, lambda found: re.sub(r"[^\n]", " ", found[0]), text, flags=re.S)


def call_problem(room, line):
    for names, rooms, instead in NEVER:
        found = re.search(rf"(?<![\w.>]){names}\s*\(", line)
        if found and (not rooms or room in rooms.split()):
            return f"{found[0].rstrip('( ')} is not used here; use {instead}"
    return None


def problems_of(path, source):
    room = path.relative_to(source).parts[0] if path.parent != source else "."
    if room not in MAY_INCLUDE and room not in TOP:
        yield 0, f"{room}/ is on no floor; add it to scripts/check_rooms.py"
        return
    text = path.read_text(encoding="utf-8")
    lines, code = text.splitlines(), without_comments(text).splitlines()
    if len(lines) > MOST_LINES:
        yield len(lines), f"more than {MOST_LINES} lines: it holds more than one thing"
    for number, (line, bare) in enumerate(zip(lines, code), 1):
        for problem in include_problem(room, path, line), call_problem(room, bare):
            if problem:
                yield number, problem


def check(root):
    source = root / "src"
    found = []
    for path in sorted(source.rglob("*.[ch]")):
        found += [f"{path.relative_to(root)}:{n}: {what}" for n, what in problems_of(path, source)]
    for folder in "src", "test", "scripts", "bench", "sql":
        for path in sorted((root / folder).rglob("*")):
            if "node_modules" not in path.parts and path.stem.lower() in VAGUE_NAMES:
                found.append(f"{path.relative_to(root)}: a name that says nothing")
    return found


if __name__ == "__main__":
    findings = check(pathlib.Path(__file__).resolve().parent.parent)
    print("\n".join(findings) or "every room includes only what its floor allows")
    sys.exit(bool(findings))
