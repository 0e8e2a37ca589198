#include "api/limiting.h"

#include "api/rate_limit.h"
#include "base/clock.h"

static void say(struct request *request, const char *name, int64_t number)
{
    http_reply_header(request->exchange, name,
                      arena_format(request->arena, "%lld", (long long)number));
}

static int64_t seconds(int64_t ms) /* never too short */
{
    return (ms + 999) / 1000;
}

bool limiting_take(struct request *request, const struct token *token, struct error *error)
{
    int64_t setting = request->api->settings.requests_per_minute;
    struct rate rate = rate_limit_take(request->api->rate_limit, token->id,
                                       token_requests_per_minute(token, setting),
                                       clock_steady_us());
    if (!rate.per_minute)
        return true;
    say(request, "X-RateLimit-Limit", rate.per_minute);
    say(request, "X-RateLimit-Remaining", rate.remaining);
    say(request, "X-RateLimit-Reset", seconds(clock_now().ms + rate.full_in_ms));
    request->retry_after_s = seconds(rate.refused_for_ms);
    return !rate.refused_for_ms ||
           fail(error, ERROR_TOO_MANY, "", "this token may make %lld requests a minute",
                (long long)rate.per_minute);
}

void limiting_tell(struct request *request)
{
    int64_t setting = request->api->settings.requests_per_minute;
    if (!setting)
        return;
    say(request, "X-RateLimit-Limit", setting);
    say(request, "X-RateLimit-Remaining", setting);
    say(request, "X-RateLimit-Reset", seconds(clock_now().ms));
}
