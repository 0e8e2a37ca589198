#include "fetch_call.h"

#include <string.h>

#include "case.h"

struct fetch_call fetch_call_begin(void)
{
    return (struct fetch_call){
        .arena = arena_create(),
        .settings = {.allow_private = true,
                     .size_limit = 1000000,
                     .connect_timeout_ms = 5000,
                     .stall_timeout_ms = 5000,
                     .total_timeout_ms = 5000},
        .room = UINT64_MAX,
    };
}

static bool take(void *context, const void *data, size_t size, struct error *error)
{
    struct fetch_call *call = context;
    if (call->size + size > call->room)
        return fail(error, ERROR_FULL, "disk", "no room for %s", "more");
    call->size += size;
    call->hash = web_hash(call->hash, data, size);
    return true;
}

bool fetch_call_run(struct fetch_call *call, const char *url)
{
    struct sink sink = {call, take};
    call->size = call->hash = 0;
    call->fetched = (struct fetched){0};
    call->error = (struct error){0};
    bool is_fine = fetch_run(url, &call->settings, &sink, call->arena, &call->fetched,
                             &call->error);
    if (is_fine)
        assert_int_equal(call->fetched.size, call->size);
    return is_fine;
}

void fetch_call_fail(struct fetch_call *call, const char *url, enum error_code code,
                     const char *message)
{
    if (fetch_call_run(call, url))
        fail_msg("%s was fetched", url);
    if (call->error.code != code || !strstr(call->error.message, message))
        fail_msg("%s: %d %s", url, (int)call->error.code, call->error.message);
    assert_true(code == ERROR_FULL || !*call->error.field);
}

void fetch_call_end(struct fetch_call *call)
{
    arena_destroy(call->arena);
}
