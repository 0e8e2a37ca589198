#include "api/lifting.h"

#include <string.h>

#include "api/quotas.h"

enum { KEPT_BODY_BYTES = 24 * 1024 * 1024 }; /* two bodies of an email, escaped, and the rest */

static bool begin(void *context, struct error *error)
{
    struct request *request = context;
    if (request->lifted_count == request->lifted_room) {
        size_t room = request->lifted_room ? request->lifted_room * 2 : 8;
        struct lifted *lifted = arena_new(request->arena, struct lifted, room);
        if (request->lifted_count)
            memcpy(lifted, request->lifted, request->lifted_count * sizeof *lifted);
        request->lifted = lifted;
        request->lifted_room = room;
    }
    struct blob_writer *writer = blob_begin(request->api->blobs, error);
    if (!writer)
        return false;
    request->lifted[request->lifted_count++] = (struct lifted){.writer = writer};
    return true;
}

static bool write(void *context, const void *data, size_t size, struct error *error)
{
    struct request *request = context;
    uint64_t most = (uint64_t)request->api->settings.limits.attachment_bytes;
    request->lifted_bytes += size;
    if (request->lifted_bytes > most)
        return fail(error, ERROR_TOO_LARGE, "attachments",
                    "attachments of one mail may have %llu bytes together on this server",
                    (unsigned long long)most);
    return (request->lifted_bytes <= (uint64_t)request->room_left ||
            quotas_refuse(request, (int64_t)request->lifted_bytes, error)) &&
           blob_write(request->lifted[request->lifted_count - 1].writer, data, size, error);
}

static bool end(void *context, bool is_valid, struct error *error)
{
    struct request *request = context;
    (void)error;
    request->lifted[request->lifted_count - 1].is_valid = is_valid;
    return true;
}

static bool feed(void *context, const void *data, size_t size, struct error *error)
{
    struct request *request = context;
    return lift_feed(request->lift, data, size, error);
}

void lifting_open(struct request *request)
{
    struct lift_sink sink = {request, begin, write, end};
    request->lift = lift_create(http_body(request->exchange), &sink, request->arena);
    http_divert(request->exchange, &(struct http_sink){request, feed});
}

bool lifting_finish(struct request *request, struct error *error)
{
    return !request->lift || (lift_finish(request->lift, error) &&
                              spool_bytes(http_body(request->exchange), KEPT_BODY_BYTES,
                                          request->arena, &request->body, error));
}

bool lifting_is_valid(const struct request *request, size_t number)
{
    return number < request->lifted_count && request->lifted[number].is_valid;
}

int64_t lifting_size(const struct request *request, size_t number)
{
    const struct lifted *lifted = &request->lifted[number];
    return (int64_t)(lifted->writer ? blob_size(lifted->writer) : lifted->size);
}

static bool is_not_base64(const char *field, struct error *error)
{
    return fail(error, ERROR_INVALID, field, "must be base64 (RFC 4648)");
}

bool lifting_name(struct request *request, size_t number, const char *field,
                  const struct lifted **ret_lifted, struct error *error)
{
    if (!lifting_is_valid(request, number))
        return is_not_base64(field, error);
    struct lifted *lifted = &request->lifted[number];
    if (lifted->writer) {
        struct blob_writer *writer = lifted->writer;
        lifted->writer = NULL;
        lifted->size = blob_size(writer);
        if (!blob_finish(writer, request->arena, &lifted->sha256, error))
            return false;
    }
    *ret_lifted = lifted;
    return true;
}

bool lifting_fingerprint(struct request *request, struct sha256 *sha, struct error *error)
{
    for (size_t i = 0; i < request->lifted_count; i++) {
        if (!lifting_is_valid(request, i))
            return is_not_base64("data_base64", error);
        const struct lifted *lifted = &request->lifted[i];
        const char *sha256 = lifted->writer ? blob_sha256(lifted->writer, request->arena)
                                            : lifted->sha256;
        sha256_add(sha, sha256, SHA256_HEX_SIZE);
    }
    return true;
}

void lifting_close(struct request *request)
{
    for (size_t i = 0; i < request->lifted_count; i++)
        blob_abandon(request->lifted[i].writer);
}
