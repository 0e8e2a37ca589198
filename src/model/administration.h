/* administration.h - what is done to the server rather than to a mail: the one table of these
 * events, and what is on record of each.
 *
 * They stand in the same trail as the events of mail, with the organization's next number and in
 * its chain (model/event.h); email_id and the states are NULL. What belongs to no organization
 * stands in the server's own trail, TRAIL_OF_SERVER. */
#pragma once
#include "base/schema.h"
#include "model/email_state.h"

/* In the place of an organization's id. docs/audit.md names it. */
#define TRAIL_OF_SERVER "00000000-0000-0000-0000-000000000000"
#define TRAIL_OF_SERVER_NAME "server"

enum administration_event { /* goes on where enum email_event ends: EVENT_NAMES has both */
                            ACT_FIRST = EVENT_COUNT,
                            ACT_ORGANIZATION_CREATED = ACT_FIRST,
                            ACT_ORGANIZATION_CHANGED, /* its quotas */
                            ACT_USER_CREATED,
                            ACT_USER_CHANGED, /* its consent setting */
                            ACT_TOKEN_CREATED,
                            ACT_TOKEN_CHANGED,
                            ACT_TOKEN_REVOKED,
                            ACT_MAILBOX_CONNECTED, /* for the first time, or again */
                            ACT_MAILBOX_CHANGED,
                            ACT_MAILBOX_DISCONNECTED,
                            ACT_MAILBOX_REAUTH_REQUIRED, /* its credentials are dead */
                            ACT_MAILBOX_PAUSED,  /* by its own trouble, or by an administrator */
                            ACT_MAILBOX_RESUMED, /* its mail leaves again */
                            ACT_WEBHOOK_CREATED,
                            ACT_WEBHOOK_CHANGED,
                            ACT_WEBHOOK_DELETED,
                            ACT_SIGNATURE_CHANGED, /* of a user */
                            ACT_TEMPLATE_CREATED,
                            ACT_TEMPLATE_CHANGED,
                            ACT_TEMPLATE_DELETED,
                            ACT_CONTEXT_CHANGED,
                            ACT_CONTEXT_DELETED,
                            ACT_KEY_ROTATED,
                            ACT_REQUEST_UNAUTHORIZED, /* the server's own trail: no token, or one
                                                         that does not hold */
                            ACT_REQUEST_FORBIDDEN,    /* likewise: the token lacks the scope */
                            ACT_REQUESTS_REFUSED, /* likewise: how many more there were of both */
                            ACT_END
};

/* The names of enum email_event, then those above; NULL-terminated. */
extern const char *const EVENT_NAMES[];
bool event_is_administration(unsigned event);

struct administration {
    enum administration_event event;
    const char *organization_id; /* NULL: the server's own trail */
    const char *subject_id;      /* of what was changed; NULL: the detail says */
    const char *actor;           /* a user's id, "operator", "system" or "nobody" */
    const char *token_id;        /* what the user came with, or NULL */
    const char *address;         /* of the client, or NULL: the command line */
    const char *request_id;      /* or NULL */
    moment at;
    const char *detail; /* a JSON object, or NULL: see store/trail.h */
};

/* What the trail tells of each. A field with SHOWN: its value; with SECRET: only that it was
 * changed. What is not here, such as times, is not told. */
extern const struct schema ORGANIZATION_TOLD, ACCOUNT_TOLD, USER_TOLD, SIGNATURE_TOLD, TOKEN_TOLD,
    WEBHOOK_TOLD, TEMPLATE_TOLD;
