/* part_tree.h - the parts of a message that somebody else wrote, and what is found in them.
 *
 * Nothing that stands in a message is lost, however it is broken: it is in a body, or it is an
 * attachment. Delimiters that differ from the announced one are found, parts without a header have
 * their content, and text around the parts is read where something is wrong with them. What is read
 * twice is read at most twice, so that it stays linear. */
#pragma once
#include "base/buf.h"
#include "mime/part.h"
#include "mime/report.h"
#include "mime/source.h"
#include "parser/task.h"

enum { PART_TREE_OUTSIDE_MAX = 256 }; /* texts around parts that are remembered */

struct part_tree {
    struct source source;
    const struct parser_sink *sink; /* of attachments; NULL: nobody wants them */
    struct arena *arena;
    struct mime_mail *mail; /* gets the attachments */
    struct error *error;
    struct body {
        struct buf buf;
        bool is_there;     /* though it may be empty */
        bool stands_alone; /* a part of it stands where no alternative is */
    } text, html;
    enum mime_order order;
    struct report report;
    const char *charset; /* of the first body, where headers may be in it; or NULL */
    size_t part_count, head_bytes;
    bool has_body;   /* a part is one */
    bool is_broken;  /* its delimiters, or the headers of its parts, are not as they should be */
    struct outside { /* text before the first part of a multipart, or behind its last */
        uint64_t at, end;
    } outside[PART_TREE_OUTSIDE_MAX];
    size_t outside_count;
    struct winmail *winmails; /* files that are opened when all parts are read (mime/winmail.h) */
    size_t winmail_count, winmail_bytes;
    bool has_failed; /* the sink did */
};

/* Reads all that stands behind the header of the message. */
void part_tree_read(struct part_tree *tree, const struct head *head);
