#include "notice/notice_url.h"

#include <string.h>

#include "mime/domain.h"
#include "net/fetch_url.h"
#include "net/public_address.h"
#include "net/resolve.h"

enum { LOOK_UP_MS = 5000 };

static bool is_public(const struct fetch_url *url, struct arena *arena)
{
    struct error not_found;
    struct list addresses;
    bool is_literal = *url->host == '['; /* brackets are of URLs; the resolver wants none */
    const char *host = is_literal ? arena_copy_bytes(arena, url->host + 1, strlen(url->host) - 2)
                                  : url->host;
    if (!resolve_host(host, LOOK_UP_MS, arena, &addresses, &not_found))
        return true;
    const struct sockaddr_storage *items = addresses.items;
    for (size_t i = 0; i < addresses.count; i++)
        if (!public_address_is((const struct sockaddr *)&items[i]))
            return false;
    return true;
}

bool notice_url_check(const char *url, const struct notice_settings *settings, struct arena *arena,
                      const char **ret_text, struct error *error)
{
    struct fetch_url read;
    struct error why;
    if (!fetch_url_read(url, domain_read, arena, &read, &why))
        return fail(error, ERROR_INVALID, "url", "cannot be used: %s", why.message);
    if (!settings->allow_private && !read.is_secure)
        return fail(error, ERROR_INVALID, "url", "must begin with https://");
    if (!settings->allow_private && !is_public(&read, arena))
        return fail(error, ERROR_INVALID, "url", "leads to no place on the public internet");
    if (!settings->allow_private && !public_port_is_web(read.port))
        return fail(error, ERROR_INVALID, "url", "must have port 443 or 80, or name none");
    *ret_text = read.text;
    return true;
}
