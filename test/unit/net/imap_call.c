#include "imap_call.h"

#include <string.h>

#include "case.h"

static struct imap_call begin(struct arena *arena, const char *script)
{
    int port;
    bool is_slow = strstr(script, "hang\n") || strstr(script, "drip\n");
    int64_t timeout_ms = is_slow ? IMAP_CALL_TIMEOUT_MS : IMAP_CALL_PATIENCE_MS;
    struct imap_call call = {
        .arena = arena,
        .scripted = scripted_server_start(script, &port),
    };
    call.server = (struct imap_server){
        .host = "127.0.0.1",
        .port = port,
        .security = IMAP_PLAIN,
        .username = "user",
        .password = "secret",
        .allow_private = true,
        .connect_timeout_ms = timeout_ms,
        .total_timeout_ms = timeout_ms,
    };
    return call;
}

struct imap_call imap_call_start(const char *script)
{
    return begin(arena_create(), script);
}

struct imap_call imap_call_in(const char *script)
{
    struct arena *arena = arena_create();
    struct imap_call call = begin(arena, arena_format(arena, "%s%s", IMAP_IN, script));
    call.imap = imap_open(&call.server, call.arena, &call.error);
    if (!call.imap)
        fail_msg("%s", call.error.message);
    return call;
}

struct heard imap_call_finish(struct imap_call *call)
{
    struct heard heard;
    imap_close(&call->imap);
    scripted_server_finish(call->scripted, &heard);
    arena_destroy(call->arena);
    assert_string_equal(heard.wrong, "");
    return heard;
}
