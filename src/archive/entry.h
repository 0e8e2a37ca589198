/* entry.h - what pack.h and unpack.h agree upon: how entries are called and follow each other, and
 * the last of them, which tells the SHA-256 of all others as `sha256sum -c` reads it. */
#pragma once
#include "base/error.h"
#include "base/sha256.h"

enum {
    ENTRY_NAME_SIZE = 100, /* the NUL counted */
    ENTRY_LINE_SIZE = SHA256_HEX_SIZE + ENTRY_NAME_SIZE + sizeof "  \n",
    ENTRY_PIECE_SIZE = 64 * 1024, /* of content, at a time */
};

extern const char ENTRY_SUMS[]; /* the name of the last one */

/* A path of lower-case letters, digits, '_', '-' and '.', none of whose parts is empty or begins
 * with a '.', behind the name before it ("" at first) in the order of bytes: no name comes twice.
 */
bool entry_check(const char *name, const char *before, struct error *error);

/* Its line in the sums; returns the size. */
size_t entry_line(const char *sha256, const char *name, char line[static ENTRY_LINE_SIZE]);
