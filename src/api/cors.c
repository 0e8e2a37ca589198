#include "api/cors.h"

#include <string.h>

#include "base/text.h"

/* What callers send, and what they may read beyond the few that any page may. */
#define SENT \
    "Authorization, Content-Type, If-Match, If-None-Match, Idempotency-Key, Prefer, X-Request-Id"
#define READ \
    "ETag, Location, Retry-After, Preference-Applied, Idempotent-Replayed, X-Request-Id, " \
    "X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, X-Outtray-Content-SHA256, " \
    "Content-Disposition, WWW-Authenticate"
#define ASKED_AGAIN_AFTER_S "600"

static bool allows_all(const struct request *request)
{
    return text_equal(request->api->settings.cors_origins, "*");
}

/* An origin is compared as it stands (RFC 6454, 6.2): the setting has them as browsers do. */
static bool allows(const struct request *request, const char *origin)
{
    size_t size = strlen(origin);
    const char *at = text_or(request->api->settings.cors_origins, "");
    while (*(at += strspn(at, ", "))) {
        size_t length = strcspn(at, ", ");
        if (length == size && !memcmp(at, origin, size))
            return true;
        at += length;
    }
    return allows_all(request);
}

static const char *allowed_origin(const struct request *request)
{
    const char *origin = http_header(request->exchange, "Origin");
    return origin && allows(request, origin) ? origin : NULL;
}

void cors_begin(struct request *request)
{
    struct http_exchange *exchange = request->exchange;
    if (!request->api->settings.cors_origins)
        return;
    if (!allows_all(request))
        http_reply_header(exchange, "Vary", "Origin"); /* to another it says something else */
    const char *origin = allowed_origin(request);
    if (!origin)
        return;
    http_reply_header(exchange, "Access-Control-Allow-Origin", allows_all(request) ? "*" : origin);
    http_reply_header(exchange, "Access-Control-Expose-Headers", READ);
}

bool cors_is_asked(const struct request *request)
{
    struct http_exchange *exchange = request->exchange;
    return text_equal(http_method(exchange), "OPTIONS") && request->allow &&
           http_header(exchange, "Access-Control-Request-Method") && allowed_origin(request);
}

void cors_answer(struct request *request)
{
    struct http_exchange *exchange = request->exchange;
    http_reply_header(exchange, "Access-Control-Allow-Methods", request->allow);
    http_reply_header(exchange, "Access-Control-Allow-Headers", SENT);
    http_reply_header(exchange, "Access-Control-Max-Age", ASKED_AGAIN_AFTER_S);
    reply_nothing(request);
}
