#include <string.h>

#include "api/handlers.h"
#include "api/views.h"
#include "base/log.h"
#include "base/text.h"
#include "grant/consent.h"

static const char RETURN_PATH[] = "/api/email/oauth/callback";

static struct consent_place place_of(const struct request *request)
{
    const struct api *api = request->api;
    return (struct consent_place){&api->settings.provider, &api->settings.key, api->db,
                                  request_act(request, ACT_MAILBOX_CONNECTED, NULL)};
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
        .redirect_url = arena_format(request->arena, "%s%s", request->api->settings.public_url,
                                     RETURN_PATH),
        .hint = query.login_hint,
    };
    if (!consent_ask(&place, &wish, request->arena, &started.auth_url, error))
        return false;
    http_reply_header(request->exchange, "Cache-Control", "no-store");
    reply(request, &started);
    return true;
}

/* reason: a word, or NULL when it went well. */
static void go_to_console(struct request *request, const char *provider, const char *reason)
{
    const char *url = arena_format(
        request->arena, "%s/settings?provider=%s&status=%s%s%s", request->api->settings.console_url,
        provider, reason ? "error" : "success", reason ? "&reason=" : "", text_or(reason, ""));
    http_reply_header(request->exchange, "Location", url);
    http_reply_header(request->exchange, "Cache-Control", "no-store");
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

/* Whoever comes here has no token but a state, which stands for the user who was sent away. What
 * went wrong he learns from the console: nothing but a browser looks at this reply. */
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
    const struct consent_return back = {query.state, query.code, query.error, query.issuer};
    if (!consent_take(&place, &back, request->arena, &end, &why)) {
        const char *reason = reason_of(&why, request->arena);
        tell_failure(&end, reason, &why);
        go_to_console(request, end.provider, reason);
        return true;
    }
    grants_forget(request->api->settings.grants, end.account.id);
    bell_ring(request->api->bell, "due");
    go_to_console(request, end.provider, NULL);
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
