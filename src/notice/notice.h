/* notice.h - tells a subscriber one thing: a request that is signed as Standard Webhooks 1.0.0
 * says, and what became of it.
 *
 * It goes to public addresses only, unless a setting allows others, and is not redirected. */
#pragma once
#include "base/moment.h"
#include "net/http_client.h"

struct notice_settings {
    bool allow_private;  /* http, this machine and its network too */
    const char *ca_file; /* PEM, of whom to trust; NULL: the system's */
};

struct notice {
    const char *url;
    const char *id;   /* the same each time that this is told; has no dot */
    const char *body; /* notice_body.h */
    struct list keys; /* of struct bytes (notice_key.h); each signs */
};

enum notice_answer {
    NOTICE_TAKEN,     /* 2xx, and the reply came to its end */
    NOTICE_NOT_TAKEN, /* anything else */
    NOTICE_UNWANTED,  /* 410: this subscriber wants no more */
};
struct notice_result {
    enum notice_answer answer;
    int64_t status;         /* 0: no reply came */
    int64_t retry_after_ms; /* 0: the subscriber did not say */
    const char *reason;     /* one sentence; NULL when it was taken */
};

/* is_called_off may be NULL. What the subscriber says beyond his status is thrown away. */
void notice_send(struct http_client *client, const struct notice_settings *settings,
                 const struct notice *notice, moment now, const atomic_bool *is_called_off,
                 struct arena *arena, struct notice_result *ret_result);

/* "webhook-signature": one for each key, separated by spaces. */
const char *notice_signature(const struct notice *notice, int64_t timestamp, struct arena *arena);
