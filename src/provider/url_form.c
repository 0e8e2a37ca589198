#include "provider/url_form.h"

#include <string.h>

#include "base/buf.h"

static void add_encoded(struct buf *buf, const char *text)
{
    static const char PLAIN[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "0123456789-._~";
    for (; *text; text++)
        if (strchr(PLAIN, *text))
            buf_add_char(buf, *text);
        else
            buf_addf(buf, "%%%02X", (unsigned char)*text);
}

/* It cannot run over: no character becomes more than three. */
static size_t largest_size(const struct url_pair *pairs)
{
    size_t size = 0;
    for (; pairs->name; pairs++)
        if (pairs->value)
            size += 3 * (strlen(pairs->name) + strlen(pairs->value)) + 2;
    return size;
}

const char *url_form_write(const struct url_pair *pairs, struct arena *arena)
{
    struct error never;
    struct buf buf = BUF(arena, largest_size(pairs));
    for (; pairs->name; pairs++) {
        if (!pairs->value)
            continue;
        if (buf.size)
            buf_add_char(&buf, '&');
        add_encoded(&buf, pairs->name);
        buf_add_char(&buf, '=');
        add_encoded(&buf, pairs->value);
    }
    return buf_text(&buf, &never);
}

const char *url_form_append(const char *url, const struct url_pair *pairs, struct arena *arena)
{
    return arena_format(arena, "%s%c%s", url, strchr(url, '?') ? '&' : '?',
                        url_form_write(pairs, arena));
}
