#include "api/handlers.h"
#include "api/known_tokens.h"
#include "api/spelling.h"
#include "api/views.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/text.h"
#include "store/identity_store.h"
#include "store/trail.h"

/* Who may call at all: an administrator gives tokens to users of his organization, and takes them
 * back. What a token is, is shown once. */

enum { TOKENS_MOST = 1000, LABEL_BYTES = 200, SCOPES_MOST = 16, SCOPE_BYTES = 40 };

struct token_view {
    const char *id, *user, *label, *secret;
    struct list scopes; /* of text */
    int64_t requests_per_minute;
    moment created_at, expires_at, last_used_at, revoked_at;
};
struct token_page {
    struct list tokens; /* of struct token_view */
    const char *next_cursor;
};
struct token_query {
    int64_t limit;
    const char *cursor;
};

/* clang-format off */
static const struct field VIEW_FIELDS[] = {
    FIELD(struct token_view, id, .use = SHOWN | NOT_NULL, .spelling = &UUID),
    FIELD(struct token_view, secret, .json = "token", .use = SHOWN | OMITTED,
          .about = "the secret itself; shown this once"),
    FIELD(struct token_view, user, .use = CREATE | SHOWN, .max = 254,
          .about = "whom it stands for, by address; otherwise who asks",
          .example = "\"ann@example.com\""),
    FIELD(struct token_view, label, .use = CREATE | SHOWN, .max = LABEL_BYTES, .spelling = &PLAIN,
          .about = "what it is for, to tell it from others", .example = "\"crm\""),
    FIELD(struct token_view, scopes, .use = CREATE | SHOWN | REQUIRED, .max = SCOPES_MOST,
          .item_max = SCOPE_BYTES, .items = &TEXT_ITEM,
          .example = "[\"inbox:read\", \"inbox:write\"]"),
    FIELD(struct token_view, requests_per_minute, .use = CREATE | SHOWN | OMITTED, .min = 1,
          .max = TOKEN_REQUESTS_PER_MINUTE_MOST, .about = "what it may make; otherwise what the server's setting says",
          .example = "600"),
    FIELD(struct token_view, created_at, .use = SHOWN | NOT_NULL, .spelling = &TO_THE_SECOND),
    FIELD(struct token_view, expires_at, .use = CREATE | SHOWN, .max = 64,
          .spelling = &TO_THE_SECOND, .about = "otherwise it holds until it is revoked"),
    FIELD(struct token_view, last_used_at, .use = SHOWN, .spelling = &TO_THE_SECOND),
    FIELD(struct token_view, revoked_at, .use = SHOWN, .spelling = &TO_THE_SECOND),
    {0},
};
/* clang-format on */
const struct schema TOKEN_VIEW = VIEW(struct token_view, VIEW_FIELDS, "Token");

static const struct field PAGE_FIELDS[] = {
    FIELD(struct token_page, tokens, .use = SHOWN, .items = &TOKEN_VIEW, .about = "newest first"),
    FIELD(struct token_page, next_cursor, .use = SHOWN, .about = "null: there are no more"),
    {0},
};
const struct schema TOKEN_PAGE = VIEW(struct token_page, PAGE_FIELDS, "TokenPage");

static const struct field QUERY_FIELDS[] = {
    FIELD(struct token_query, cursor, .about = "next_cursor of the page before"),
    FIELD(struct token_query, limit, .min = 1, .max = TOKENS_MOST, .preset = "100",
          .about = "how many on a page"),
    {0},
};
const struct schema TOKEN_QUERY = SCHEMA(struct token_query, QUERY_FIELDS);

static struct list scopes_shown(unsigned scopes, struct arena *arena)
{
    const char **names = arena_new(arena, const char *, SCOPES_MOST);
    size_t count = 0;
    for (unsigned scope = 1; scope <= SCOPE_ALL; scope <<= 1)
        if (scopes & scope)
            names[count++] = scope_names(scope, arena);
    return (struct list){names, count};
}

static struct token_view shown(const struct token *token, const char *user, struct arena *arena)
{
    return (struct token_view){
        .id = token->id,
        .user = user,
        .label = token->label,
        .scopes = scopes_shown((unsigned)token->scopes, arena),
        .requests_per_minute = token->requests_per_minute,
        .created_at = token->created_at,
        .expires_at = token->expires_at,
        .last_used_at = token->last_used_at,
        .revoked_at = token->revoked_at,
    };
}

bool token_list(struct request *request, struct error *error)
{
    struct token_query query = {0};
    struct list found;
    if (!request_query(request, &query, error))
        return false;
    const char *before_id = query.cursor ? id_read(query.cursor, request->arena) : NULL;
    if (query.cursor && !before_id)
        return fail(error, ERROR_INVALID, "cursor", "is not a next_cursor that this server gave");
    size_t limit = (size_t)query.limit;
    if (!identity_store_list_tokens_of(request_reading(request), request->viewer.organization_id,
                                       before_id, limit + 1, request->arena, &found, error))
        return false;
    const struct token_owned *tokens = found.items;
    bool has_more = found.count > limit;
    found.count = has_more ? limit : found.count;
    struct token_view *views = arena_new(request->arena, struct token_view, found.count);
    for (size_t i = 0; i < found.count; i++)
        views[i] = shown(&tokens[i].token, tokens[i].user_email, request->arena);
    reply(request,
          &(struct token_page){{views, found.count}, has_more ? views[limit - 1].id : NULL});
    return true;
}

static bool read_scopes(const struct request *request, struct list names, int64_t *ret_scopes,
                        struct error *error)
{
    const char *const *items = names.items;
    unsigned scopes = 0;
    for (size_t i = 0; i < names.count; i++) {
        unsigned scope = scope_read(items[i]);
        if (!scope)
            return fail(error, ERROR_INVALID, arena_format(request->arena, "scopes[%zu]", i),
                        "must be one of: %s", scope_names(SCOPE_ALL, request->arena));
        scopes |= scope;
    }
    *ret_scopes = scopes;
    return true;
}

static bool find_user(struct request *request, const char *address, struct user *ret_user,
                      struct error *error)
{
    struct session *session = request_reading(request);
    if (!address)
        return identity_store_find_user(session, &request->viewer, request->arena, ret_user, error);
    struct error none = {0};
    if (identity_store_find_user_by_email(session, address, request->arena, ret_user, &none) &&
        text_equal(ret_user->organization_id, request->viewer.organization_id))
        return true;
    if (none.code && none.code != ERROR_NOT_FOUND) {
        *error = none;
        return false;
    }
    return fail(error, ERROR_INVALID, "user", "names nobody of this organization");
}

struct making {
    struct request *request;
    struct user user;
    struct token token;
    const char *secret;
};

static bool make_work(struct session *session, void *context, struct error *error)
{
    struct making *making = context;
    const struct request *request = making->request;
    if (!identity_store_make_token(session, &making->user, &making->token, request->arena,
                                   &making->secret, error))
        return false;
    struct administration act = request_act(request, ACT_TOKEN_CREATED, making->token.id);
    act.detail = trail_told(&TOKEN_TOLD, &making->token, request->arena);
    return trail_note(session, &act, error);
}

bool token_create(struct request *request, struct error *error)
{
    struct token_view given = {0};
    struct making making = {.request = request};
    if (!request_read(request, &given, NULL, error) ||
        !read_scopes(request, given.scopes, &making.token.scopes, error) ||
        !find_user(request, given.user, &making.user, error))
        return false;
    making.token.label = given.label;
    making.token.created_at = clock_now();
    making.token.expires_at = given.expires_at;
    making.token.requests_per_minute = given.requests_per_minute;
    if (given.expires_at.ms && given.expires_at.ms <= making.token.created_at.ms)
        return fail(error, ERROR_INVALID, "expires_at", "must be a time to come");
    if (!request_write(request, make_work, &making, error))
        return false;
    struct token_view view = shown(&making.token, making.user.email, request->arena);
    view.secret = making.secret;
    reply(request, &view);
    return true;
}

static bool revoke_work(struct session *session, void *context, struct error *error)
{
    const struct request *request = context;
    struct administration act = request_act(request, ACT_TOKEN_REVOKED, request->id);
    struct token token;
    if (!identity_store_revoke_token(session, request->viewer.organization_id, request->id, act.at,
                                     error) ||
        !identity_store_find_token_by_id(session, request->id, request->arena, &token, error))
        return false;
    act.detail = trail_told(&TOKEN_TOLD, &token, request->arena);
    return trail_note(session, &act, error);
}

bool token_revoke(struct request *request, struct error *error)
{
    if (!request_write(request, revoke_work, request, error))
        return false;
    known_tokens_forget(request->api->known_tokens, request->id);
    reply_nothing(request);
    return true;
}
