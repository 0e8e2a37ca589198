/* identity_store.h - organizations, users and tokens in the database. */
#pragma once
#include "db/db.h"
#include "model/identity.h"

bool identity_store_insert_organization(struct session *session,
                                        const struct organization *organization,
                                        struct error *error);
bool identity_store_insert_user(struct session *session, const struct user *user,
                                struct error *error);
bool identity_store_find_user(struct session *session, const struct viewer *viewer,
                              struct arena *arena, struct user *ret_user, struct error *error);
bool identity_store_find_user_by_email(struct session *session, const char *email,
                                       struct arena *arena, struct user *ret_user,
                                       struct error *error);
bool identity_store_count_users(struct session *session, int64_t *ret_count, struct error *error);
bool identity_store_change_signature(struct session *session, const struct user *user,
                                     struct error *error);
bool identity_store_change_approval(struct session *session, const struct user *user,
                                    struct error *error);

/* Makes a token for the user, of the scopes, label and times that are in *token; the rest of it is
 * filled in. ret_secret is what he gets to see, once; only its hash is kept. */
bool identity_store_make_token(struct session *session, const struct user *user,
                               struct token *token, struct arena *arena, const char **ret_secret,
                               struct error *error);
/* ERROR_UNAUTHORIZED for one that nobody has, or that does not hold any more. */
bool identity_store_find_token(struct session *session, const char *secret, moment now,
                               struct arena *arena, struct token *ret_token, struct error *error);
/* Whoever's, whether it holds or not. */
bool identity_store_find_token_by_id(struct session *session, const char *id, struct arena *arena,
                                     struct token *ret_token, struct error *error);
/* Whether the token with this id holds by now; else ERROR_UNAUTHORIZED. */
bool identity_store_check_token(struct session *session, const char *id, moment now,
                                struct arena *arena, struct error *error);
bool identity_store_list_tokens(struct session *session, size_t limit, struct arena *arena,
                                struct list *ret_tokens, struct error *error);
struct token_owned {
    struct token token;
    const char *user_email;
};
/* Of struct token_owned, newest first; before_id: the last one of the page before, or NULL. */
bool identity_store_list_tokens_of(struct session *session, const char *organization_id,
                                   const char *before_id, size_t limit, struct arena *arena,
                                   struct list *ret_tokens, struct error *error);
/* organization_id NULL: of any. ERROR_NOT_FOUND when there is none that is not revoked already. */
bool identity_store_revoke_token(struct session *session, const char *organization_id,
                                 const char *id, moment now, struct error *error);
bool identity_store_mark_used(struct session *session, const char *id, moment now,
                              struct error *error);
