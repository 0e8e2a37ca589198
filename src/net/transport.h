/* transport.h - what holds for every HTTP transfer of this room, and for IMAP: TLS 1.2 at least and
 * checked, nothing taken from the environment, nothing without an end, and failures in words. */
#pragma once
#include <curl/curl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "net/trust.h"

struct transport {
    struct tls_trust trust;     /* not by fingerprints: those are looked at too late */
    int64_t connect_timeout_ms; /* until TLS is agreed on */
    int64_t stall_timeout_ms;   /* without a byte in either direction, once connected */
    int64_t total_timeout_ms;
    const atomic_bool *is_called_off; /* or NULL */
    int64_t moved_ms;                 /* when a byte moved last; 0: the request was not begun */
    curl_off_t moved;
    bool is_securing; /* TCP has connected and TLS was begun */
    bool is_stalled;
    bool is_untrusting; /* this libcurl cannot trust so */
    char trouble[CURL_ERROR_SIZE];
};

/* For http and https. The transport must live until the handle is reset or closed,
 * or has left it. */
void transport_prepare(CURL *curl, struct transport *transport);

/* The connection stands and the request begins: from here on a stall ends it. */
void transport_begin(struct transport *transport);

/* The handle goes on without the transport, which may then end. */
void transport_leave(CURL *curl);

/* What failed, as half a sentence: "nobody answers there: Connection refused". No address, no URL
 * and no header is in it. */
const char *transport_explain(const struct transport *transport, CURL *curl, CURLcode code,
                              struct arena *arena);
