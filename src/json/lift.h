/* lift.h - takes large base64 values out of a JSON text while it arrives.
 *
 * A mail's attachments come as base64 inside the JSON, many megabytes of it. The text is
 * fed in pieces, as the network gives it; the string value of every key named
 * `data_base64` is decoded on the way and handed to a sink, and in the text that is kept
 * a number stands in its place, as a string: "0" for the first, "1" for the second. So
 * what json_read gets is small, and an attachment is never in memory. What is kept
 * goes to a spool, which a long text leaves for the disk. */
#pragma once
#include "base/arena.h"
#include "base/error.h"
#include "base/spool.h"

struct lift;

struct lift_sink {
    void *context;
    /* Each may refuse, with an error: the lift then fails with it. */
    bool (*begin)(void *context, struct error *error);
    bool (*write)(void *context, const void *data, size_t size, struct error *error);
    /* false: was not base64, or did not end; what was written of it is worth nothing. */
    bool (*end)(void *context, bool is_valid, struct error *error);
};

/* kept: the caller's; what its limit does not allow is ERROR_TOO_LARGE. Lives in the arena. */
struct lift *lift_create(struct spool *kept, const struct lift_sink *sink, struct arena *arena);
/* After a failure, neither this nor lift_finish may be called again. */
bool lift_feed(struct lift *lift, const void *data, size_t size, struct error *error);

/* After it, kept is complete. What is no JSON is passed on for json_read to refuse. */
bool lift_finish(struct lift *lift, struct error *error);
