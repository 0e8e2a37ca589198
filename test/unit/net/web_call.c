#include "web_call.h"

#include <string.h>

#include "case.h"

struct web_call web_call_start(const struct web_turn *turns, size_t count)
{
    static const struct http_header HEADERS[] = {{"Authorization", "Bearer " WEB_SECRET}};
    struct web_call call = {.arena = arena_create(), .client = http_client_create()};
    call.server = web_server_start("127.0.0.1", turns, count, &call.port);
    call.request = (struct http_request){
        .method = "POST",
        .url = arena_format(call.arena, "http://127.0.0.1:%d/" WEB_SECRET "?" WEB_SECRET,
                            call.port),
        .headers = {(void *)(uintptr_t)HEADERS, COUNT(HEADERS)},
        .body = {"hi", 2},
        .body_limit = 65536,
        .connect_timeout_ms = 2000,
        .stall_timeout_ms = 2000,
        .total_timeout_ms = 20000,
    };
    return call;
}

bool web_call_send(struct web_call *call)
{
    bool is_whole = http_client_send(call->client, &call->request, call->arena, &call->result);
    const struct http_result *result = &call->result;
    assert_true(is_whole == (result->phase == HTTP_REPLIED && !result->is_cut));
    assert_true((result->phase == HTTP_REPLIED) == !result->message);
    if (result->message && strstr(result->message, WEB_SECRET))
        fail_msg("%s", result->message);
    return is_whole;
}

struct web_heard web_call_finish(struct web_call *call)
{
    struct web_heard heard;
    http_client_destroy(call->client);
    web_server_finish(call->server, &heard);
    arena_destroy(call->arena);
    return heard;
}

static int64_t make(void *context, uint64_t offset, void *data, size_t size)
{
    struct web_source *source = context;
    assert_int_equal(offset, source->asked);
    if (source->fails_at && offset + size > source->fails_at)
        return -1;
    for (size_t i = 0; i < size; i++)
        ((unsigned char *)data)[i] = (unsigned char)((offset + i) * 31 + (offset + i) / 251);
    source->asked += size;
    source->hash = web_hash(source->hash, data, size);
    return (int64_t)size;
}

struct http_stream web_source_stream(struct web_source *source, uint64_t size)
{
    return (struct http_stream){.context = source, .size = size, .read = make};
}
