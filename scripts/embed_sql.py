#!/usr/bin/env python3
"""Turns sql/*.sql and sql/migrations/NNNN_*.sql into queries.h and queries.c.

usage: embed_sql.py OUTDIR FILE...

A file holds queries, each of one statement under its name:

    -- query: email_by_id
    SELECT * FROM emails WHERE id = :id;

`:id` becomes $1, $2, ... in the order in which the text names them: SQLite counts them so.
"""
import pathlib
import re
import sys

TOKEN = re.compile(
    r"""(?P<comment>--[^\n]*|/\*.*?\*/)
      | (?P<quoted>'(?:[^']|'')*'|"(?:[^"]|"")*")
      | (?P<cast>::)
      | :(?P<parameter>[a-z_][a-z0-9_]*)
      | (?P<end>;)
      | (?P<space>\s+)
      | (?P<refused>[?$@'"]|/\*)""",
    re.X | re.S)
HEADER = """\
/* Made by scripts/embed_sql.py from sql/. */
#pragma once
#include <stddef.h>

enum query {
%s    QUERY_COUNT
};

struct query_text {
    const char *name, *text;
    const char *const *parameters; /* $1, $2, ...; NULL-terminated */
};
extern const struct query_text QUERIES[QUERY_COUNT];

/* What changed in the tables, oldest first; ends with {0}. */
struct migration {
    int number;
    const char *name, *text;
};
extern const struct migration MIGRATIONS[];
"""
SOURCE = """\
#include "queries.h"

#pragma GCC diagnostic ignored "-Woverlength-strings"

const struct query_text QUERIES[QUERY_COUNT] = {
%s};

const struct migration MIGRATIONS[] = {
%s    {0},
};
"""


class Refused(Exception):
    """Something in the SQL files is not as it should be."""


def split_queries(text):
    """Yields (line number, name, body) of every query in a file."""
    chunks = re.split(r"^-- query:", text, flags=re.M)
    line = 1 + chunks[0].count("\n")
    if re.sub(r"--[^\n]*", "", chunks[0]).strip():
        raise Refused("1: SQL before the first '-- query:'")
    for chunk in chunks[1:]:
        name, _, body = chunk.partition("\n")
        if not re.fullmatch(r"[a-z][a-z0-9_]*", name.strip()):
            raise Refused(f"{line}: '{name.strip()}' is no name for a query")
        yield line, name.strip(), body
        line += chunk.count("\n")


def scan(body):
    """Takes out comments and line breaks; returns the pieces, text or (parameter,)."""
    pieces, position, ended = [], 0, False
    for match in TOKEN.finditer(body):
        between = body[position:match.start()]
        position = match.end()
        kind = match.lastgroup
        if kind == "refused":
            raise Refused(f"{match[0]!r} outside quotes, or a quote without its end")
        if ended and (between or kind not in ("space", "comment")):
            raise Refused("more than one statement")
        ended = ended or kind == "end"
        if between:
            pieces.append(between)
        if kind == "parameter":
            pieces.append((match["parameter"],))
        elif kind in ("space", "comment"):
            if pieces and pieces[-1] != " ":
                pieces.append(" ")
        elif kind != "end":
            pieces.append(match[0])
    if ended and body[position:]:
        raise Refused("more than one statement")
    return pieces + [body[position:]]


def read_queries(paths):
    """Returns {name: pieces} in the order of the files."""
    queries = {}
    for path in paths:
        try:
            for line, name, body in split_queries(path.read_text(encoding="utf-8")):
                try:
                    pieces = scan(body)
                except Refused as refused:
                    raise Refused(f"{line}: {name}: {refused}") from None
                if not "".join(piece for piece in pieces if isinstance(piece, str)).strip():
                    raise Refused(f"{line}: {name} is empty")
                if queries.setdefault(name, pieces) is not pieces:
                    raise Refused(f"{line}: {name} is there twice")
        except Refused as refused:
            raise Refused(f"{path}:{refused}") from None
    return queries


def parameters(pieces):
    """The names of the parameters, each once, in their order."""
    return list(dict.fromkeys(piece[0] for piece in pieces if isinstance(piece, tuple)))


def numbered(pieces, names):
    """The text of a query with $1 for the first of names, and so on."""
    return "".join(piece if isinstance(piece, str) else f"${names.index(piece[0]) + 1}"
                   for piece in pieces).strip()


def quote(text):
    """Text as a C string."""
    text = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + text.replace("\n", '\\n"\n     "') + '"'


def query_row(name, pieces):
    """A row of QUERIES[]."""
    names = parameters(pieces)
    listed = "".join(f'"{parameter}", ' for parameter in names)
    return (f'    [QUERY_{name.upper()}] =\n    {{"{name}",\n     {quote(numbered(pieces, names))},\n'
            f"     (const char *const[]){{{listed}NULL}}}},\n")


def read_migrations(paths):
    """Returns the rows of MIGRATIONS[]; numbers begin at 1 and have no gap."""
    rows = []
    for expected, path in enumerate(sorted(paths, key=lambda path: path.name), 1):
        match = re.fullmatch(r"(\d{4})_([a-z0-9_]+)\.sql", path.name)
        if not match or int(match[1]) != expected:
            raise Refused(f"{path}: should be called {expected:04}_name.sql")
        text = path.read_text(encoding="utf-8")
        if re.search(r"^\s*(BEGIN|COMMIT|END|ROLLBACK)\b\s*(TRANSACTION)?\s*;", text, re.M | re.I):
            raise Refused(f"{path}: runs in a transaction already")
        rows.append(f'    {{{expected}, "{match[2]}",\n     {quote(text)}}},\n')
    return rows


def main(out, *sources):
    """Writes queries.h and queries.c into out."""
    paths = [pathlib.Path(source) for source in sources]
    try:
        queries = read_queries(path for path in paths if path.parent.name != "migrations")
        rows = [query_row(name, pieces) for name, pieces in queries.items()]
        migrations = read_migrations([path for path in paths if path.parent.name == "migrations"])
    except Refused as refused:
        sys.exit(f"embed_sql.py: {refused}")
    names = "".join(f"    QUERY_{name.upper()},\n" for name in queries)
    target = pathlib.Path(out)
    (target / "queries.h").write_text(HEADER % names, encoding="utf-8")
    (target / "queries.c").write_text(SOURCE % ("".join(rows), "".join(migrations)),
                                      encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
