#include "html/style.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/text.h"

/* Nothing that moves, covers, loads or animates. */
static const char *const PROPERTIES[] = {
    "background-color", "border",          "border-bottom",  "border-collapse", "border-color",
    "border-left",      "border-radius",   "border-right",   "border-spacing",  "border-style",
    "border-top",       "border-width",    "color",          "direction",       "font-family",
    "font-size",        "font-style",      "font-weight",    "height",          "letter-spacing",
    "line-height",      "list-style-type", "margin",         "margin-bottom",   "margin-left",
    "margin-right",     "margin-top",      "max-width",      "padding",         "padding-bottom",
    "padding-left",     "padding-right",   "padding-top",    "text-align",      "text-decoration",
    "text-indent",      "text-transform",  "vertical-align", "white-space",     "width",
    "word-break",
};
static const char *const FUNCTIONS[] = {"rgb(", "rgba(", "hsl(", "hsla("};

enum { STYLE_MAX_BYTES = 8 * 1024, VALUE_MAX_BYTES = 200 };

static bool is_property(const char *name)
{
    for (size_t i = 0; i < sizeof PROPERTIES / sizeof *PROPERTIES; i++)
        if (text_equal(name, PROPERTIES[i]))
            return true;
    return false;
}

/* Where the value's function ends; NULL when it has another than of a colour. */
static const char *skip_function(const char *value)
{
    for (size_t i = 0; i < sizeof FUNCTIONS / sizeof *FUNCTIONS; i++)
        if (strncasecmp(value, FUNCTIONS[i], strlen(FUNCTIONS[i])) == 0) {
            value += strlen(FUNCTIONS[i]);
            value += strspn(value, "0123456789.,% ");
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
        if (!strchr("\"'", *value))
            *to++ = strchr("\t\r\n\f", *value) ? ' ' : *value;
    plain = text_trim(plain, arena);
    return is_harmless(plain) ? plain : NULL;
}

static void add_declaration(struct buf *clean, const char *text, size_t size)
{
    const char *declaration = arena_copy_bytes(clean->arena, text, size);
    const char *colon = strchr(declaration, ':');
    if (!colon)
        return;
    const char *name = arena_copy_bytes(clean->arena, declaration, (size_t)(colon - declaration));
    name = text_lower(text_trim(name, clean->arena), clean->arena);
    const char *value = is_property(name) ? style_value(colon + 1, clean->arena) : NULL;
    if (value)
        buf_addf(clean, "%s%s:%s", clean->size ? ";" : "", name, value);
}

const char *style_clean(const char *style, struct arena *arena)
{
    struct buf clean = BUF(arena, STYLE_MAX_BYTES);
    struct error none;
    if (strlen(style) > STYLE_MAX_BYTES)
        return NULL;
    while (*style) {
        size_t size = strcspn(style, ";");
        add_declaration(&clean, style, size);
        style += size;
        style += *style == ';';
    }
    return clean.size ? buf_text(&clean, &none) : NULL;
}
