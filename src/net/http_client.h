/* http_client.h - asks one HTTP request of a server that an operator named, and says exactly how
 * far it came. Hides libcurl. A server that a stranger named is asked with may_connect.
 *
 * Never asks twice: one call puts at most one request on a wire, also where libcurl would repeat
 * it by itself (on a connection that had died while it was idle, or that HTTP/2 refused). Only a
 * request that says may_repeat is excepted. A redirect is a reply like any other, and 4xx and 5xx
 * are too. TLS is 1.2 at least, and certificates and hosts are checked; without TLS it goes only
 * where the URL says http. No message carries a path, a query or a header. */
#pragma once
#include <stdatomic.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/schema.h"
#include "net/sink.h"

struct sockaddr;

struct http_header {
    const char *name;
    const char *value;
};

/* Bytes of a known size that are asked for as they are sent. */
struct http_stream {
    void *context;
    uint64_t size;
    /* The bytes from offset on, at least one and at most size; -1: they cannot be had, and the
     * request breaks off. In order and once; from 0 anew only where the request may_repeat. */
    int64_t (*read)(void *context, uint64_t offset, void *data, size_t size);
};

/* Called once, right before that is written which makes the request whole: the last piece of its
 * body, or all of it when there is none. What must be durable before the server can act is made
 * durable here; false: the request is not made (HTTP_SENDING). */
typedef bool http_commit(void *context);

struct http_request {
    const char *method;  /* "POST" */
    const char *url;     /* absolute, http or https, no user or password in it */
    struct list headers; /* of struct http_header; Content-Length and Host come by themselves */
    struct bytes body;   /* or, when it has a read function: */
    struct http_stream stream; /* the body */
    bool may_repeat;           /* asking twice is as good as once */
    http_commit *commit;       /* or NULL */
    void *commit_context;
    /* What is asked of the very address of each connection before it is made, however it was found
     * (public_address_is). NULL: any will do. */
    bool (*may_connect)(const struct sockaddr *address);
    const atomic_bool *is_called_off; /* or NULL; looked at once a second at least */
    size_t body_limit;          /* of the reply, as it is after decompression; kept in the arena */
    const struct sink *sink;    /* or NULL; takes a reply's body instead, body_limit in all */
    const char *ca_file;        /* PEM, NULL: the system's */
    int64_t connect_timeout_ms; /* until TLS is agreed on; all three must be set */
    int64_t stall_timeout_ms;   /* without a byte in either direction, the wait for the reply too */
    int64_t total_timeout_ms;
};

/* How far it came. Before HTTP_WAITING the server has certainly not got the whole request. */
enum http_phase {
    HTTP_NOT_ASKED,  /* the request itself is at fault; nothing was tried */
    HTTP_CONNECTING, /* the host was not found, or nobody answered there */
    HTTP_SECURING,   /* TLS was not agreed on, or the certificate not trusted */
    HTTP_SENDING,    /* it broke off while the body was sent, or commit said no */
    HTTP_WAITING,    /* the whole request may have gone out; no reply came */
    HTTP_REPLYING,   /* the reply began and broke off: the status may be there, all of it is not */
    HTTP_REPLIED,    /* whole, unless is_cut; an error may come before all of the body was sent */
};
extern const char *const HTTP_PHASE_NAMES[];

struct http_result {
    enum http_phase phase;
    bool is_reused;      /* on a connection that had carried a request before */
    bool is_cut;         /* the body was larger than body_limit; the rest of it was not read */
    int64_t status;      /* 0: none came */
    struct list headers; /* of struct http_header, as they came */
    struct bytes body;   /* a NUL follows */
    int64_t retry_after_seconds; /* 0: the server did not say */
    const char *message;         /* one sentence: what failed; NULL when it was replied */
};

/* For one thread; kept between requests, so that the next one finds a connection open. */
struct http_client;
struct http_client *http_client_create(void);
void http_client_destroy(struct http_client *client);

/* True when a whole reply came, whatever it says. */
bool http_client_send(struct http_client *client, const struct http_request *request,
                      struct arena *arena, struct http_result *ret_result);

/* The first of that name, in any case; or NULL. */
const char *http_client_header(const struct http_result *result, const char *name);
