#include "provider/oauth.h"

#include <assert.h>
#include <string.h>

#include "base/secret.h"
#include "base/text.h"
#include "provider/oauth_call.h"

enum {
    REPLY_BYTES = 64 * 1024,
    CONNECT_MS = 10 * 1000,
    ANSWER_MS = 30 * 1000, /* a sign-in that takes longer is not there */
    SHA256_SIZE = 32,
};

static const char *const ISSUERS[] = {
    [PROVIDER_GMAIL] = "https://accounts.google.com",
    [PROVIDER_OUTLOOK] = "https://login.microsoftonline.com",
};

bool oauth_is_for(enum provider_kind kind)
{
    return kind == PROVIDER_GMAIL || kind == PROVIDER_OUTLOOK;
}

const char *oauth_name(enum provider_kind kind)
{
    return kind == PROVIDER_GMAIL ? "Google" : "Microsoft";
}

static const struct oauth_client *client_of(const struct provider_settings *settings,
                                            enum provider_kind kind)
{
    assert(oauth_is_for(kind));
    return kind == PROVIDER_GMAIL ? &settings->google : &settings->microsoft;
}

bool oauth_authorize_url(const struct provider_settings *settings, enum provider_kind kind,
                         const char *redirect_url, const char *state, const char *challenge,
                         const char *hint, struct arena *arena, const char **ret_url,
                         struct error *error)
{
    const struct oauth_client *client = client_of(settings, kind);
    bool is_google = kind == PROVIDER_GMAIL;
    if (!client->id)
        return fail(error, ERROR_INVALID, "provider",
                    "is not set up on this server: its settings lack %s_client_id",
                    is_google ? "google" : "microsoft");
    const struct url_pair pairs[] = {
        {"response_type", "code"},
        {"client_id", client->id},
        {"redirect_uri", redirect_url},
        {"scope", oauth_scopes(kind)},
        {"state", state},
        {"code_challenge", challenge},
        {"code_challenge_method", "S256"},
        /* Google gives a refresh token only for these two, the second time too. */
        {"access_type", is_google ? "offline" : NULL},
        {"prompt", is_google ? "consent"
                   : hint    ? NULL
                             : "select_account"},
        {"include_granted_scopes", is_google ? "true" : NULL},
        {"response_mode", is_google ? NULL : "query"},
        {"login_hint", hint},
        {0},
    };
    *ret_url = url_form_append(client->authorize_url, pairs, arena);
    return true;
}

static unsigned digit(char hex)
{
    return (unsigned)(hex <= '9' ? hex - '0' : hex - 'a' + 10);
}

const char *oauth_challenge(const char *verifier, struct arena *arena)
{
    unsigned char hash[SHA256_SIZE];
    const char *hex = secret_sha256(verifier, strlen(verifier), arena);
    for (size_t i = 0; i < sizeof hash; i++)
        hash[i] = (unsigned char)(digit(hex[2 * i]) << 4 | digit(hex[2 * i + 1]));
    char *text = text_base64(hash, sizeof hash, arena);
    for (char *at = text; *at; at++)
        *at = (char)(*at == '+' ? '-' : *at == '/' ? '_' : *at);
    text[strcspn(text, "=")] = '\0';
    return text;
}

/* How much of a URL is scheme, host and port. */
static size_t origin_size(const char *url)
{
    const char *host = strstr(url, "://");
    return host ? (size_t)(host - url) + 3 + strcspn(host + 3, "/?#") : 0;
}

static bool same_origin(const char *a, const char *b)
{
    size_t size = origin_size(a);
    return size && size == origin_size(b) && strncmp(a, b, size) == 0;
}

bool oauth_is_issuer(const struct provider_settings *settings, enum provider_kind kind,
                     const char *issuer)
{
    return !issuer || same_origin(issuer, ISSUERS[kind]) ||
           same_origin(issuer, client_of(settings, kind)->authorize_url);
}

static int64_t at_most(int64_t limit_ms, int64_t ms)
{
    return ms > 0 && ms < limit_ms ? ms : limit_ms;
}

static void client_cleanup(struct http_client **client)
{
    http_client_destroy(*client);
}
#define AUTO_CLIENT __attribute__((cleanup(client_cleanup))) struct http_client *

/* A sign-in happens once an hour, and the next call is to another host: no connection is kept. */
static bool call(const struct provider_settings *settings, struct http_request *request,
                 struct arena *arena, struct http_result *ret_result)
{
    request->body_limit = REPLY_BYTES;
    request->ca_file = settings->ca_file;
    request->connect_timeout_ms = at_most(CONNECT_MS, settings->web_timeout_ms);
    request->stall_timeout_ms = request->total_timeout_ms = at_most(ANSWER_MS,
                                                                    settings->web_timeout_ms);
    AUTO_CLIENT client = http_client_create();
    return http_client_send(client, request, arena, ret_result);
}

bool oauth_call_token(const struct provider_settings *settings, enum provider_kind kind,
                      const struct url_pair *form, struct arena *arena,
                      struct http_result *ret_result)
{
    static struct http_header headers[] = {{"Content-Type", "application/x-www-form-urlencoded"},
                                           {"Accept", "application/json"}};
    const char *body = url_form_write(form, arena);
    struct http_request request = {
        .method = "POST",
        .url = client_of(settings, kind)->token_url,
        .headers = {headers, sizeof headers / sizeof *headers},
        .body = {body, strlen(body)},
    };
    return call(settings, &request, arena, ret_result);
}

bool oauth_call_get(const struct provider_settings *settings, const char *url,
                    const char *access_token, struct arena *arena, struct http_result *ret_result)
{
    struct http_header headers[] = {
        {"Authorization", arena_format(arena, "Bearer %s", access_token)},
        {"Accept", "application/json"}};
    struct http_request request = {
        .method = "GET",
        .url = url,
        .headers = {headers, sizeof headers / sizeof *headers},
        .may_repeat = true,
    };
    return call(settings, &request, arena, ret_result);
}

static enum oauth_answer ask(const struct provider_settings *settings, enum provider_kind kind,
                             const struct url_pair *form, struct arena *arena,
                             struct oauth_tokens *ret_tokens, const char **ret_reason)
{
    struct http_result result;
    if (!client_of(settings, kind)->id) {
        *ret_reason = arena_format(arena, "%s's sign-in is not set up on this server",
                                   oauth_name(kind));
        return OAUTH_LATER;
    }
    oauth_call_token(settings, kind, form, arena, &result);
    return oauth_read_reply(&result, kind, form, arena, ret_tokens, ret_reason);
}

enum oauth_answer oauth_exchange(const struct provider_settings *settings, enum provider_kind kind,
                                 const char *code, const char *verifier, const char *redirect_url,
                                 struct arena *arena, struct oauth_tokens *ret_tokens,
                                 const char **ret_reason)
{
    const struct oauth_client *known_as = client_of(settings, kind);
    const struct url_pair form[] = {
        {"grant_type", "authorization_code"},
        {"code", code, .is_secret = true},
        {"redirect_uri", redirect_url},
        {"code_verifier", verifier, .is_secret = true},
        {"client_id", known_as->id},
        {"client_secret", known_as->secret, .is_secret = true},
        {0},
    };
    return ask(settings, kind, form, arena, ret_tokens, ret_reason);
}

enum oauth_answer oauth_refresh(const struct provider_settings *settings, enum provider_kind kind,
                                const char *refresh_token, struct arena *arena,
                                struct oauth_tokens *ret_tokens, const char **ret_reason)
{
    const struct oauth_client *known_as = client_of(settings, kind);
    const struct url_pair form[] = {
        {"grant_type", "refresh_token"},
        {"refresh_token", refresh_token, .is_secret = true},
        {"client_id", known_as->id},
        {"client_secret", known_as->secret, .is_secret = true},
        {0},
    };
    return ask(settings, kind, form, arena, ret_tokens, ret_reason);
}
