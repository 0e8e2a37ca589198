/* grant.h - access tokens for mailboxes that are signed in to by OAuth.
 *
 * One refresh at a time for a mailbox, however many threads want its token; those that wait get
 * what comes of it. A rotated refresh token is durable before the access token that came with it is
 * used, and kept in memory and tried again as long as it cannot be written. A dead grant is written
 * down with the account (needs_sign_in) before anybody is told, and asked about no more until
 * somebody signs in again; so is one whose new access tokens the provider refuses. Whoever signs in
 * while a refresh is under way wins over it. Access tokens live in memory only, and only for so
 * many mailboxes. */
#pragma once
#include "base/secret.h"
#include "db/db.h"
#include "provider/provider.h"

struct grants;
struct grants *grants_create(const struct provider_settings *settings, const struct secret_key *key,
                             struct db *db);
void grants_destroy(struct grants *grants); /* NULL is fine; nobody may be in here any more */

enum grant_answer {
    GRANT_GIVEN,
    GRANT_LATER, /* the provider's sign-in, or the database, cannot serve just now */
    GRANT_HELD,  /* an administrator or the operator must mend something first */
    GRANT_DEAD,  /* a person must sign in again, or the mailbox is disconnected */
};

/* A token of the mailbox that holds for a while yet. refused: the one that its provider has just
 * refused (401), or NULL. The account's row is read again where it matters: the caller's may be
 * old. Waits while another thread refreshes for the same mailbox. ret_token and ret_reason (one
 * sentence, unless given) live in the arena. */
enum grant_answer grants_token(struct grants *grants, const struct account *account,
                               const char *refused, struct arena *arena, const char **ret_token,
                               const char **ret_reason);

/* A token that came in the place of a refused one was refused as well, for that reason: what it was
 * got by counts as a dead grant, unless somebody has signed in since. GRANT_DEAD, or GRANT_LATER:
 * that could not be stored, or there may be a better token by now. */
enum grant_answer grants_refuse(struct grants *grants, const struct account *account,
                                const char *refused, const char *refusal, struct arena *arena,
                                const char **ret_reason);

/* Somebody has signed in to it anew, or it is gone: what was known of it does not count. */
void grants_forget(struct grants *grants, const char *account_id);
