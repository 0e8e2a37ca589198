/* server.h - what the files of this room share: the server, and the limits of its patience. */
#pragma once
#include <stdatomic.h>
#include <stdint.h>

#include "http/connection.h"
#include "http/exchange.h"
#include "http/park.h"
#include "http/work.h"

struct http_server {
    struct http_settings settings;
    struct http_door door;
    struct MHD_Daemon *daemon;
    struct connections *connections;
    struct parking *parking;
    struct work *work;
    int socket;
    uint16_t port;
    _Atomic uint64_t requests, under_way; /* under way: opened, and not closed */
    _Atomic uint64_t replies[6];          /* by the first digit of their status */
    _Atomic bool is_stopping;             /* every reply is its connection's last */
    _Atomic bool is_aborting;             /* nobody is answered any more */
};

struct connection *server_connection(struct MHD_Connection *mhd);
/* It is between two requests: idle for a while, then a header that comes in a reasonable time. */
void server_expect_request(struct http_server *server, struct connection *connection);
