#include "html/style.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

static const char *const FUNCTIONS[] = {"rgb(", "rgba(", "hsl(", "hsla("};

enum { STYLE_MAX_BYTES = 16 * 1024, VALUE_MAX_BYTES = 200 };

/* Where the value's function ends; NULL when it has another than of a colour. */
static const char *skip_function(const char *value)
{
    for (size_t i = 0; i < sizeof FUNCTIONS / sizeof *FUNCTIONS; i++)
        if (strncasecmp(value, FUNCTIONS[i], strlen(FUNCTIONS[i])) == 0) {
            value += strlen(FUNCTIONS[i]);
            value += strspn(value, "0123456789.,%/+- degratunoDEGRATUNO");
            return *value == ')' ? value + 1 : NULL;
        }
    return NULL;
}

static bool is_harmless(const char *value)
{
    static const char ALLOWED[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 #%.,-";
    for (const char *at = value; *at; at++) {
        bool is_first = at == value || at[-1] == ' ' || at[-1] == ',';
        const char *end = is_first ? skip_function(at) : NULL;
        if (end)
            at = end - 1;
        else if (!strchr(ALLOWED, *at) || (is_first && *at == '-'))
            return false; /* a negative length would move it over something else */
    }
    return *value;
}

const char *style_value(const char *value, struct arena *arena)
{
    size_t size = strlen(value);
    if (size > VALUE_MAX_BYTES)
        return NULL;
    char *plain = arena_alloc(arena, size + 1), *to = plain;
    for (; *value; value++)
        if (!strchr("\"' \t\r\n\f", *value))
            *to++ = *value;
        else if (!strchr("\"'", *value) && to > plain && to[-1] != ' ')
            *to++ = ' ';
    plain = text_trim(plain, arena);
    return is_harmless(plain) ? plain : NULL;
}

const char *style_clean(const char *style, struct arena *arena)
{
    struct cascade cascade = {.count = 0};
    struct buf clean = BUF(arena, STYLE_MAX_BYTES);
    struct error none;
    cascade_add_style(&cascade, style, arena);
    style_write(&cascade, &clean);
    return clean.size ? buf_text(&clean, &none) : NULL;
}

void style_write(struct cascade *cascade, struct buf *out)
{
    size_t start = out->size;
    cascade_sort(cascade);
    for (size_t i = 0; i < cascade->count; i++) {
        enum property property = cascade->declared[i];
        if (property < PROPERTY_STAYING && cascade->entries[property].value)
            buf_addf(out, "%s%s:%s", out->size > start ? ";" : "", property_name(property),
                     cascade->entries[property].value);
    }
}
