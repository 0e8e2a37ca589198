/* wire.h - the bytes of an open connection, in and out, each with a deadline. */
#pragma once
#include <curl/curl.h>

#include "net/reply.h"

enum wire_state {
    WIRE_FINE,
    WIRE_LATE,    /* not before the deadline */
    WIRE_CLOSED,  /* by the server or the network */
    WIRE_GARBAGE, /* what came is no reply */
};

struct wire {
    CURL *curl; /* made with CURLOPT_CONNECT_ONLY; NULL: not connected */
    curl_socket_t socket;
    size_t start, end; /* what came and was not read yet */
    char data[2048];
};

/* Deadlines as clock_steady_ms() counts. WIRE_FINE only when all of it left. */
enum wire_state wire_write(struct wire *wire, const char *data, size_t size, int64_t deadline_ms);
/* The next bytes: at most so many, and none behind a line end. Good until the next call. */
enum wire_state wire_read_piece(struct wire *wire, size_t most, int64_t deadline_ms,
                                struct bytes *ret_piece);
enum wire_state wire_read_reply(struct wire *wire, int64_t deadline_ms, struct reply *ret_reply);
/* The same, and each line of it as it comes, without its line end. */
typedef void wire_line(void *context, const char *line, size_t size);
enum wire_state wire_read_lines(struct wire *wire, int64_t deadline_ms, wire_line *take,
                                void *context, struct reply *ret_reply);

/* Nothing came that nobody asked for, and the connection was not closed, as far as is known. */
bool wire_is_quiet(struct wire *wire);
