/* rights.h - who may do what to whose things: the one table that the server decides by, and that
 * docs/security.md prints.
 *
 * A route names the things and the acts that it is about (struct right); any scope with a row for
 * one of them opens it. Whose things it then reaches is a part of each query, as a struct viewer.
 * What is not in the table is not allowed. */
#pragma once
#include "base/buf.h"
#include "model/identity.h"

enum right_thing {
    THING_DRAFT = 1 << 0,   /* mail that may still be edited, also while it waits for approval */
    THING_PENDING = 1 << 1, /* what waits for approval, for the approver */
    THING_MAIL = 1 << 2,    /* mail that has been queued, and its trail */
    THING_CONVERSATION = 1 << 3, /* conversations, and received mail */
    THING_DOCUMENT = 1 << 4,
    THING_MAILBOX = 1 << 5,
    THING_SIGNATURE = 1 << 6,
    THING_TEMPLATE = 1 << 7,
    THING_CONTEXT = 1 << 8,
    THING_TOKEN = 1 << 9,
    THING_USER = 1 << 10,
    THING_WEBHOOK = 1 << 11,
    THING_QUOTA = 1 << 12,
    THING_AUDIT = 1 << 13, /* the trail of the whole organization */
    THING_EMAIL = THING_DRAFT | THING_PENDING | THING_MAIL | THING_CONVERSATION,
};

enum right_act {
    ACT_READ = 1 << 0,
    ACT_WRITE = 1 << 1,
    /* Asks for approval; of what has left: gets its record again; of a mailbox: names it as the
     * sender of what is submitted, and so sees its id and address. */
    ACT_SUBMIT = 1 << 2,
    ACT_SEND = 1 << 3,
    ACT_APPROVE = 1 << 4, /* or rejects */
    ACT_ADMINISTER = 1 << 5,
};

/* Whose things: the wider is the greater. */
enum reach {
    REACH_NONE,
    REACH_TOKEN,        /* what this token has made */
    REACH_OWN,          /* the token's user's */
    REACH_ORGANIZATION, /* colleagues' too */
};

struct right {
    unsigned things, acts; /* any of them; 0: no token is needed */
};

/* Who calls. */
struct caller {
    const char *organization_id, *user_id, *token_id;
    unsigned scopes;
};

/* The widest reach that the scopes have, together, to do any of the acts to any of the things. */
enum reach rights_reach(unsigned scopes, unsigned things, unsigned acts);

/* The scopes of which any one is enough to do any of the acts to some of the things. */
unsigned rights_scopes(struct right right);

/* The scope to name when the user's own thing is refused: the first that reaches all that is the
 * user's; 0: there is none. */
unsigned rights_scope_missing(unsigned things, unsigned acts);

/* What a query may show the caller, who is to do any of the acts to any of the things. */
struct viewer rights_viewer(const struct caller *caller, unsigned things, unsigned acts);

/* The same, of the user with that id in the caller's place: for lists, which hold one user's
 * things. The caller must have asked whether that is allowed. */
struct viewer rights_viewer_of_user(const struct caller *caller, const char *user_id,
                                    unsigned things, unsigned acts);

/* The table as it stands in docs/security.md. */
void rights_print(struct buf *buf);
