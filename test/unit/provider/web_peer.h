/* web_peer.h - a provider's web server that says what it was told to, call by call, and somebody
 * who has a mail to send through it and notes in which order things were made durable. */
#pragma once
#include "provider/provider.h"
#include "web_server.h"

#define WEB_PEER_ID "01a1fcf6-6fcb-736a-944d-4178f9d5f247" /* of the email */

struct web_says {
    int status;          /* 0: nothing at all, and then end */
    const char *body;    /* JSON; NULL: none */
    const char *headers; /* whole lines, or NULL */
    enum web_end end;
    size_t missing; /* bytes of the body that are promised and never come */
    bool is_hasty;  /* says so before it has read the request */
};

struct web_peer {
    struct arena *arena;
    struct web_server *server;
    const char *url;     /* of the server */
    const char *headers; /* whole lines that come with each reply */
    struct web_turn *turns;
    struct provider_settings settings;
    struct provider_pool *pool;
    struct account account;
    struct address to[1];
    struct email email, parent;
    struct spool *message;
    struct attempt attempt; /* of all that */
    bool refuses_handle, refuses_commit;
    char steps[32];         /* K: a handle was kept; C: committed */
    const char *kept;       /* the newest handle */
    struct web_heard heard; /* after web_peer_finish */
};

/* Lives until the next begins. Its settings, its pool and its message are the caller's to make. */
struct web_peer *web_peer_begin(enum provider_kind provider, const char *headers,
                                const struct web_says *says, size_t count);
/* Other words, as many as before; as long as nothing has been asked. */
void web_peer_say(struct web_peer *peer, const struct web_says *says, size_t count);
/* Closes all; what was heard can be looked at now. */
void web_peer_finish(struct web_peer *peer);
/* How many requests began so: "POST /x HTTP/1.1". */
size_t web_peer_count(const struct web_peer *peer, const char *start);
