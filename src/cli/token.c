#include "base/clock.h"
#include "base/text.h"
#include "cli/print.h"
#include "store/identity_store.h"
#include "store/overview_store.h"
#include "store/trail.h"

enum { MS = 1000, YEAR = 366 * 86400 };

struct token_create {
    const char *user, *label;
    struct list scope;
    int64_t expires_in; /* seconds; 0: never */
    int64_t requests_per_minute;
};
static const struct field TOKEN_CREATE_FIELDS[] = {
    FIELD(struct token_create, user, .use = REQUIRED, .about = "whom it stands for, by address"),
    FIELD(struct token_create, scope, .use = REQUIRED, .max = 16, .item_max = 40,
          .items = &TEXT_ITEM, .about = "what it may do; give it once for each scope"),
    FIELD(struct token_create, expires_in, .spelling = &SECONDS_SPELLING, .max = 100L * YEAR,
          .about = "how long it holds, such as 30d; otherwise until it is revoked"),
    FIELD(struct token_create, requests_per_minute, .min = 1, .max = TOKEN_REQUESTS_PER_MINUTE_MOST,
          .about = "what it may make; otherwise what the server's setting says"),
    FIELD(struct token_create, label, .spelling = &LINE_SPELLING, .max = 200,
          .about = "what it is for, to tell it from others"),
    {0},
};
const struct schema TOKEN_CREATE_OPTIONS = SCHEMA(struct token_create, TOKEN_CREATE_FIELDS);

struct token_row {
    const char *id, *user, *scopes, *label, *state;
    const char *token; /* only when it is made */
    int64_t requests_per_minute;
    moment created_at, expires_at, last_used_at;
};
static const struct field TOKEN_MADE_FIELDS[] = {
    FIELD(struct token_row, id, .use = SHOWN),
    FIELD(struct token_row, token, .use = SHOWN),
    FIELD(struct token_row, user, .use = SHOWN),
    FIELD(struct token_row, scopes, .use = SHOWN),
    FIELD(struct token_row, expires_at, .use = SHOWN),
    {0},
};
static const struct schema TOKEN_MADE = SCHEMA(struct token_row, TOKEN_MADE_FIELDS);
static const struct field TOKEN_ROW_FIELDS[] = {
    FIELD(struct token_row, id, .use = SHOWN),
    FIELD(struct token_row, user, .use = SHOWN),
    FIELD(struct token_row, state, .use = SHOWN),
    FIELD(struct token_row, scopes, .use = SHOWN),
    FIELD(struct token_row, requests_per_minute, .use = SHOWN | OMITTED),
    FIELD(struct token_row, created_at, .use = SHOWN),
    FIELD(struct token_row, expires_at, .use = SHOWN),
    FIELD(struct token_row, last_used_at, .use = SHOWN),
    FIELD(struct token_row, label, .use = SHOWN),
    {0},
};
static const struct schema TOKEN_ROW = SCHEMA(struct token_row, TOKEN_ROW_FIELDS);

static struct token_row row_of(const struct token *token, const char *user, struct arena *arena)
{
    const char *fault = token_fault(token, clock_now());
    return (struct token_row){
        .id = token->id,
        .user = user,
        .scopes = scope_names((unsigned)token->scopes, arena),
        .label = token->label,
        .requests_per_minute = token->requests_per_minute,
        .state = !fault                 ? "holds"
                 : token->revoked_at.ms ? "revoked"
                                        : "expired",
        .created_at = token->created_at,
        .expires_at = token->expires_at,
        .last_used_at = token->last_used_at,
    };
}

struct making {
    struct cli *cli;
    const struct user *user;
    struct token token;
    const char *secret;
};

static bool make(struct session *session, void *context, struct error *error)
{
    struct making *making = context;
    if (!identity_store_make_token(session, making->user, &making->token, making->cli->arena,
                                   &making->secret, error))
        return false;
    struct administration act = cli_act(ACT_TOKEN_CREATED, making->user->organization_id,
                                        making->token.id);
    act.detail = trail_told(&TOKEN_TOLD, &making->token, making->cli->arena);
    return trail_note(session, &act, error);
}

static bool read_scopes(struct list names, struct arena *arena, unsigned *ret_scopes,
                        struct error *error)
{
    *ret_scopes = 0;
    for (size_t i = 0; i < names.count; i++) {
        const char *name = ((const char *const *)names.items)[i];
        unsigned scope = scope_read(name);
        if (!scope)
            return fail(error, ERROR_INVALID, "", "there is no scope %s; there are: %s", name,
                        scope_names(SCOPE_ALL, arena));
        *ret_scopes |= scope;
    }
    return true;
}

bool token_create(struct cli *cli, void *options, struct error *error)
{
    const struct token_create *given = options;
    struct user user;
    unsigned scopes;
    struct making making = {
        .cli = cli,
        .user = &user,
        .token = {.label = given->label, .created_at = clock_now()},
    };
    if (!read_scopes(given->scope, cli->arena, &scopes, error) ||
        !cli_find_user(cli, given->user, &user, error))
        return false;
    making.token.scopes = scopes;
    making.token.requests_per_minute = given->requests_per_minute;
    if (given->expires_in)
        making.token.expires_at.ms = making.token.created_at.ms + given->expires_in * MS;
    if (!db_write(cli->db, make, &making, error))
        return false;
    struct token_row row = row_of(&making.token, user.email, cli->arena);
    row.token = making.secret;
    if (cli->json)
        print_object(cli, &TOKEN_MADE, &row);
    else
        puts(making.secret); /* alone, for $(outtray token create ...) */
    return true;
}

static const char *email_of(struct list users, const char *id)
{
    const struct user *user = users.items;
    for (size_t i = 0; i < users.count; i++)
        if (text_equal(user[i].id, id))
            return user[i].email;
    return NULL;
}

bool token_list(struct cli *cli, void *options, struct error *error)
{
    (void)options;
    AUTO_READING session = db_read(cli->db);
    struct list tokens, users;
    if (!identity_store_list_tokens(session, LIST_MOST, cli->arena, &tokens, error) ||
        !overview_store_users(session, LIST_MOST, cli->arena, &users, error))
        return false;
    struct token_row *rows = arena_new(cli->arena, struct token_row, tokens.count);
    for (size_t i = 0; i < tokens.count; i++) {
        const struct token *token = &((const struct token *)tokens.items)[i];
        rows[i] = row_of(token, email_of(users, token->user_id), cli->arena);
    }
    print_list(cli, &TOKEN_ROW, (struct list){rows, tokens.count});
    return true;
}

static bool revoke(struct session *session, void *context, struct error *error)
{
    AUTO_ARENA arena = arena_create();
    const char *const *id = context;
    struct token token;
    if (!identity_store_revoke_token(session, NULL, *id, clock_now(), error) ||
        !identity_store_find_token_by_id(session, *id, arena, &token, error))
        return false;
    struct administration act = cli_act(ACT_TOKEN_REVOKED, token.organization_id, *id);
    act.detail = trail_told(&TOKEN_TOLD, &token, arena);
    return trail_note(session, &act, error);
}

bool token_revoke(struct cli *cli, void *options, struct error *error)
{
    (void)options;
    const char *id;
    if (!cli_read_id(cli, cli_word(cli, 0), &id, error) || !db_write(cli->db, revoke, &id, error))
        return false;
    clock_sleep_ms(IDENTITY_REVOKED_AFTER_MS); /* a running server may have asked just before */
    if (!cli->json)
        printf("token %s is revoked\n", id);
    return true;
}
