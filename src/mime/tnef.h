/* tnef.h - reads a TNEF file ([MS-OXTNEF]), known as winmail.dat: the files and the bodies that
 * Outlook has put into it. */
#pragma once
#include <stdbool.h>

#include "base/schema.h"

enum {
    TNEF_DEPTH_MAX = 4, /* of messages that are attached to each other */
};

struct tnef_file {
    const char *name, *type, *content_id; /* UTF-8, not checked; or NULL */
    struct bytes data;                    /* within the bytes that were read */
};

struct tnef {
    struct list files;       /* of struct tnef_file; those of attached messages, too */
    const char *text, *html; /* UTF-8; or NULL */
    bool has_rich_text;      /* a body of compressed RTF, which is not read */
    bool is_whole; /* nothing else is in it that a reader would look for: it is an ordinary
                      mail, without attached messages, OLE objects, and more than files_max */
};

/* False, and nothing is given, when the frame of the file is broken: it is cut off, a size or a sum
 * is wrong. A list of properties that is broken is read up to there, and the file is not whole.
 * Time is linear in the bytes; memory grows with files_max and the bodies alone. */
bool tnef_read(const struct bytes *bytes, size_t files_max, struct arena *arena,
               struct tnef *ret_tnef);
