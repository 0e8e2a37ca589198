/* mending.h - connects a mailbox that is reached by a server and its passwords: the one that its
 * user had, mended, or a new one.
 *
 * The same address of the same user and provider, in whatever case of letters, is the same mailbox:
 * its mail and its conversations go on, what is unknown of it is asked about at once, and what was
 * set for it holds, such as its need for approval. Servers and passwords are those of this time,
 * and no others. */
#pragma once
#include "base/secret.h"
#include "model/administration.h"
#include "store/account_store.h"

struct mending {
    const struct secret_key *key; /* NULL: there are no passwords */
    struct arena *arena;
    moment now;
    const char *password, *imap_password; /* NULL: there is none */
    struct account account;               /* as it is wanted; once it is kept, as it is */
    struct administration by;             /* who connects it: all but what is done */
};

/* Work for db_write; context: the struct mending. One that is connected gets its server and
 * passwords anew; ERROR_CONFLICT where it has neither, as a sandbox, and nothing holds its mail. */
bool mending_keep(struct session *session, void *context, struct error *error);
