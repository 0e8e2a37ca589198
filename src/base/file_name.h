/* file_name.h - names of files that others give: a name must not lead to a folder, and must not
 * lose its ending. */
#pragma once
#include <stddef.h>

#include "base/arena.h"

/* The name alone, which lies within text: a path (`/x/y`, `../y`, `C:\x\y`, `\\server\x\y`,
 * `file:///y`, `x/`) loses its folders; elsewhere `/` and `\` become `_`, for they are part of what
 * people call a file (`Angebot 12/2026.pdf`), as browsers do. "" for a name of dots alone, or a
 * folder. Changes text. */
char *file_name_strip(char *text);

/* At most so many bytes, whole characters; what is too much goes before the ending (`.pdf`). */
const char *file_name_cut(const char *name, size_t most_bytes, struct arena *arena);
