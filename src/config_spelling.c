#include "config_spelling.h"

#include <string.h>

#include "base/text.h"
#include "config.h"
#include "http/ip_address.h"
#include "typed.h"

/* With a slash at its end or without, it means the same. */
static bool read_base(const char *text, struct arena *arena, void *member, struct error *error)
{
    size_t size = strlen(text);
    while (size && text[size - 1] == '/')
        size--;
    return URL_SPELLING.read(arena_copy_bytes(arena, text, size), arena, member, error);
}

/* Some give it with what belongs to each path, as client libraries do. */
static bool read_gmail(const char *text, struct arena *arena, void *member, struct error *error)
{
    static const char API[] = "/gmail/v1";
    const char *url;
    if (!read_base(text, arena, &url, error))
        return false;
    const char *host = strstr(url, "://") + 3;
    size_t size = strlen(host), api = sizeof API - 1;
    if (size > api && text_equal(host + size - api, API))
        url = arena_copy_bytes(arena, url, strlen(url) - api);
    return read_base(url, arena, member, error);
}

/* Graph has versions: its base holds one. */
static bool read_graph(const char *text, struct arena *arena, void *member, struct error *error)
{
    const char *url, **ret_url = member;
    if (!read_base(text, arena, &url, error))
        return false;
    bool has_path = strchr(strstr(url, "://") + 3, '/');
    *ret_url = has_path ? url : arena_format(arena, "%s/v1.0", url);
    return true;
}

bool config_pauses(const char *text, int64_t ret_seconds[CONFIG_PAUSES_MOST], size_t *ret_count,
                   struct error *error)
{
    AUTO_ARENA arena = arena_create();
    size_t count = 0;
    for (text += strspn(text, " "); *text; text += strspn(text, " ")) {
        size_t size = strcspn(text, " ");
        const char *word = arena_copy_bytes(arena, text, size);
        if (count == CONFIG_PAUSES_MOST ||
            !SECONDS_SPELLING.read(word, arena, &ret_seconds[count++], error))
            return fail(error, ERROR_INVALID, "", "must be %d times such as 5m 2h 24h at most",
                        CONFIG_PAUSES_MOST);
        text += size;
    }
    *ret_count = count;
    return true;
}

static bool read_pauses(const char *text, struct arena *arena, void *member, struct error *error)
{
    int64_t seconds[CONFIG_PAUSES_MOST];
    size_t count;
    *(const char **)member = arena_copy(arena, text);
    return config_pauses(text, seconds, &count, error);
}

const struct spelling PAUSES_SPELLING = {.what = "times such as 5m 2h 24h", .read = read_pauses};

static bool read_networks(const char *text, struct arena *arena, void *member, struct error *error)
{
    struct networks networks;
    *(const char **)member = arena_copy(arena, text);
    return networks_read(text, arena, &networks, error);
}

const struct spelling NETWORKS_SPELLING = {
    .what = "addresses or networks such as 127.0.0.1 10.0.0.0/8", .read = read_networks};

/* "https:" with ":443" and "http:" with ":80" go without saying. */
static bool port_is_understood(const char *origin, const char *port)
{
    return (text_starts(origin, "https:") && text_equal(port, ":443")) ||
           (text_starts(origin, "http:") && text_equal(port, ":80"));
}

static bool port_is_one(const char *port)
{
    size_t digits = *port == ':' ? strspn(port + 1, "0123456789") : 0;
    return !*port || (digits && !port[1 + digits]);
}

/* As a browser writes it (RFC 6454, 6.2): lower case, no path. Apps have schemes of their own.
 * NULL: it is none. */
static const char *read_origin(const char *text, size_t size, struct arena *arena)
{
    size -= size && text[size - 1] == '/';
    char *origin = text_lower(arena_copy_bytes(arena, text, size), arena);
    size_t scheme = strspn(origin, "abcdefghijklmnopqrstuvwxyz0123456789+.-");
    if (!scheme || !text_starts(origin + scheme, "://") || strpbrk(origin, "@?#*\\\"<>"))
        return NULL;
    char *host = origin + scheme + strlen("://");
    char *host_end = *host == '[' ? strchr(host, ']') : NULL;
    char *port = host_end ? host_end + 1 : host + strcspn(host, ":");
    if (port == host || strchr(host, '/') || !port_is_one(port))
        return NULL;
    if (port_is_understood(origin, port))
        *port = '\0';
    return origin;
}

static bool read_origins(const char *text, struct arena *arena, void *member, struct error *error)
{
    const char **ret_origins = member, *origins = NULL;
    *ret_origins = "*";
    if (text_equal(text, "*"))
        return true;
    for (text += strspn(text, ", "); *text; text += strspn(text, ", ")) {
        size_t size = strcspn(text, ", ");
        const char *origin = read_origin(text, size, arena);
        if (!origin)
            return fail(error, ERROR_INVALID, "", "%.*s is not the origin of a page", (int)size,
                        text);
        origins = origins ? arena_format(arena, "%s %s", origins, origin) : origin;
        text += size;
    }
    *ret_origins = origins;
    return true;
}

const struct spelling ORIGINS_SPELLING = {.what = "origins such as https://app.example.com, or *",
                                          .read = read_origins};
#define BASE_WHAT "a URL such as https://mail.example.com"
const struct spelling BASE_SPELLING = {.what = BASE_WHAT, .read = read_base};
const struct spelling GMAIL_SPELLING = {.what = BASE_WHAT, .read = read_gmail};
const struct spelling GRAPH_SPELLING = {.what = BASE_WHAT, .read = read_graph};
