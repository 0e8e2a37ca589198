#include "store/identity_store.h"

#include <string.h>

#include "base/id.h"
#include "base/secret.h"
#include "store/quota_store.h"

enum { TOKEN_BYTES = 32 };

bool identity_store_insert_organization(struct session *session,
                                        const struct organization *organization,
                                        struct error *error)
{
    return db_save(session, QUERY_ORGANIZATION_INSERT, &ORGANIZATION_SCHEMA, organization, NULL,
                   NULL, error);
}

bool identity_store_insert_user(struct session *session, const struct user *user,
                                struct error *error)
{
    if (db_save(session, QUERY_USER_INSERT, &USER_SCHEMA, user, NULL, NULL, error))
        return true;
    if (error->code == ERROR_CONFLICT)
        fail(error, ERROR_CONFLICT, "email", "there is a user %s already", user->email);
    return false;
}

static bool load_user(struct session *session, enum query query, const struct param *params,
                      struct arena *arena, struct user *ret_user, struct error *error)
{
    struct list found;
    if (!db_load(session, query, params, 1, &USER_SCHEMA, arena, &found, error))
        return false;
    if (!found.count)
        return fail(error, ERROR_NOT_FOUND, "user", "there is no such user");
    *ret_user = *(struct user *)found.items;
    return true;
}

bool identity_store_find_user(struct session *session, const struct viewer *viewer,
                              struct arena *arena, struct user *ret_user, struct error *error)
{
    return load_user(
        session, QUERY_USER_BY_ID,
        PARAMS(TEXT("id", viewer->user_id), TEXT("organization_id", viewer->organization_id)),
        arena, ret_user, error);
}

bool identity_store_find_user_by_email(struct session *session, const char *email,
                                       struct arena *arena, struct user *ret_user,
                                       struct error *error)
{
    return load_user(session, QUERY_USER_BY_EMAIL, PARAMS(TEXT("email", email)), arena, ret_user,
                     error);
}

bool identity_store_count_users(struct session *session, int64_t *ret_count, struct error *error)
{
    return db_number(session, QUERY_USER_COUNT, NULL, ret_count, error);
}

bool identity_store_change_signature(struct session *session, const struct user *user,
                                     struct error *error)
{
    return db_save(session, QUERY_USER_CHANGE_SIGNATURE, &USER_SCHEMA, user, NULL, NULL, error);
}

bool identity_store_change_approval(struct session *session, const struct user *user,
                                    struct error *error)
{
    return db_save(session, QUERY_USER_CHANGE_APPROVAL, &USER_SCHEMA, user, NULL, NULL, error);
}

/* Those that have expired count no more: nobody is asked when that happens. */
static bool identity_store_count_token(struct session *session, const struct token *token,
                                       struct error *error)
{
    int64_t expired = 0;
    return db_change(session, QUERY_QUOTA_FORGET_TOKENS,
                     PARAMS(TEXT("organization_id", token->organization_id),
                            NUMBER("now", token->created_at.ms)),
                     &expired, error) &&
           quota_store_note(session, token->organization_id, QUOTA_TOKENS, -expired, error) &&
           quota_store_add_one(session, token->organization_id, QUOTA_TOKENS, 1, error);
}

static bool identity_store_count_no_more(struct session *session, const char *id,
                                         struct error *error)
{
    AUTO_ARENA arena = arena_create();
    struct list found;
    if (!db_load(session, QUERY_TOKEN_COUNT_NO_MORE, PARAMS(TEXT("id", id)), 1, &TOKEN_SCHEMA,
                 arena, &found, error))
        return false;
    const struct token *token = found.items;
    return !found.count ||
           quota_store_note(session, token->organization_id, QUOTA_TOKENS, -1, error);
}

bool identity_store_make_token(struct session *session, const struct user *user,
                               struct token *token, struct arena *arena, const char **ret_secret,
                               struct error *error)
{
    const char *secret = secret_random("ot_", TOKEN_BYTES, arena);
    struct token made = *token;
    made.id = id_new(arena);
    made.organization_id = user->organization_id;
    made.user_id = user->id;
    made.hash = secret_sha256(secret, strlen(secret), arena);
    if (!identity_store_count_token(session, &made, error) ||
        !db_save(session, QUERY_TOKEN_INSERT, &TOKEN_SCHEMA, &made, NULL, NULL, error))
        return false;
    *token = made;
    *ret_secret = secret;
    return true;
}

/* Looking a hash up says nothing of the token by its timing: 256 random bits stand behind it. */
bool identity_store_find_token(struct session *session, const char *secret, moment now,
                               struct arena *arena, struct token *ret_token, struct error *error)
{
    struct list found;
    const char *hash = secret_sha256(secret, strlen(secret), arena);
    if (!db_load(session, QUERY_TOKEN_BY_HASH, PARAMS(TEXT("hash", hash)), 1, &TOKEN_SCHEMA, arena,
                 &found, error))
        return false;
    if (!found.count)
        return fail(error, ERROR_UNAUTHORIZED, "", "the token is not known here");
    const struct token *token = found.items;
    const char *fault = token_fault(token, now);
    if (fault)
        return fail(error, ERROR_UNAUTHORIZED, "", "%s", fault);
    *ret_token = *token;
    return true;
}

bool identity_store_find_token_by_id(struct session *session, const char *id, struct arena *arena,
                                     struct token *ret_token, struct error *error)
{
    struct list found;
    if (!db_load(session, QUERY_TOKEN_BY_ID, PARAMS(TEXT("id", id)), 1, &TOKEN_SCHEMA, arena,
                 &found, error))
        return false;
    if (!found.count)
        return fail(error, ERROR_NOT_FOUND, "token", "no token has the id %s", id);
    *ret_token = *(const struct token *)found.items;
    return true;
}

bool identity_store_check_token(struct session *session, const char *id, moment now,
                                struct arena *arena, struct error *error)
{
    struct token token;
    if (!identity_store_find_token_by_id(session, id, arena, &token, error))
        return error->code == ERROR_NOT_FOUND
                   ? fail(error, ERROR_UNAUTHORIZED, "", "the token is not known here")
                   : false;
    const char *fault = token_fault(&token, now);
    return !fault || fail(error, ERROR_UNAUTHORIZED, "", "%s", fault);
}

bool identity_store_list_tokens(struct session *session, size_t limit, struct arena *arena,
                                struct list *ret_tokens, struct error *error)
{
    return db_load(session, QUERY_TOKEN_LIST, NULL, limit, &TOKEN_SCHEMA, arena, ret_tokens, error);
}

#define OWNED(member) \
    { \
        .name = #member, .kind = KIND_OF(struct token_owned, token.member), .use = STORED, \
        .offset = offsetof(struct token_owned, token.member) \
    }
static const struct field OWNED_FIELDS[] = {
    OWNED(id),
    OWNED(user_id),
    OWNED(label),
    OWNED(scopes),
    OWNED(requests_per_minute),
    OWNED(created_at),
    OWNED(expires_at),
    OWNED(last_used_at),
    OWNED(revoked_at),
    FIELD(struct token_owned, user_email, .use = STORED),
    {0},
};
#undef OWNED
static const struct schema OWNED_SCHEMA = SCHEMA(struct token_owned, OWNED_FIELDS);

bool identity_store_list_tokens_of(struct session *session, const char *organization_id,
                                   const char *before_id, size_t limit, struct arena *arena,
                                   struct list *ret_tokens, struct error *error)
{
    static const char BEHIND_ALL_IDS[] = "g";
    return db_load(session, QUERY_TOKEN_LIST_OF_ORGANIZATION,
                   PARAMS(TEXT("organization_id", organization_id),
                          TEXT("before_id", before_id ? before_id : BEHIND_ALL_IDS),
                          NUMBER("limit", (int64_t)limit)),
                   limit, &OWNED_SCHEMA, arena, ret_tokens, error);
}

bool identity_store_revoke_token(struct session *session, const char *organization_id,
                                 const char *id, moment now, struct error *error)
{
    int64_t changed = 0;
    if (!db_change(session, QUERY_TOKEN_REVOKE,
                   PARAMS(TEXT("id", id), TEXT("organization_id", organization_id),
                          NUMBER("revoked_at", now.ms)),
                   &changed, error))
        return false;
    return changed ? identity_store_count_no_more(session, id, error)
                   : fail(error, ERROR_NOT_FOUND, "token", "no token that holds has the id %s", id);
}

bool identity_store_mark_used(struct session *session, const char *id, moment now,
                              struct error *error)
{
    return db_change(session, QUERY_TOKEN_USED,
                     PARAMS(TEXT("id", id), NUMBER("last_used_at", now.ms)), NULL, error);
}
