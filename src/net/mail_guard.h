/* mail_guard.h - which mail servers may be connected to, because strangers name them.
 *
 * They are looked at twice: by mail_guard_check when a user names one, before anything is connected
 * to; and as each connection is made, when its address is certain, whatever a name led to before.
 */
#pragma once
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

struct mail_refusal {
    const char *field; /* "host" or "port" */
    const char *what;  /* half a sentence: "leads to no place on the public internet ..." */
};

struct mail_guard { /* of one connection */
    bool allow_private;
    const struct mail_refusal *refused; /* a connection was about to go there; NULL: none */
};

/* Of ports below 1024 only those of mail; NULL: it may be used. */
const struct mail_refusal *mail_guard_port(int64_t port);

/* curl: a handle that is about to connect. The guard must live until it has, and no longer. */
void mail_guard_watch(struct mail_guard *guard, void *curl);
void mail_guard_leave(void *curl); /* it has connected, and connects no more */

/* Looks the host up, and at every address that it has. ERROR_INVALID ("host", "port"). A host that
 * cannot be looked up passes: to connect to it will say why. */
bool mail_guard_check(const char *host, int64_t port, bool allow_private, int64_t timeout_ms,
                      struct arena *arena, struct error *error);
