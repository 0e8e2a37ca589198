#!/usr/bin/env python3
"""Tests of scripts/embed_sql.py; prints TAP."""
import pathlib
import re
import subprocess
import sys
import tempfile

SCRIPT = sys.argv[1]


def embed(files):
    """Returns (exit status, what it complained of, queries.h, queries.c)."""
    with tempfile.TemporaryDirectory() as directory:
        paths = []
        for name, text in files.items():
            path = pathlib.Path(directory, name)
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
            paths.append(str(path))
        run = subprocess.run([sys.executable, SCRIPT, directory, *paths], capture_output=True,
                             text=True, check=False)
        made = [pathlib.Path(directory, name) for name in ("queries.h", "queries.c")]
        texts = [path.read_text(encoding="utf-8") if path.exists() else "" for path in made]
        return run.returncode, run.stderr, *texts


# What a query becomes: its text, and its parameters.
TEXTS = [
    ("SELECT 1;", "SELECT 1", []),
    ("SELECT 1", "SELECT 1", []),
    ("SELECT  1,\n    2;\n\n", "SELECT 1, 2", []),
    ("SELECT :b, :a, :b;", "SELECT $1, $2, $1", ["b", "a"]),
    ("SELECT :id2, :id;", "SELECT $1, $2", ["id2", "id"]),
    ("SELECT a::text, :a;", "SELECT a::text, $1", ["a"]),
    ("SELECT ':a  ; -- ? it''s $1', :b;", "SELECT ':a  ; -- ? it''s $1', $1", ["b"]),
    ('SELECT "a:b", :b;', r'SELECT \"a:b\", $1', ["b"]),
    ("SELECT 1 -- not :this; nor it's that\n , :a;", "SELECT 1 , $1", ["a"]),
    ("SELECT 1 /* :no\n ; */ + :a;", "SELECT 1 + $1", ["a"]),
    ("SELECT '\\';", r"SELECT '\\'", []),
    ("SELECT 'line\nbreak';", "SELECT 'line\\n\"\n     \"break'", []),
    ("SELECT '\u65e5\u672c';", "SELECT '\u65e5\u672c'", []),
    ("SELECT 1; -- the end; of it\n", "SELECT 1", []),
]

# What is refused, and what is said about it.
REFUSED = [
    ({"a.sql": "-- query: a\nSELECT 1; SELECT 2;"}, "a.sql:1: a: more than one statement"),
    ({"a.sql": "-- query: a\nSELECT 1;;"}, "more than one statement"),
    ({"a.sql": "-- query: a\nSELECT $1;"}, "'$' outside quotes"),
    ({"a.sql": "-- query: a\nSELECT ?;"}, "'?' outside quotes"),
    ({"a.sql": "-- query: a\nSELECT 'x;"}, "without its end"),
    ({"a.sql": "\n-- query: a\nSELECT 1;\n-- query: b\n\n"}, "a.sql:4: b is empty"),
    ({"a.sql": "SELECT 1;"}, "before the first"),
    ({"a.sql": "-- query: Not A Name\nSELECT 1;"}, "no name for a query"),
    ({"a.sql": "-- query: a\nSELECT 1;\n", "b.sql": "-- query: a\nSELECT 1;\n"}, "there twice"),
    ({"migrations/0002_b.sql": "x"}, "should be called 0001_name.sql"),
    ({"migrations/0001_a.sql": "x", "migrations/0001_b.sql": "x"}, "0002_name.sql"),
    ({"migrations/first.sql": "x"}, "0001_name.sql"),
    ({"migrations/0001_a.sql": "CREATE TABLE a (b);\nCOMMIT;"}, "in a transaction already"),
]


def test_texts():
    """Each query of TEXTS."""
    for body, text, names in TEXTS:
        status, complaint, header, source = embed({"a.sql": f"-- query: a_query\n{body}"})
        assert (status, complaint) == (0, ""), complaint
        assert "    QUERY_A_QUERY,\n    QUERY_COUNT\n" in header, header
        assert source.count(f'     "{text}",\n') == 1, source
        listed = "".join(f'"{name}", ' for name in names)
        assert f"(const char *const[]){{{listed}NULL}}" in source, source


def test_refused():
    """Each of REFUSED."""
    for files, says in REFUSED:
        status, complaint, header, _ = embed(files)
        assert status == 1 and says in complaint and not header, (files, complaint)
        assert "Traceback" not in complaint, complaint


def test_migrations():
    """In the order of their numbers, whatever order the files come in; kept as they are."""
    status, complaint, _, source = embed({"migrations/0002_two.sql": "-- :not a parameter\nB;",
                                          "migrations/0001_one.sql": "A;\n"})
    assert status == 0, complaint
    assert re.search(r'\{1, "one",\s*"A;\\n"\s*""\},\s*\{2, "two",\s*"-- :not a parameter\\n"\s*"B;"\},'
                     r"\s*\{0\},", source), source


def main():
    """Runs what is called test_."""
    tests = [test for name, test in globals().items() if name.startswith("test_")]
    print(f"1..{len(tests)}")
    for number, test in enumerate(tests, 1):
        try:
            test()
            print(f"ok {number} - {test.__name__}")
        except AssertionError as error:
            print(f"not ok {number} - {test.__name__}")
            print("# " + str(error).replace("\n", "\n# "))


main()
