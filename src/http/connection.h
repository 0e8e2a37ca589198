/* connection.h - one client's connection: what comes in on it, and how far it has got.
 *
 * A connection belongs to its loop's thread, always; only the exchange that it holds is lent to a
 * worker, or to the parking, meanwhile. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "http/head.h"
#include "http/ip_address.h"

struct loop;
struct http_server;
struct http_exchange;

enum connection_state {
    CONNECTION_PROXY,  /* its proxy has not said for whom it comes */
    CONNECTION_IDLE,   /* nothing of the next request has come */
    CONNECTION_HEAD,   /* a part of its head has */
    CONNECTION_BODY,   /* the head is whole */
    CONNECTION_WORK,   /* the request is whole: a worker has it, or it is parked */
    CONNECTION_REPLY,  /* the reply is being written */
    CONNECTION_LINGER, /* all is said; what the client still sends is thrown away */
    CONNECTION_OVER,   /* to be closed */
};

struct connection {
    struct connection *next, **link; /* of its loop */
    struct loop *loop;
    struct http_server *server;
    int socket;
    uint32_t watched; /* what epoll tells of it */
    enum connection_state state;

    struct ip_address peer, client; /* client: for whom the peer speaks; the same without a proxy */
    bool is_proxy;                  /* the peer is one that is trusted */
    bool is_named;                  /* the client is counted among the peers */
    char address[IP_ADDRESS_TEXT_SIZE];

    char *kept; /* what has come, and is not done with; NULL: nothing */
    size_t kept_size, kept_room;
    struct head_search search; /* in kept, or in what comes first */
    bool may_skip_line;        /* one empty line before a request (RFC 9112, 2.2) */

    struct http_exchange *exchange; /* NULL between requests */
    bool closes, lingers;           /* after the reply; lingers: until the client ends, too */
    uint64_t thrown_away;

    int64_t heard_ms;    /* when it last got on */
    int64_t deadline_ms; /* by when it must be elsewhere; INT64_MAX: no matter */
};

/* Of a socket that has been counted among the peers, by its client where is_proxy is false. */
struct connection *connection_create(struct loop *loop, int socket, const struct ip_address *peer,
                                     bool is_proxy);
/* Closes the socket; whatever it holds goes with it. */
void connection_destroy(struct connection *connection);

/* epoll has told something of it. Each of these leaves it in a state of which epoll tells, or in
 * CONNECTION_OVER: then the loop destroys it. */
void connection_ready(struct connection *connection, uint32_t events, char *buffer, size_t size);
/* Its exchange has come back from the workers. */
void connection_resume(struct connection *connection);
/* Whether its time is up is looked at now and then. */
void connection_check_time(struct connection *connection, int64_t now_ms);

/* Between two requests. */
void connection_rest(struct connection *connection, int64_t idle_until_ms);
