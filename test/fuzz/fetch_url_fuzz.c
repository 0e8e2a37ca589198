/* Whatever a stranger writes is refused, or becomes one spelling of a URL: read again it is the
 * same, its host has no other way to be understood, and its name is text without a slash. */
#include <arpa/inet.h>
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "net/fetch_url.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Makes anything of anything, as no reader of domains would. */
static const char *ascii_host(const char *host, struct arena *arena)
{
    char *ascii = arena_copy(arena, host);
    for (char *at = ascii; *at; at++)
        *at = (char)(*at & 0x7F);
    return ascii;
}

static void check_host(const char *host)
{
    struct in_addr address;
    char text[INET_ADDRSTRLEN];
    assert(*host && host[strlen(host) - 1] != '.');
    for (const char *at = host; *at; at++)
        assert(strchr("abcdefghijklmnopqrstuvwxyz0123456789-_.:[]", *at));
    if (inet_aton(host, &address)) {
        assert(inet_ntop(AF_INET, &address, text, sizeof text));
        assert(text_equal(host, text));
    }
}

static void check(const struct fetch_url *url, struct arena *arena)
{
    struct fetch_url again;
    struct error error;
    check_host(url->host);
    assert(text_starts(url->text, url->is_secure ? "https://" : "http://"));
    assert(text_starts(strstr(url->text, "://") + 3, url->host));
    assert(text_is_ascii(url->text) && !text_has_control(url->text) && !strchr(url->text, ' '));
    assert(url->port > 0 && url->port < 65536);
    if (strlen(url->text) <= FETCH_URL_SIZE_MAX) {
        assert(fetch_url_read(url->text, NULL, arena, &again, &error));
        assert(text_equal(again.text, url->text) && text_equal(again.host, url->host));
        assert(again.port == url->port && again.is_secure == url->is_secure);
    }
    const char *name = fetch_url_name(url, arena);
    assert(!name || (*name && text_is_utf8(name, strlen(name)) && !strpbrk(name, "/\\") &&
                     !text_has_control(name)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA arena = arena_create();
    const char *text = arena_copy_bytes(arena, data, size);
    struct fetch_url url, next;
    struct error error;
    if (fetch_url_read(text, ascii_host, arena, &url, &error))
        check(&url, arena);
    else
        assert(error.code == ERROR_INVALID && !*error.field);
    if (fetch_url_read("https://example.com:8443/a/b?c", NULL, arena, &url, &error) &&
        fetch_url_follow(&url, text, ascii_host, arena, &next, &error))
        check(&next, arena);
    return 0;
}
