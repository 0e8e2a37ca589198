/* web_call.h - one thread's calls of http_client_send, against a web server of this test. */
#pragma once
#include "net/http_client.h"
#include "web_server.h"

/* What no message may carry: it stands in the path, the query and a header of every request. */
#define WEB_SECRET "hush-hush"
#define WEB_OK "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

struct web_call {
    struct arena *arena;
    struct http_client *client;
    struct http_request request; /* a POST of "hi"; 2 s for everything, 64 KiB for the reply */
    struct http_result result;
    struct web_server *server;
    int port;
};

/* turns must live as long as the call. */
struct web_call web_call_start(const struct web_turn *turns, size_t count);
bool web_call_send(struct web_call *call);
/* Ends both. */
struct web_heard web_call_finish(struct web_call *call);

/* Bytes made up as they are asked for, which must be in order and not twice. */
struct web_source {
    uint64_t asked;    /* up to here */
    uint64_t hash;     /* web_hash of it */
    uint64_t fails_at; /* 0: it does not */
};
struct http_stream web_source_stream(struct web_source *source, uint64_t size);
