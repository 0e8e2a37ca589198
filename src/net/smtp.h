/* smtp.h - submits one message over SMTP (RFC 5321, 6409) and says exactly how it ended.
 * Hides libcurl.
 *
 * Never repeats anything: one call, at most one transaction. Where it broke decides what is
 * known: before the final dot the mail has certainly not gone out; after it, without a reply,
 * nobody can tell. */
#pragma once
#include <stdint.h>

#include "base/address.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/spool.h"
#include "net/trust.h"

enum smtp_security { SMTP_TLS, SMTP_STARTTLS, SMTP_PLAIN }; /* PLAIN: the caller knows it may */
extern const char *const SMTP_SECURITY_NAMES[];             /* "tls", "starttls", "none" */

struct smtp_turn;
struct smtp_result;
struct smtp_server {
    const char *host;
    int64_t port;
    enum smtp_security security;
    const char *username;     /* NULL: no AUTH */
    const char *password;     /* PLAIN, LOGIN or CRAM-MD5, as is offered */
    const char *bearer_token; /* XOAUTH2 instead of the password, when set */
    const char *hello_name;   /* NULL: the host's full name, else [127.0.0.1] */
    struct tls_trust trust;
    bool allow_private;  /* mail_guard.h */
    uint64_t mails_most; /* of one connection, as was learned; 0: not known */
    const struct smtp_turn *turn;
    int64_t connect_timeout_ms; /* until signed in */
    int64_t reply_timeout_ms;   /* for each reply; RFC 5321 wants 10 minutes after the dot */
};

/* Asked before a new connection is made that signs in, and told what came of it. begin: false, and
 * it fills in outcome, phase and message: it must not be made. NULL: nobody is asked. */
struct smtp_turn {
    bool (*begin)(void *context, struct arena *arena, struct smtp_result *ret_result);
    void (*end)(void *context, bool is_signed_in, const struct smtp_result *result);
    void *context;
};

struct smtp_envelope {
    const char *sender;     /* addr-spec of MAIL FROM */
    struct list recipients; /* of struct address */
    bool is_partial; /* the mail has been accepted for others: whom the server refuses is left
                        out, and the rest gets it */
};

/* How far it came. */
enum smtp_phase {
    SMTP_CONNECTING,
    SMTP_GREETING,
    SMTP_SECURING,
    SMTP_AUTHENTICATING,
    SMTP_MAIL,
    SMTP_RCPT,
    SMTP_DATA,
    SMTP_FINAL_DOT,
};
extern const char *const SMTP_PHASE_NAMES[];

enum smtp_outcome {
    SMTP_ACCEPTED,
    SMTP_REFUSED,   /* for good: 5xx to the message, the sender or a recipient */
    SMTP_TRY_LATER, /* not sent: 4xx, or the connection failed before the final dot */
    SMTP_SIGN_IN,   /* not sent: AUTH refused for good, or TLS or AUTH not offered */
    SMTP_UNKNOWN,   /* the final dot went out, and no reply came back */
};

struct smtp_reply {
    const char *recipient; /* NULL: to the transaction as a whole */
    int64_t code;          /* 0: none came */
    const char *text;      /* as the server wrote it, enhanced code included; UTF-8 made safe */
};

struct smtp_recipient {        /* of the envelope's, in its order */
    bool is_in;                /* the server accepted it: the transaction's outcome is its own */
    bool is_left;              /* this transaction takes no more recipients: say it in another */
    enum smtp_outcome outcome; /* when it is neither */
    int64_t code;              /* of the reply to its RCPT; 0: it was not said, or not answered */
    const char *text;
};

struct smtp_result {
    enum smtp_outcome outcome;
    enum smtp_phase phase;
    uint64_t carried; /* mails that were begun on the connection before; 0: a fresh one */
    bool is_stale;    /* TRY_LATER only because that one had carried some, and was closed or
                         refused this one: try anew at once, on a fresh one */
    bool is_spent;    /* is_stale, and the server answered: it may take so many a connection */
    bool is_barred;   /* TRY_LATER: this server may not be connected to (mail_guard.h) */
    const struct account_trouble *trouble; /* TRY_LATER: the account's (account_trouble.h) */
    int64_t code;                          /* of the reply that decided; 0: none */
    const char *message;                   /* one sentence: what failed, in words that help */
    struct list replies;                   /* of struct smtp_reply: each RCPT, then the final one */
    struct list recipients;                /* of struct smtp_recipient; empty: none was said */
    size_t recipients_most; /* not ACCEPTED, as these were too many: say fewer, so many at most */
};

/* Called once, right before the end of the message and the final dot are written. What must be
 * durable before the mail can go out is made durable here; false: the mail does not go out
 * (SMTP_TRY_LATER). */
typedef bool smtp_commit(void *context);

/* One at a time; kept between messages, so that the next one finds the connection open. */
struct smtp_connection;
struct smtp_connection *smtp_connection_create(void);
void smtp_connection_destroy(struct smtp_connection *connection);

/* message: CRLF lines, not dot-stuffed; one with a bare CR or LF is refused. All-or-nothing: one
 * refused recipient refuses the mail, unless the envelope is_partial. From the first that the
 * server says are too many (RFC 5321 4.5.3.1.10, RFC 9422) on they are left for another
 * transaction. At the commit ret_result->recipients says who is in. commit may be NULL. */
void smtp_send(struct smtp_connection *connection, const struct smtp_server *server,
               const struct smtp_envelope *envelope, const struct spool *message,
               smtp_commit *commit, void *context, struct arena *arena,
               struct smtp_result *ret_result);

/* Connects and signs in, and no more. ERROR_PROVIDER, the message says exactly what failed;
 * ERROR_INVALID ("host") when it may not be connected to. */
bool smtp_check(const struct smtp_server *server, struct arena *arena, struct error *error);

void net_start(void); /* once, before any thread */
