/* web_mail.h - what providers with a web API have in common (Gmail, Microsoft Graph): a call with
 * an access token, and what its reply, or that none came, means for the mail; inside this room.
 *
 * Nothing is asked twice, but what only looks; a redirect is never followed. A refusal counts only
 * in the provider's own words: what somebody in between says in its place may pass. No token is
 * ever in a sentence. */
#pragma once
#include "net/http_client.h"
#include "provider/providers.h"

enum { WEB_MARK_SIZE = 63 };
struct web_connection {  /* to a mailbox; the pool keeps it from one mail to the next */
    struct arena *arena; /* holds the struct itself */
    struct http_client *client;
    char mark[WEB_MARK_SIZE + 1]; /* what the provider wants to know again at the next mail */
    int64_t marked_ms;            /* by clock_steady_ms */
};

/* A field of a reply, by the name that the provider gives it. */
/* clang-format off */
#define WEB_FIELD(type, key, member, ...) \
    {.name = key, .kind = KIND_OF(type, member), .offset = offsetof(type, member), .use = STORED, \
     __VA_ARGS__}
/* clang-format on */

enum web_meaning {
    WEB_DONE,
    WEB_LATER,   /* it has certainly had no effect that counts, and may work another time */
    WEB_HOLD,    /* likewise, and so it is for all mail of the mailbox */
    WEB_ACCOUNT, /* refused for the account's sake: so is all its mail, until that is mended */
    WEB_SIGN_IN, /* the token does not hold, or not for this */
    WEB_REFUSED, /* for good */
    WEB_GONE,    /* what was named is not there */
    WEB_UNCLEAR, /* of a call that may send the mail: it may have */
};

/* The first row that fits counts; after the last ({0}) 4xx is refused and all else later. */
enum { WEB_ANY_STATUS = -1 };
struct web_rule {
    int64_t status;
    const char *reason; /* NULL: any */
    enum web_meaning meaning;
    int64_t pause_ms;   /* when the provider does not say how long */
    const char *remedy; /* with WEB_ACCOUNT: what is to be done about it */
};

struct web_refusal {    /* what the body of an error says */
    const char *reason; /* a word; NULL when it is not spelled as the provider spells errors */
    const char *message;
    int64_t pause_ms; /* 0: not said */
};

struct web_service {
    const char *name; /* "Gmail", for sentences */
    const struct web_rule *rules;
    void (*read_refusal)(struct bytes body, struct arena *arena, struct web_refusal *ret_refusal);
};

struct web_mail { /* one attempt, or one question after a mail */
    const struct web_service *service;
    const struct provider_settings *settings;
    const char *access_token;
    struct web_connection *connection;
    struct arena *arena;
    unsigned asked; /* calls so far */
};

/* Between them the connection is the caller's alone. */
struct web_mail web_mail_open(struct provider_pool *pool, const struct attempt *attempt,
                              const struct web_service *service);
void web_mail_close(struct provider_pool *pool, const struct attempt *attempt,
                    struct web_mail *mail);

enum { WEB_HEADERS_MAX = 6 };
struct web_call {
    const char *name; /* "drafts.send": for sentences and the audit trail */
    const char *method, *url;
    bool has_no_token; /* its URL is a secret that stands for it: there is no Authorization */
    struct http_header headers[WEB_HEADERS_MAX]; /* besides Authorization; the rest {0} */
    struct bytes body;                           /* or, when it has a read function: */
    struct http_stream stream;
    http_commit *commit; /* set: this call may send the mail (net/http_client.h) */
    void *commit_context;
};

struct web_answer {
    const char *call;
    enum web_meaning meaning;
    struct http_result result;
    const char *reason;   /* the provider's word; NULL: none */
    const char *sentence; /* what happened, for a person; NULL when done */
    const char *remedy;   /* and what is to be done about it, which is in the sentence; or NULL */
    int64_t pause_ms;     /* how long it wants to be left alone, at most a day; 0: not said */
    bool is_stale;        /* only a connection that was kept from a former mail had died */
};

/* True when done: a whole reply of 2xx. */
bool web_mail_ask(struct web_mail *mail, const struct web_call *call,
                  struct web_answer *ret_answer);

/* The reply by the table (STORED). What cannot be read is not done: later, or unclear. */
bool web_mail_read(struct web_mail *mail, const struct web_call *call, const struct schema *schema,
                   void *object, struct web_answer *answer);

/* For a mail whose outcome is unknown, of an answer that is not done: silent where it says nothing
 * about this mail in particular. */
struct probe web_mail_probe(const struct web_answer *answer);

/* For the mail, of an answer that is not done. What is gone is a matter of the caller's: later. */
struct outcome web_mail_outcome(const struct web_answer *answer);
