/* http.h - takes HTTP/1.1 requests and gives them, whole, to workers.
 *
 * It reads them byte for byte itself, and refuses what others might read in another way.

 * Network threads read requests within limits on header, body, idle time and connections;
 * workers run the handler as blocking code. A handler that must wait for something slow
 * parks its request and holds no thread meanwhile. */
#pragma once
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/spool.h"

struct http_server;
struct http_exchange; /* one request and its reply */

struct http_settings {
    const char *listen;       /* "127.0.0.1:8025", "[::1]:0"; port 0 = any free one */
    const char *spool_folder; /* where large bodies go meanwhile */
    unsigned network_threads;
    unsigned workers;
    unsigned large_workers; /* how many of them may hold a spooled body at once */
    unsigned connections;   /* in all; more are refused */
    unsigned connections_per_address;
    unsigned idle_seconds;   /* a connection that says nothing so long is closed */
    unsigned header_seconds; /* from its first byte until the header of a request is whole */
    size_t header_bytes;     /* of the first line, the fields and the empty line */
    uint64_t body_bytes;     /* over it door->refuse replies */
    /* Proxies that are believed, as networks_read takes them; NULL: none. Their X-Forwarded-For,
     * and before that the header of the PROXY protocol, version 2, if they send one. */
    const char *trusted_proxies;
    bool expects_proxy_header;
};

/* Where a body goes as it arrives, instead of the spool that http_body returns. */
struct http_sink {
    void *context;
    bool (*write)(void *context, const void *data, size_t size, struct error *error);
};

/* What the floor above gives. context is passed to each. */
struct http_door {
    void *context;
    /* On a network thread, when the header is complete and before any of the body is read: it
     * must not wait. It may call http_divert and http_limit_body. It may reply; a request
     * that has a body is refused by that, and its connection closes. */
    void (*open)(struct http_exchange *exchange, void *context);
    /* On a worker, with the whole body. It must reply or park. */
    void (*run)(struct http_exchange *exchange, void *context);
    /* Must reply, with http_reply and a short body; instead of run, on a network thread. The rest
     * of what the client sends is thrown away and the connection closes. Instead of open, of a
     * header that is refused: method and path are "" as far as they could not be read.
     * ERROR_INVALID, _TIMEOUT, _TARGET_TOO_LONG, _HEADER_TOO_LARGE, _NOT_IMPLEMENTED, _VERSION say
     * what is wrong with it; ERROR_TOO_MANY: its client has too many under way. After open, unless
     * that replied: ERROR_TOO_LARGE: the body is over its limit; ERROR_INVALID: its chunks cannot
     * be read; else what the sink said, or the spool (ERROR_FULL). */
    void (*refuse)(struct http_exchange *exchange, const struct error *error, void *context);
    /* Once for every exchange that open or refuse saw, on a network thread: answered, or the client
     * has gone. */
    void (*close)(struct http_exchange *exchange, void *context);
};

/* Copies what it is given. NULL when the address cannot be had. The program must ignore SIGPIPE. */
struct http_server *http_start(const struct http_settings *settings, const struct http_door *door,
                               struct error *error);
uint16_t http_port(const struct http_server *server);

/* Takes no new connections, answers what is under way (parked requests are resumed at once, and
 * new ones wait only a moment), waits for it at most timeout_ms, then hangs up on the rest. A
 * handler that runs is always waited for. Frees the server: http_wake may not be called again. */
void http_stop(struct http_server *server, int64_t timeout_ms);

enum { HTTP_STATUS_LEAST = 200, HTTP_STATUS_MOST = 599, HTTP_STATUS_COUNT = 400 };
struct http_counts {
    uint64_t requests, connections_refused;
    uint64_t replies[HTTP_STATUS_COUNT];   /* by their status, from HTTP_STATUS_LEAST on */
    uint64_t connections, parked, waiting; /* now; waiting: for a worker */
};
struct http_counts http_count(const struct http_server *server);

/* The request. Text lives as long as the exchange. */
struct arena *http_arena(struct http_exchange *exchange); /* ends with the exchange */
const char *http_method(const struct http_exchange *exchange);
const char *http_path(const struct http_exchange *exchange); /* percent-decoded, no query; or "" */
const char *http_header(const struct http_exchange *exchange, const char *name); /* or NULL */
const char *http_query(const struct http_exchange *exchange, const char *name);  /* or NULL */
/* Of each in the query, in order; NULL behind the last. */
const char *http_query_name(const struct http_exchange *exchange, size_t at);
/* The client's: behind trusted proxies, what they say it is. */
const char *http_remote_address(const struct http_exchange *exchange);
/* The announced Content-Length; -1 when there is a body of unknown size, 0 when none. */
int64_t http_content_length(const struct http_exchange *exchange);
/* Never NULL; empty when there was no body, or when it was diverted. */
struct spool *http_body(struct http_exchange *exchange);
/* The sink's context must live as long as the exchange. Only from open. */
void http_divert(struct http_exchange *exchange, const struct http_sink *sink);
/* Another limit than the settings' for this body: a higher one is for what is diverted. Only from
 * open. */
void http_limit_body(struct http_exchange *exchange, uint64_t bytes);
/* What open makes of a request, for run and close. */
void http_set_attachment(struct http_exchange *exchange, void *attachment);
void *http_attachment(const struct http_exchange *exchange);

/* The reply; exactly one. Line breaks in a header are our own bug (assert). Content-Length, Date
 * and Connection come by themselves; a HEAD is answered like the GET. */
void http_reply_header(struct http_exchange *exchange, const char *name, const char *value);
/* body: static, or of the exchange's arena. content_type NULL: no body at all (204). */
void http_reply(struct http_exchange *exchange, int status, const char *content_type,
                struct bytes body);
/* Streams a file and closes it. */
void http_reply_file(struct http_exchange *exchange, int status, const char *content_type, int file,
                     uint64_t size);

/* How the exchange has ended, for close. */
struct http_outcome {
    int status;     /* 0: there was no reply, the client had gone */
    uint64_t bytes; /* of the body of the reply */
    int64_t duration_ms;
};
void http_outcome(const struct http_exchange *exchange, struct http_outcome *ret_outcome);

/* From run or resume: the request waits, without a thread, until http_wake(number), at most
 * timeout_ms; then `resume` runs on a worker, once, and must reply (or park again). A wake that
 * comes before run has returned is not lost. A reply in run drops the park. `resume` cannot tell a
 * wake from the timeout: it looks at what it waited for. */
typedef void http_resume(struct http_exchange *exchange, void *context);
uint64_t http_park(struct http_exchange *exchange, int64_t timeout_ms, http_resume *resume);
/* Before it parks for something that may never come. Only so many may, in all and of an address, so
 * that others are served beside them: ERROR_TOO_MANY. Such a request is woken when its client sends
 * no more (it may have gone), and shall reply then with what there is. It lasts until the reply. */
bool http_begin_wait(struct http_exchange *exchange, struct error *error);
bool http_is_hurried(const struct http_exchange *exchange);
/* From any thread, without waiting. A number that is no longer parked: nothing happens. */
void http_wake(struct http_server *server, uint64_t number);
