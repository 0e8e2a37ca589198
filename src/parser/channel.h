/* channel.h - bytes, and now and then a file descriptor, through a socket between two processes,
 * and the frames in which a reader answers. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/uio.h>

/* What a reader says when it is ready. */
extern const char CHANNEL_HELLO;

/* What a reader is asked; behind it stand the packed question and the bytes of the file. */
struct channel_question {
    uint32_t task; /* its place in the table */
    uint32_t asked_size;
    uint64_t file_size;
    bool has_file;     /* as a descriptor; otherwise file_size bytes follow */
    bool has_contents; /* whether there is a file at all */
    bool has_sink;
};

enum channel_frame_kind {
    FRAME_ITEM = 1, /* packed */
    FRAME_DATA,     /* of the item */
    FRAME_ITEM_END,
    FRAME_ANSWER,  /* packed; the last */
    FRAME_FAILURE, /* likewise */
};
struct channel_frame {
    uint32_t kind, size; /* size: of what follows */
};

/* A refusal on its way through the channel. */
struct channel_failure {
    int64_t code;
    const char *field, *message;
};
extern const struct schema CHANNEL_FAILURE;

/* Sends all of it; file: -1 or a descriptor that goes with the first byte. pieces are used up.
 * False with errno: EPIPE or ECONNRESET when nobody is there any more. */
bool channel_send(int socket, struct iovec *pieces, size_t count, int file);

/* Some bytes; 0 at the end, -1 with errno. ret_file (or NULL: none is taken) is -1 without one. */
ssize_t channel_receive(int socket, void *data, size_t size, int *ret_file);

/* All of it; false at the end, or with errno. */
bool channel_receive_all(int socket, void *data, size_t size);
