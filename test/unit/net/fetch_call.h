/* fetch_call.h - one fetch, from web servers of this test. */
#pragma once
#include "net/fetch.h"
#include "web_server.h"

struct fetch_call {
    struct arena *arena;
    struct fetch_settings settings; /* private addresses too, 1 MB, 5 s */
    struct fetched fetched;
    struct error error;
    uint64_t size, hash; /* of what came; the hash by web_hash */
    uint64_t room;       /* what may come until the sink is full */
};

struct fetch_call fetch_call_begin(void);
bool fetch_call_run(struct fetch_call *call, const char *url);
/* It must fail so; message: a part of it. */
void fetch_call_fail(struct fetch_call *call, const char *url, enum error_code code,
                     const char *message);
void fetch_call_end(struct fetch_call *call);
