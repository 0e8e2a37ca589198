/* data_content.h - a message as DATA carries it: dot-stuffed, in pieces, and closed by the dot.
 *
 * Lines end with CRLF and nothing else: a bare CR or LF is refused, because servers disagree on
 * what it means, and a message could smuggle commands through that gap. */
#pragma once
#include "base/spool.h"

enum {
    CONTENT_READ_SIZE = 24 * 1024,
    /* A line that begins with a dot has three bytes and becomes four; then the end. */
    CONTENT_PIECE_SIZE = CONTENT_READ_SIZE / 3 * 4 + 8,
};

enum data_content_state {
    CONTENT_MORE,
    CONTENT_LAST,       /* this piece ends with the dot that closes the message */
    CONTENT_BARE,       /* a CR or LF alone */
    CONTENT_UNREADABLE, /* the disk failed */
};

struct data_content {
    const struct spool *message;
    uint64_t offset;
    char before; /* the byte before offset; LF at the beginning */
};

#define DATA_CONTENT(of_message) ((struct data_content){.message = (of_message), .before = '\n'})

enum data_content_state data_content_read(struct data_content *content,
                                          char piece[static CONTENT_PIECE_SIZE], size_t *ret_size);
