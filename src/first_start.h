/* first_start.h - what an empty database gets, so that a first mail can leave at once: an
 * organization, a user, a token that may do everything, and a sandbox mailbox. */
#pragma once
#include <stdio.h>

#include "db/db.h"

struct first_names { /* NULL: a name that says nothing */
    const char *organization;
    const char *email; /* of the user and his mailbox */
    const char *name;  /* the user's */
};

struct first_start {
    const char *organization_id, *user_id;
    const char *token; /* shown here and never again */
    const char *account_id;
    const char *email;
};
extern const struct schema FIRST_START_SCHEMA;

/* Whether nobody is there yet. */
bool first_start_is_due(struct db *db, bool *ret_is_due, struct error *error);

/* All of it or nothing. ERROR_CONFLICT when there is a user already. */
bool first_start_make(struct db *db, const struct first_names *names, struct arena *arena,
                      struct first_start *ret_made, struct error *error);

/* The token alone, in a new file of mode 0600. What stands there already is replaced. */
bool first_start_keep(const struct first_start *made, const char *path, struct error *error);

/* The token, and a curl line that sends a mail with an attachment through the server at url. With a
 * file, instead of the token, where it is: the curl line reads it from there. */
void first_start_print(const struct first_start *made, const char *url, const char *file,
                       struct arena *arena, FILE *out);

/* At a later start, when no token is shown any more: where the pages are, and the command by which
 * the first user gets another token. tool: the program outtray, as it is called. */
bool first_start_print_again(struct db *db, const char *url, const char *tool, const char *folder,
                             struct arena *arena, FILE *out, struct error *error);
