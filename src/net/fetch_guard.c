#include "net/fetch_guard.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "net/public_address.h"
#include "net/resolve.h"

enum { MOST_ADDRESSES = 8, PIN_SIZE_MAX = 1024 };

bool fetch_guard_admits(const struct fetch_settings *settings, const struct sockaddr *address)
{
    if (settings->allow_private)
        return true;
    return settings->may_connect ? settings->may_connect(address) : public_address_is(address);
}

bool fetch_guard_refuse(const char *what, struct error *error)
{
    return fail(error, ERROR_INVALID, "", "%s: this is not on the public internet", what);
}

static const char *address_text(const struct sockaddr_storage *address, char text[INET6_ADDRSTRLEN])
{
    struct sockaddr_in ipv4;
    struct sockaddr_in6 ipv6;
    memcpy(&ipv4, address, sizeof ipv4);
    memcpy(&ipv6, address, sizeof ipv6);
    bool is_ipv6 = address->ss_family == AF_INET6;
    const void *bytes = is_ipv6 ? (const void *)&ipv6.sin6_addr : &ipv4.sin_addr;
    return inet_ntop(address->ss_family, bytes, text, INET6_ADDRSTRLEN);
}

/* "host:port:address,address" */
static char *pin_of(const struct fetch_url *url, const struct list *addresses, struct arena *arena)
{
    const struct sockaddr_storage *items = addresses->items;
    struct buf pin = BUF(arena, PIN_SIZE_MAX);
    buf_addf(&pin, "%s:%d:", url->host, url->port);
    for (size_t i = 0; i < addresses->count && i < MOST_ADDRESSES; i++) {
        char text[INET6_ADDRSTRLEN];
        bool is_ipv6 = items[i].ss_family == AF_INET6;
        buf_addf(&pin, "%s%s%s%s", i ? "," : "", is_ipv6 ? "[" : "", address_text(&items[i], text),
                 is_ipv6 ? "]" : "");
    }
    return buf_text(&pin, &(struct error){0});
}

bool fetch_guard_look_up(const struct fetch_url *url, const char *what,
                         const struct fetch_settings *settings, int64_t deadline_ms,
                         struct arena *arena, char **ret_pin, struct error *error)
{
    bool is_literal = *url->host == '['; /* brackets are of URLs; the resolver wants none */
    const char *host = is_literal ? arena_copy_bytes(arena, url->host + 1, strlen(url->host) - 2)
                                  : url->host;
    int64_t rest_ms = deadline_ms - clock_steady_ms();
    int64_t most_ms = settings->connect_timeout_ms;
    struct list addresses;
    struct error why;
    if (!resolve_host(host, rest_ms < most_ms ? rest_ms : most_ms, arena, &addresses, &why))
        return fail(error, why.code, "", "%s: %s", what, why.message);
    const struct sockaddr_storage *items = addresses.items;
    for (size_t i = 0; i < addresses.count; i++)
        if (!fetch_guard_admits(settings, (const struct sockaddr *)&items[i]))
            return fetch_guard_refuse(what, error);
    if (!settings->allow_private && !settings->may_connect && !public_port_is_web(url->port))
        return fail(error, ERROR_INVALID, "", "%s: the port must be 80 or 443", what);
    *ret_pin = is_literal ? NULL : pin_of(url, &addresses, arena);
    return true;
}
