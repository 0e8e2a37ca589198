/* redirect.h - the way back from a page of consent to this program (RFC 8252, 7.3): a port of this
 * machine that takes one browser's request. Whatever else comes there is sent away. */
#pragma once
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "http/target.h"

struct redirect {
    int listener; /* -1: closed, both */
    int peer;     /* whose request is to be answered */
    int port;
};

/* On 127.0.0.1; port 0: any free one. */
bool redirect_open(int64_t port, struct redirect *ret_redirect, struct error *error);
/* Waits for a GET of / whose query names a state; ERROR_UNAVAILABLE when none comes in time. */
bool redirect_wait(struct redirect *redirect, int64_t timeout_ms, struct arena *arena,
                   struct target *ret_target, struct error *error);
/* What the browser shows: our own words, no others'. */
void redirect_answer(struct redirect *redirect, int status, const char *sentence);
void redirect_close(struct redirect *redirect);

/* NULL when the query has no such name. */
const char *redirect_value(const struct target *target, const char *name);
