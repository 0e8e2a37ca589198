#include "net/fetch.h"

#include <assert.h>

#include "base/clock.h"
#include "net/fetch_hop.h"

static bool follow(struct fetch_url *url, const char *location,
                   const struct fetch_settings *settings, struct arena *arena, struct error *error)
{
    struct fetch_url next;
    struct error why;
    if (!fetch_url_follow(url, location, settings->ascii_host, arena, &next, &why))
        return fail(error, ERROR_INVALID, "", "the URL redirects to a place that is not taken: %s",
                    why.message);
    if (url->is_secure && !next.is_secure)
        return fail(error, ERROR_INVALID, "", "the URL redirects from https to http");
    *url = next;
    return true;
}

bool fetch_run(const char *url, const struct fetch_settings *settings, const struct sink *sink,
               struct arena *arena, struct fetched *ret_fetched, struct error *error)
{
    assert(settings->connect_timeout_ms > 0 && settings->stall_timeout_ms > 0 &&
           settings->total_timeout_ms > 0);
    int64_t deadline_ms = clock_steady_ms() + settings->total_timeout_ms;
    struct fetch_url at;
    if (!fetch_url_read(url, settings->ascii_host, arena, &at, error))
        return false;
    for (int redirects = 0; redirects <= FETCH_REDIRECTS_MAX; redirects++) {
        const char *what = redirects ? "where the URL redirects to" : at.host;
        struct fetch_hop hop;
        if (!fetch_hop_run(&at, what, settings, sink, deadline_ms, arena, &hop, error))
            return false;
        if (!hop.location) {
            *ret_fetched = hop.fetched;
            ret_fetched->name = fetch_url_name(&at, arena);
            return true;
        }
        if (!follow(&at, hop.location, settings, arena, error))
            return false;
    }
    return fail(error, ERROR_INVALID, "", "the URL redirects more than %d times",
                FETCH_REDIRECTS_MAX);
}
