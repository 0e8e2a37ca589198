#!/usr/bin/env python3
"""Turns text files into NAME.h and NAME.c, so that a program carries them along.

usage: embed_text.py OUTDIR NAME FILE...

docs.css becomes DOCS_CSS, the text, and DOCS_CSS_SHA256, its hash in base64: what a
Content-Security-Policy calls 'sha256-...'.
"""
import base64
import hashlib
import pathlib
import re
import sys


def quoted(text):
    """A C string, a line of it for each line."""
    text = text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t")
    return "\n".join(f'    "{line}\\n"' for line in text.removesuffix("\n").split("\n"))


def main(out, name, *paths):
    header = [f"/* Made by scripts/embed_text.py. */\n#pragma once"]
    source = [f'#include "{name}.h"\n\n#pragma GCC diagnostic ignored "-Woverlength-strings"']
    for path in map(pathlib.Path, paths):
        text = path.read_text(encoding="utf-8")
        if "\r" in text or "\0" in text or not text.endswith("\n"):
            sys.exit(f"{path}: lines must end with a line feed alone")
        symbol = re.sub(r"\W", "_", path.name).upper()
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        header.append(f"extern const char {symbol}[], {symbol}_SHA256[];")
        source.append(f'const char {symbol}[] =\n{quoted(text)};\n'
                      f'const char {symbol}_SHA256[] = "{digest}";')
    pathlib.Path(out, f"{name}.h").write_text("\n".join(header) + "\n", encoding="utf-8")
    pathlib.Path(out, f"{name}.c").write_text("\n\n".join(source) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
