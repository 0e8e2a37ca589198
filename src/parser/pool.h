/* pool.h - the readers that there are, as the server sees them: one to take, one to give back. */
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum { POOL_BUFFER_SIZE = 64 * 1024, POOL_TASKS_MAX = 1000 };

struct reader {
    int socket;
    uint64_t number;
    unsigned tasks;    /* that it was given; it ends after POOL_TASKS_MAX, whatever it has become */
    size_t start, end; /* of what has come and was not looked at */
    char buffer[POOL_BUFFER_SIZE];
};

struct pool;
/* control: the nest's socket; stays the caller's. */
struct pool *pool_create(int control, size_t most, int64_t timeout_ms);
void pool_destroy(struct pool *pool); /* all readers are given back; NULL is fine */

/* Waits its turn. ERROR_UNAVAILABLE when none became free in the time of several tasks. */
struct reader *pool_take(struct pool *pool, struct error *error);
void pool_give(struct pool *pool, struct reader *reader);    /* has answered as it should */
void pool_discard(struct pool *pool, struct reader *reader); /* is ended */

int64_t pool_running(struct pool *pool);
int64_t pool_started(struct pool *pool);
