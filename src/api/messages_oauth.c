#include <string.h>

#include "api/handlers.h"
#include "api/views.h"
#include "base/log.h"
#include "base/text.h"
#include "grant/consent.h"
#include "store/identity_store.h"

static const char RETURN_PATH[] = "/api/email/oauth/callback";

static struct consent_place place_of(const struct request *request)
{
    const struct api *api = request->api;
    return (struct consent_place){&api->settings.provider, &api->settings.key, api->db,
                                  request_act(request, ACT_MAILBOX_CONNECTED, NULL)};
}

static const char *return_url(const struct request *request)
{
    return arena_format(request->arena, "%s%s", request->api->settings.public_url, RETURN_PATH);
}

bool oauth_start(struct request *request, struct error *error)
{
    struct oauth_query query = {0};
    struct oauth_started started;
    struct consent_place place = place_of(request);
    if (!request_query(request, &query, error))
        return false;
    const struct consent_wish wish = {
        .provider = query.provider,
        .organization_id = request->viewer.organization_id,
        .user_id = request->viewer.user_id,
        .redirect_url = return_url(request),
        .hint = query.login_hint,
    };
    if (!consent_ask(&place, &wish, request->arena, &started.auth_url, error))
        return false;
    reply(request, &started);
    return true;
}

/* reason: a word, or NULL when it went well. */
static void go_to_console(struct request *request, const struct consent_end *end,
                          const char *reason)
{
    const char *more = reason ? "&reason=" : end->completion ? "&completion=" : "";
    const char *url = arena_format(request->arena, "%s/settings?provider=%s&status=%s%s%s",
                                   request->api->settings.console_url, end->provider,
                                   reason ? "error" : "success", more,
                                   reason ? reason : text_or(end->completion, ""));
    http_reply_header(request->exchange, "Location", url);
    http_reply_header(request->exchange, "Referrer-Policy", "no-referrer"); /* the URL has a code */
    reply_bytes(request, request->route->status, NULL, (struct bytes){"", 0});
}

static const char *reason_of(const struct error *error, struct arena *arena)
{
    if (*error->field)
        return arena_copy(arena, error->field);
    return error->code == ERROR_FULL ? "storage_full" : "server_error";
}

static void tell_failure(const struct consent_end *end, const char *reason,
                         const struct error *error)
{
    bool is_ours = !*error->field;
    LOG(is_ours ? LOG_ERROR : LOG_WARNING, "sign_in_failed", LOG_TEXT("provider", end->provider),
        LOG_TEXT("reason", reason), LOG_TEXT("message", error->message));
}

/* A mailbox has been signed in to. */
static void note_sign_in(struct request *request, const struct account *account)
{
    grants_forget(request->api->settings.grants, account->id);
    bell_ring(request->api->bell, "due");
}

/* Whoever comes here has no token but a state, which says who began, and not whose browser this is:
 * so nothing is connected yet, unless the operator wants it. What went wrong the console tells:
 * nothing but a browser looks at this reply. */
bool oauth_return(struct request *request, struct error *error)
{
    struct oauth_return query = {0};
    struct consent_place place = place_of(request);
    struct consent_end end;
    struct error why = {0};
    if (!text_equal(http_method(request->exchange), "GET")) {
        request->allow = "GET";
        return fail(error, ERROR_METHOD, "", "a sign-in ends once, and not by HEAD");
    }
    if (!request_query(request, &query, error))
        return false;
    const struct consent_return back = {return_url(request), query.state, query.code, query.error,
                                        query.issuer};
    bool is_automatic = request->api->settings.completes_sign_ins;
    bool is_done = is_automatic ? consent_take(&place, &back, request->arena, &end, &why)
                                : consent_park(&place, &back, request->arena, &end, &why);
    const char *reason = is_done ? NULL : reason_of(&why, request->arena);
    if (!is_done)
        tell_failure(&end, reason, &why);
    else if (is_automatic)
        note_sign_in(request, &end.account);
    go_to_console(request, &end, reason);
    return true;
}

/* What a completion fails of, in words of this request. */
static bool oauth_fail(const struct error *why, struct error *error)
{
    if (text_equal(why->field, "completion") || why->code != ERROR_INVALID)
        return fail(error, why->code, why->code == ERROR_NOT_FOUND ? "completion" : "", "%s",
                    why->message);
    return fail(error, ERROR_INVALID, "completion", "cannot be used, sign in again: %s",
                why->message);
}

bool oauth_complete(struct request *request, struct error *error)
{
    struct oauth_completion given = {0};
    struct consent_place place = place_of(request);
    struct consent_end end;
    struct user user;
    struct error why = {0};
    if (!request_read(request, &given, NULL, error) ||
        !identity_store_find_user(request_reading(request), &request->viewer, request->arena, &user,
                                  error))
        return false;
    request_stop_reading(request);
    if (!consent_complete(&place, given.completion, request->viewer.user_id, request->arena, &end,
                          &why)) {
        if (!text_equal(why.field, "completion"))
            tell_failure(&end, reason_of(&why, request->arena), &why);
        return oauth_fail(&why, error);
    }
    note_sign_in(request, &end.account);
    struct oauth_completed completed = {account_shown_of(&end.account, request->arena), user.email};
    completed.account.owner_email = user.email;
    reply(request, &completed);
    return true;
}

static const char *const OAUTH_PROVIDERS[] = {
    [PROVIDER_SANDBOX] = "",
    [PROVIDER_SMTP] = "",
    [PROVIDER_GMAIL] = "gmail",
    [PROVIDER_OUTLOOK] = "outlook",
    NULL,
};

static const struct field QUERY_FIELDS[] = {
    NAME_FIELD(struct oauth_query, provider, OAUTH_PROVIDERS, .use = CREATE | REQUIRED,
               .example = "\"gmail\""),
    FIELD(struct oauth_query, login_hint, .json = "loginHint", .use = CREATE, .max = 320,
          .about = "the address that is going to be signed in to",
          .example = "\"you@example.com\""),
    {0},
};
const struct schema OAUTH_QUERY = SCHEMA(struct oauth_query, QUERY_FIELDS);

static const struct field STARTED_FIELDS[] = {
    FIELD(struct oauth_started, auth_url, .json = "authUrl", .use = SHOWN | NOT_NULL,
          .about = "where a browser is to be sent; good for ten minutes",
          .example = "\"https://accounts.google.com/o/oauth2/v2/auth?...\""),
    {0},
};
const struct schema OAUTH_STARTED = VIEW(struct oauth_started, STARTED_FIELDS, "SignInStarted");

enum { COMPLETION_BYTES = 128 };
static const struct field COMPLETION_FIELDS[] = {
    FIELD(struct oauth_completion, completion, .use = CREATE | REQUIRED, .max = COMPLETION_BYTES,
          .about = "as the console was given it; good once, and for ten minutes",
          .example = "\"oc_...\""),
    {0},
};
const struct schema OAUTH_COMPLETION = VIEW(struct oauth_completion, COMPLETION_FIELDS,
                                            "SignInCompletion");

static const struct field COMPLETED_FIELDS[] = {
    OBJECT_FIELD("account", offsetof(struct oauth_completed, account), &ACCOUNT_CHANGE,
                 .use = SHOWN | NOT_NULL),
    FIELD(struct oauth_completed, user, .use = SHOWN | NOT_NULL,
          .about = "whose mailbox it is now, by address", .example = "\"you@example.com\""),
    {0},
};
const struct schema OAUTH_COMPLETED = VIEW(struct oauth_completed, COMPLETED_FIELDS,
                                           "SignInCompleted");

enum { RETURNED_BYTES = 4096 };
static const struct field RETURN_FIELDS[] = {
    FIELD(struct oauth_return, state, .use = CREATE, .max = RETURNED_BYTES,
          .about = "as it was in authUrl"),
    FIELD(struct oauth_return, code, .use = CREATE, .max = RETURNED_BYTES,
          .about = "what the provider gives for a consent"),
    FIELD(struct oauth_return, error, .use = CREATE, .max = RETURNED_BYTES,
          .about = "what it gives instead"),
    FIELD(struct oauth_return, issuer, .json = "iss", .use = CREATE, .max = RETURNED_BYTES,
          .about = "who the provider is (RFC 9207)"),
    {0},
};
const struct schema OAUTH_RETURN = SCHEMA(struct oauth_return, RETURN_FIELDS);
