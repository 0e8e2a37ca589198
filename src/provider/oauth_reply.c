/* What a token endpoint's reply means (RFC 6749 5.1 and 5.2). */
#include <string.h>

#include "base/text.h"
#include "provider/oauth_call.h"
#include "json/json.h"

enum {
    OK = 200,
    REQUEST_TIMEOUT = 408,
    TOO_MANY = 429,
    SERVER_FAULT = 500,
    CLIENT_FAULT = 400,
    QUOTE_BYTES = 200,
    CODE_BYTES = 64,
    TOKEN_BYTES = 16 * 1024,
    LIFETIME_UNSAID = 300, /* seconds */
    LIFETIME_MOST = 24 * 60 * 60,
};

struct reply { /* success and failure in one: only what is needed of either */
    const char *access_token, *token_type, *refresh_token, *scope;
    int64_t expires_in;
    const char *error, *error_description;
};
static const struct field REPLY_FIELDS[] = {
    FIELD(struct reply, access_token, .use = STORED),
    FIELD(struct reply, token_type, .use = STORED),
    FIELD(struct reply, refresh_token, .use = STORED),
    FIELD(struct reply, scope, .use = STORED),
    FIELD(struct reply, expires_in, .use = STORED),
    FIELD(struct reply, error, .use = STORED),
    FIELD(struct reply, error_description, .use = STORED),
    {0},
};
static const struct schema REPLY = SCHEMA(struct reply, REPLY_FIELDS);

/* With these a person is needed; any other may pass, or is the operator's to mend. */
static const char *const DEAD[] = {
    "invalid_grant",    "interaction_required",       "login_required",
    "consent_required", "account_selection_required", NULL,
};

/* Microsoft says invalid_grant also where its service is at fault, or where it was asked too often;
 * its number tells them apart. */
static const char *const PASSING[] = {
    "AADSTS50000:", /* the token could not be issued */
    "AADSTS50196:", /* asked in a loop */
    "AADSTS90006:", /* a service behind it failed */
    "AADSTS90033:", /* a service behind it is not there for the moment */
    "AADSTS90055:", /* too many requests */
    NULL,
};

static const char BY_ADMINISTRATOR[] =
    "an administrator of the account's organization must allow this "
    "app";
static const char BY_OPERATOR[] =
    "the operator must put this server's client id and secret right, here "
    "or with the provider";

/* No matter of the grant. The first row that fits the error, or the start of what is said of it. */
static const struct oauth_trouble {
    const char *code, *start; /* NULL: any */
    const char *remedy;
} TROUBLES[] = {
    {"admin_policy_enforced", NULL, BY_ADMINISTRATOR},
    {"org_internal", NULL,
     "the app is for its own organization only: the operator must open it to others, or the user "
     "take "
     "an account of it"},
    {"access_denied", NULL, BY_ADMINISTRATOR},
    {NULL, "AADSTS700016:", BY_ADMINISTRATOR}, /* no such app in this directory */
    {NULL, "AADSTS500011:", BY_ADMINISTRATOR},
    {NULL, "AADSTS650052:", BY_ADMINISTRATOR},
    {NULL, "AADSTS50105:", BY_ADMINISTRATOR}, /* the user is not assigned to it */
    {NULL, "AADSTS90094:", BY_ADMINISTRATOR},
    {NULL, "AADSTS90002:", BY_OPERATOR}, /* no such tenant */
    {"deleted_client", NULL, BY_OPERATOR},
    {"disabled_client", NULL, BY_OPERATOR},
    {"invalid_client", NULL, BY_OPERATOR},
    {"unauthorized_client", NULL, BY_OPERATOR},
    {"invalid_scope", NULL, BY_OPERATOR},
    {"unsupported_grant_type", NULL, BY_OPERATOR},
};

static const struct oauth_trouble *oauth_trouble_of(const struct reply *reply)
{
    for (size_t i = 0; i < sizeof TROUBLES / sizeof *TROUBLES; i++)
        if (TROUBLES[i].code
                ? text_equal(reply->error, TROUBLES[i].code)
                : text_starts(text_or(reply->error_description, ""), TROUBLES[i].start))
            return &TROUBLES[i];
    return NULL;
}

static bool is_among(const char *text, const char *const *names)
{
    while (*names && !text_equal(text, *names))
        names++;
    return *names;
}

static bool starts_among(const char *text, const char *const *starts)
{
    while (*starts && !text_starts(text, *starts))
        starts++;
    return *starts;
}

static bool repeats(const char *said, const struct url_pair *form)
{
    for (; form->name; form++)
        if (form->is_secret && !text_is_empty(form->value) && strstr(said, form->value))
            return true;
    return false;
}

const char *oauth_quote(const char *said, const struct url_pair *form, struct arena *arena)
{
    if (text_is_empty(said) || repeats(said, form))
        return NULL;
    size_t size = 0;
    while (size < QUOTE_BYTES && (unsigned char)said[size] >= ' ' && said[size] != 0x7F)
        size++;
    size = text_utf8_size(said, size); /* not in the middle of a letter */
    return size ? arena_copy_bytes(arena, said, size) : NULL;
}

/* VSCHAR of RFC 6749: nothing that could break a header or a form. */
static bool is_token(const char *text)
{
    size_t size = 0;
    while (size <= TOKEN_BYTES && text[size] > ' ' && text[size] < 0x7F)
        size++;
    return size && size <= TOKEN_BYTES && !text[size];
}

static bool is_error_code(const char *text)
{
    static const char LETTERS[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
    return !text_is_empty(text) && strlen(text) <= CODE_BYTES && !text[strspn(text, LETTERS)];
}

static int64_t lifetime(int64_t expires_in)
{
    if (expires_in <= 0)
        return LIFETIME_UNSAID;
    return expires_in < LIFETIME_MOST ? expires_in : LIFETIME_MOST;
}

static enum oauth_answer read_grant(const struct reply *reply, const char *name,
                                    struct arena *arena, struct oauth_tokens *ret_tokens,
                                    const char **ret_reason)
{
    bool is_bearer = !reply->token_type || text_equal_nocase(reply->token_type, "Bearer");
    if (!reply->access_token || !is_bearer || !is_token(reply->access_token) ||
        (reply->refresh_token && !is_token(reply->refresh_token))) {
        *ret_reason = arena_format(arena, "%s's sign-in gave no token that could be used", name);
        return OAUTH_LATER;
    }
    *ret_tokens = (struct oauth_tokens){
        .access_token = reply->access_token,
        .refresh_token = reply->refresh_token,
        .expires_in = lifetime(reply->expires_in),
        .scopes = reply->scope,
    };
    return OAUTH_GRANTED;
}

static bool is_refusal(int64_t status)
{
    return status >= CLIENT_FAULT && status < SERVER_FAULT && status != REQUEST_TIMEOUT &&
           status != TOO_MANY;
}

static enum oauth_answer read_refusal(const struct reply *reply, int64_t status, const char *name,
                                      const struct url_pair *form, struct arena *arena,
                                      const char **ret_reason)
{
    const char *said = oauth_quote(reply->error_description, form, arena);
    bool is_meant = is_refusal(status) &&
                    !starts_among(text_or(reply->error_description, ""), PASSING);
    bool is_dead = is_meant && is_among(reply->error, DEAD);
    const struct oauth_trouble *trouble = is_meant && !is_dead ? oauth_trouble_of(reply) : NULL;
    *ret_reason = arena_format(arena, "%s's sign-in answered %s%s%s%s%s%s", name, reply->error,
                               said ? " (" : "", text_or(said, ""), said ? ")" : "",
                               trouble ? "; " : "", trouble ? trouble->remedy : "");
    return is_dead ? OAUTH_DEAD : trouble ? OAUTH_HELD : OAUTH_LATER;
}

enum oauth_answer oauth_read_reply(const struct http_result *result, enum provider_kind kind,
                                   const struct url_pair *form, struct arena *arena,
                                   struct oauth_tokens *ret_tokens, const char **ret_reason)
{
    const char *name = oauth_name(kind);
    struct reply reply = {0};
    struct error error;
    if (result->phase != HTTP_REPLIED) {
        *ret_reason = arena_format(arena, "%s's sign-in did not answer: %s", name,
                                   text_or(result->message, "the connection broke"));
        return OAUTH_LATER;
    }
    bool is_read = !result->is_cut &&
                   json_read(result->body, &REPLY, STORED, arena, &reply, NULL, &error);
    if (is_read && result->status == OK)
        return read_grant(&reply, name, arena, ret_tokens, ret_reason);
    if (is_read && result->status != OK && is_error_code(reply.error) &&
        !repeats(reply.error, form))
        return read_refusal(&reply, result->status, name, form, arena, ret_reason);
    *ret_reason = arena_format(arena, "%s's sign-in answered with status %lld%s", name,
                               (long long)result->status,
                               result->status == OK ? " and nothing that could be read" : "");
    return OAUTH_LATER;
}
