/* http_transfer.h - one request on its way and its reply coming in: what libcurl asks for and
 * hands over meanwhile, and what is known from that. */
#pragma once
#include "base/buf.h"
#include "net/http_client.h"
#include "net/transport.h"

struct http_transfer {
    struct transport transport;
    const struct http_request *request;
    struct arena *arena;
    struct http_result *result;
    CURL *curl;
    uint64_t size, offset; /* of the request's body, and how much of it was handed over */
    unsigned begun;        /* requests on a wire */
    bool is_whole;         /* all of one was handed over */
    bool is_stopped;       /* libcurl was about to ask a second time */
    bool is_withheld;      /* commit said no */
    bool is_refused;       /* may_connect said no */
    bool is_unreadable;    /* the body could not be had */
    bool is_replying;      /* a reply began, other than 1xx */
    bool is_head;          /* and its header is complete */
    size_t head_size, body_size;
    struct buf body;
    struct error sink_error;
    bool is_unwanted; /* by the sink */
};

/* Sets the body and all callbacks; the transfer must live until the handle is reset. */
void http_transfer_prepare(struct http_transfer *transfer);

/* Fills in the result, by libcurl's and by what was seen. where: the host, for the message. */
void http_transfer_end(struct http_transfer *transfer, CURLcode code, const char *where);
