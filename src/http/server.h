/* server.h - what the files of this room share: the server. */
#pragma once
#include <stdatomic.h>
#include <stdint.h>

#include "http/exchange.h"
#include "http/loop.h"
#include "http/park.h"
#include "http/peers.h"
#include "http/work.h"

struct http_server {
    struct arena *arena; /* holds the struct itself, and its settings */
    struct http_settings settings;
    struct http_door door;
    struct networks trusted;
    struct loop **loops;
    size_t loop_count;
    struct peers *peers;
    struct parking *parking;
    struct work *work;
    int socket;
    uint16_t port;
    _Atomic uint64_t requests, under_way; /* under way: opened, and not closed */
    _Atomic uint64_t replies[HTTP_STATUS_COUNT];
    _Atomic bool is_stopping; /* every reply is its connection's last */
    _Atomic bool is_aborting; /* nobody is answered any more */
};
