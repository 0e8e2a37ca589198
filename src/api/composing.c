/* A reply on its way out: in memory while it is short, by way of the disk beyond, and in fewer
 * bytes for a client that takes gzip. */
#include <string.h>

#include "api/idempotency.h"
#include "api/replies.h"
#include "api/request.h"
#include "base/text.h"
#include "http/gzip.h"

enum {
    REPLY_IN_MEMORY_BYTES = JSON_PIECE_BYTES,
    PACKED_FROM_BYTES = 1400, /* what is shorter goes in one packet in any case */
};

static const char JSON_TYPE[] = "application/json";

struct composing {
    struct request *request;
    int status;
    const char *content_type;
    struct spool *spool; /* NULL: nothing has gone to the disk yet */
    struct gzip *gzip;   /* NULL: it goes there as it is */
};

/* Text may, but for one thing: an entity tag is of the bytes that it came with (RFC 9110, 8.8.3),
 * and callers give ours back in If-Match. */
static bool may_be_packed(const struct composing *composing)
{
    static const char *const TYPES[] = {JSON_TYPE, "application/problem+json", "text/"};
    const char *type = composing->content_type;
    if (!type || composing->request->has_entity_tag)
        return false;
    for (size_t i = 0; i < sizeof TYPES / sizeof *TYPES; i++)
        if (text_starts(type, TYPES[i]))
            return true;
    return false;
}

static bool is_to_be_packed(const struct composing *composing)
{
    return may_be_packed(composing) &&
           gzip_is_accepted(http_header(composing->request->exchange, "Accept-Encoding"));
}

/* Caches are told that another client may not take it packed. */
static void begin_reply(struct composing *composing, bool is_packed)
{
    struct request *request = composing->request;
    request->has_replied = true;
    if (may_be_packed(composing))
        http_reply_header(request->exchange, "Vary", "Accept-Encoding");
    if (is_packed)
        http_reply_header(request->exchange, "Content-Encoding", "gzip");
}

static bool write_to_disk(void *context, const void *data, size_t size, struct error *error)
{
    struct composing *composing = context;
    return replies_take(composing->request, size, error) &&
           spool_leave_memory(composing->spool, error) &&
           spool_write(composing->spool, data, size, error);
}

static bool write_piece(void *context, const void *data, size_t size, struct error *error)
{
    struct composing *composing = context;
    struct request *request = composing->request;
    if (!composing->spool) {
        composing->spool = spool_create(request->api->settings.spool_folder, UINT64_MAX);
        if (is_to_be_packed(composing))
            composing->gzip = gzip_begin(write_to_disk, composing, request->arena);
    }
    return composing->gzip ? gzip_add(composing->gzip, (struct bytes){data, size}, error)
                           : write_to_disk(composing, data, size, error);
}

static bool reply_from_disk(struct composing *composing, struct error *error)
{
    if (composing->gzip && !gzip_end(composing->gzip, error))
        return false;
    int file = spool_open(composing->spool, error);
    if (file < 0)
        return false;
    begin_reply(composing, composing->gzip);
    http_reply_file(composing->request->exchange, composing->status, composing->content_type, file,
                    spool_size(composing->spool));
    return true;
}

static bool add_to_buf(void *context, const void *data, size_t size, struct error *error)
{
    (void)error;
    buf_add_bytes(context, data, size);
    return true;
}

static struct bytes pack(struct bytes body, struct arena *arena)
{
    struct error error; /* memory takes what it is given */
    struct buf packed = BUF(arena, SIZE_MAX);
    struct gzip *gzip = gzip_begin(add_to_buf, &packed, arena);
    gzip_add(gzip, body, &error);
    gzip_end(gzip, &error);
    return (struct bytes){packed.data, packed.size};
}

static void reply_from_memory(struct composing *composing, struct bytes body)
{
    struct request *request = composing->request;
    bool is_packed = body.size >= PACKED_FROM_BYTES && body.size <= REPLY_IN_MEMORY_BYTES &&
                     is_to_be_packed(composing);
    if (is_packed)
        body = pack(body, request->arena);
    begin_reply(composing, is_packed);
    body.data = arena_copy_bytes(request->lasting, body.data, body.size);
    http_reply(request->exchange, composing->status, composing->content_type, body);
}

void reply_bytes(struct request *request, int status, const char *content_type, struct bytes body)
{
    struct error error;
    struct composing composing = {
        .request = request, .status = status, .content_type = content_type};
    idempotency_keep(request, status, content_type, body);
    bool is_large = body.size > REPLY_IN_MEMORY_BYTES;
    bool is_on_disk = is_large && write_piece(&composing, body.data, body.size, &error) &&
                      reply_from_disk(&composing, &error);
    spool_destroy(composing.spool);
    if (is_on_disk)
        return;
    if (is_large)
        replies_give_up(request, false);
    reply_from_memory(&composing, body);
}

static bool write_json(struct composing *composing, const struct schema *view, const void *object,
                       const struct json_maker *maker, struct error *error)
{
    struct request *request = composing->request;
    const struct json_sink sink = {composing, write_piece};
    struct bytes rest;
    if (!json_write_pieces(view, object, request->is_summary ? WHOLE : 0, maker, &sink,
                           request->arena, &rest, error))
        return false;
    if (composing->spool)
        return write_piece(composing, rest.data, rest.size, error) &&
               reply_from_disk(composing, error);
    reply_bytes(request, composing->status, JSON_TYPE, rest);
    return true;
}

static bool reply_json(struct request *request, int status, const struct schema *view,
                       const void *object, const struct json_maker *maker, struct error *error)
{
    struct composing composing = {.request = request, .status = status, .content_type = JSON_TYPE};
    bool is_written = write_json(&composing, view, object, maker, error);
    spool_destroy(composing.spool);
    if (!is_written)
        replies_give_up(request, maker);
    return is_written;
}

bool reply_made_as(struct request *request, const struct schema *view, const void *object,
                   const struct json_maker *maker, struct error *error)
{
    return reply_json(request, request->route->status, view, object, maker, error);
}

bool reply_made(struct request *request, const void *object, const struct json_maker *maker,
                struct error *error)
{
    return reply_made_as(request, request->route->replies, object, maker, error);
}

void reply_as(struct request *request, int status, const struct schema *view, const void *object)
{
    struct error error = {0};
    if (request->call_is_noted) /* it is kept as a whole for the next call */
        reply_bytes(request, status, JSON_TYPE, json_write(view, object, request->arena));
    else if (!reply_json(request, status, view, object, NULL, &error))
        reply_error(request, &error);
}

void reply_status(struct request *request, int status, const void *object)
{
    reply_as(request, status, request->route->replies, object);
}

void reply(struct request *request, const void *object)
{
    reply_status(request, request->route->status, object);
}

void reply_file(struct request *request, int file, uint64_t size)
{
    request->has_replied = true;
    http_reply_file(request->exchange, request->route->status, request->route->media_type, file,
                    size);
}

bool reply_spool(struct request *request, struct spool *spool, struct error *error)
{
    int file = -1;
    if (replies_take(request, spool_size(spool), error))
        file = spool_open(spool, error);
    if (file < 0) {
        replies_give_up(request, false);
        return false;
    }
    reply_file(request, file, spool_size(spool));
    return true;
}
