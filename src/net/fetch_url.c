#include "net/fetch_url.h"

#include <ctype.h>
#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum { HOST_SIZE_MAX = 253, LABEL_SIZE_MAX = 63, MOST_ROUNDS = 5 };

static const unsigned FLAGS = CURLU_DISALLOW_USER | CURLU_URLENCODE | CURLU_ALLOW_SPACE;

static void close_url(CURLU **url)
{
    curl_url_cleanup(*url);
}
#define AUTO_URL __attribute__((cleanup(close_url))) CURLU *

static CURLU *open_url(void)
{
    CURLU *url = curl_url();
    if (!url)
        abort();
    return url;
}

/* NULL: there is none. */
static const char *part_of(CURLU *url, CURLUPart what, unsigned flags, struct arena *arena)
{
    char *text = NULL;
    if (curl_url_get(url, what, &text, flags) != CURLUE_OK)
        return NULL;
    const char *copy = arena_copy(arena, text);
    curl_free(text);
    return copy;
}

static bool parse(CURLU *url, const char *text, struct error *error)
{
    CURLUcode code = curl_url_set(url, CURLUPART_URL, text, FLAGS);
    if (code == CURLUE_USER_NOT_ALLOWED)
        return fail(error, ERROR_INVALID, "", "a URL with a user name or password is not taken");
    if (code == CURLUE_BAD_SCHEME || code == CURLUE_UNSUPPORTED_SCHEME)
        return fail(error, ERROR_INVALID, "", "the URL must begin with https:// or http://");
    return code == CURLUE_OK ||
           fail(error, ERROR_INVALID, "", "is not a URL: %s", curl_url_strerror(code));
}

static bool check_scheme(const char *scheme, struct error *error)
{
    if (text_equal_nocase(scheme, "https") || text_equal_nocase(scheme, "http"))
        return true;
    return fail(error, ERROR_INVALID, "", "the URL must begin with https:// or http://");
}

static bool is_label(const char *label, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (!isalnum((unsigned char)label[i]) && label[i] != '-' && label[i] != '_')
            return false;
    return size && size <= LABEL_SIZE_MAX;
}

static bool is_name(const char *host)
{
    if (strlen(host) > HOST_SIZE_MAX || !text_is_ascii(host))
        return false;
    for (;;) {
        size_t size = strcspn(host, ".");
        if (!is_label(host, size))
            return false;
        if (!host[size])
            return true;
        host += size + 1;
    }
}

static const char *without_dot(const char *host, struct arena *arena)
{
    size_t size = strlen(host);
    return size > 1 && host[size - 1] == '.' ? arena_copy_bytes(arena, host, size - 1) : host;
}

static bool read_host(const char *host, fetch_ascii_host *ascii_host, struct arena *arena,
                      const char **ret_host, struct error *error)
{
    if (!host)
        return fail(error, ERROR_INVALID, "", "the URL has no host");
    if (!text_is_ascii(host)) {
        if (!ascii_host || !text_is_utf8(host, strlen(host)))
            return fail(error, ERROR_INVALID, "",
                        "the URL's host has characters that are not ASCII; write it as xn--...");
        host = ascii_host(host, arena);
    }
    if (host && *host == '[') { /* an address that libcurl has read */
        *ret_host = text_lower(host, arena);
        return true;
    }
    host = host ? text_lower(without_dot(host, arena), arena) : "";
    if (!is_name(host))
        return fail(error, ERROR_INVALID, "", "the URL's host is not a host name");
    *ret_host = host;
    return true;
}

static bool take(CURLU *url, const char *host, struct arena *arena, struct fetch_url *ret_url,
                 struct error *error)
{
    const char *port = part_of(url, CURLUPART_PORT, CURLU_DEFAULT_PORT, arena);
    long number = port ? strtol(port, NULL, 10) : 0;
    if (number < 1 || number > 65535)
        return fail(error, ERROR_INVALID, "", "the URL's port is not between 1 and 65535");
    *ret_url = (struct fetch_url){
        .text = part_of(url, CURLUPART_URL, 0, arena),
        .host = host,
        .port = (int)number,
        .is_secure = text_equal(part_of(url, CURLUPART_SCHEME, 0, arena), "https"),
    };
    return text_starts(ret_url->text, ret_url->is_secure ? "https://" : "http://") ||
           fail(error, ERROR_INVALID, "", "is not a URL");
}

/* What was read is written and read again until it stays the same, because each spelling may have
 * become another one: percent signs turn into digits, digits of another script into ours, and
 * digits into an address. */
static bool settle(CURLU *url, fetch_ascii_host *ascii_host, struct arena *arena,
                   struct fetch_url *ret_url, struct error *error)
{
    const char *text = NULL;
    curl_url_set(url, CURLUPART_FRAGMENT, NULL, 0);
    for (int round = 0; round < MOST_ROUNDS; round++) {
        const char *host = NULL;
        if (!check_scheme(part_of(url, CURLUPART_SCHEME, 0, arena), error) ||
            !read_host(part_of(url, CURLUPART_HOST, 0, arena), ascii_host, arena, &host, error))
            return false;
        if (part_of(url, CURLUPART_ZONEID, 0, arena) ||
            curl_url_set(url, CURLUPART_HOST, host, 0) != CURLUE_OK)
            break;
        const char *next = text_or(part_of(url, CURLUPART_URL, 0, arena), "");
        if (text_equal(next, text))
            return take(url, host, arena, ret_url, error);
        text = next;
        if (!parse(url, text, error))
            break;
    }
    return fail(error, ERROR_INVALID, "", "the URL's host is not a host name");
}

static bool check_text(const char *text, struct error *error)
{
    if (strlen(text) > FETCH_URL_SIZE_MAX)
        return fail(error, ERROR_INVALID, "", "the URL is longer than %d bytes",
                    FETCH_URL_SIZE_MAX);
    return !text_has_control(text) ||
           fail(error, ERROR_INVALID, "", "is not a URL: it has a control character");
}

bool fetch_url_read(const char *text, fetch_ascii_host *ascii_host, struct arena *arena,
                    struct fetch_url *ret_url, struct error *error)
{
    AUTO_URL url = open_url();
    return check_text(text, error) && parse(url, text, error) &&
           settle(url, ascii_host, arena, ret_url, error);
}

bool fetch_url_follow(const struct fetch_url *from, const char *location,
                      fetch_ascii_host *ascii_host, struct arena *arena, struct fetch_url *ret_url,
                      struct error *error)
{
    AUTO_URL url = open_url();
    return check_text(location, error) && parse(url, from->text, error) &&
           parse(url, location, error) && settle(url, ascii_host, arena, ret_url, error);
}

/* NULL: not text, or a NUL is in it. */
static const char *decode(const char *text, size_t size, struct arena *arena)
{
    int decoded_size = 0;
    char *decoded = curl_easy_unescape(NULL, text, (int)size, &decoded_size);
    if (!decoded)
        abort();
    bool is_text = strlen(decoded) == (size_t)decoded_size && !text_has_control(decoded) &&
                   text_is_utf8(decoded, (size_t)decoded_size);
    const char *copy = is_text ? arena_copy(arena, decoded) : NULL;
    curl_free(decoded);
    return copy;
}

const char *fetch_url_name(const struct fetch_url *url, struct arena *arena)
{
    const char *path = strchr(strstr(url->text, "://") + 3, '/');
    if (!path)
        return NULL;
    size_t size = strcspn(path, "?#");
    const char *slash = memrchr(path, '/', size);
    if (slash + 1 == path + size)
        return NULL;
    const char *name = decode(slash + 1, (size_t)(path + size - slash - 1), arena);
    if (!name)
        return NULL;
    for (const char *at; (at = strpbrk(name, "/\\"));)
        name = at + 1;
    bool is_none = !*name || text_equal(name, ".") || text_equal(name, "..");
    return is_none ? NULL : name;
}
