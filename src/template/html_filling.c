#include "template/html_filling.h"

#include <string.h>

#include "base/text.h"
#include "html/escape.h"
#include "html/style.h"

static const char UNSAFE[] = "unsafe:";
static const char *const ACTIVE[] = {"data", "javascript", "vbscript"};

static bool is_active(const char *scheme)
{
    for (size_t i = 0; i < sizeof ACTIVE / sizeof *ACTIVE; i++)
        if (text_equal_nocase(ACTIVE[i], scheme))
            return true;
    return false;
}

/* Browsers pass over spaces before an address, and over tabs and line breaks within. */
static void follow_address(struct html_filling *filling, char character, bool is_value)
{
    if (filling->address != ADDRESS_OPEN || (unsigned char)character <= ' ')
        return;
    if (character == ':')
        filling->address = is_active(filling->scheme) ? ADDRESS_ACTIVE : ADDRESS_HARMLESS;
    else if (character == '&' && !is_value)
        filling->address = ADDRESS_ACTIVE; /* what it stands for may be a part of the scheme */
    else if (strchr("/?#", character) || filling->scheme_size + 1 == sizeof filling->scheme)
        filling->address = ADDRESS_HARMLESS;
    else
        filling->scheme[filling->scheme_size++] = character;
}

static void begin_attribute(struct html_filling *filling)
{
    filling->value_start = filling->out.size;
    filling->has_filled = false;
    filling->address = filling->markup.use == MARKUP_URL ? ADDRESS_OPEN : ADDRESS_HARMLESS;
    memset(filling->scheme, 0, sizeof filling->scheme);
    filling->scheme_size = 0;
}

static void end_attribute(struct html_filling *filling)
{
    struct buf *out = &filling->out;
    size_t size = out->size - filling->value_start, more = strlen(UNSAFE);
    if (!filling->has_filled || filling->address != ADDRESS_ACTIVE)
        return;
    buf_add(out, UNSAFE);
    if (out->is_over)
        return;
    char *value = out->data + filling->value_start;
    memmove(value + more, value, size);
    memcpy(value, UNSAFE, more);
}

static bool is_in_value(const struct html_filling *filling)
{
    return filling->markup.state == MARKUP_VALUE;
}

void html_filling_add(struct html_filling *filling, char character)
{
    bool was_in_value = is_in_value(filling);
    markup_step(&filling->markup, character);
    bool begins = is_in_value(filling) && !was_in_value;
    bool is_quote = begins && filling->markup.quote;
    if (begins && !is_quote)
        begin_attribute(filling);
    if (was_in_value && !is_in_value(filling))
        end_attribute(filling);
    else if (is_in_value(filling) && !is_quote)
        follow_address(filling, character, false);
    buf_add_char(&filling->out, character);
    if (is_quote)
        begin_attribute(filling);
}

bool html_filling_takes(const struct html_filling *filling)
{
    return markup_place(&filling->markup) != MARKUP_CLOSED;
}

/* A "<" just before it would open a tag if the value began with a letter. */
static void settle_bracket(struct html_filling *filling)
{
    if (filling->markup.state != MARKUP_TAG_OPEN || filling->out.is_over)
        return;
    filling->out.size--;
    buf_add(&filling->out, "&lt;");
}

static void add_lines(struct buf *out, const char *value)
{
    const char *next;
    for (; (next = strpbrk(value, "\r\n")) && !out->is_over; value = next) {
        escape_add(out, arena_copy_bytes(out->arena, value, (size_t)(next - value)));
        buf_add(out, "<br>\n");
        next += next[0] == '\r' && next[1] == '\n' ? 2 : 1;
    }
    escape_add(out, value);
}

/* An empty value would make the next attribute this one's value. */
static void add_unquoted(struct buf *out, const char *value)
{
    if (!*value)
        buf_add(out, "&#32;");
    for (; *value; value++) {
        bool is_plain = (*value >= '0' && *value <= '9') || (*value >= 'A' && *value <= 'Z') ||
                        (*value >= 'a' && *value <= 'z') || *value & 0x80;
        if (is_plain)
            buf_add_char(out, *value);
        else
            buf_addf(out, "&#%d;", *value);
    }
}

void html_filling_put(struct html_filling *filling, const char *value)
{
    struct buf *out = &filling->out;
    enum markup_place place = markup_place(&filling->markup);
    bool was_in_value = is_in_value(filling);
    settle_bracket(filling);
    markup_enter(&filling->markup);
    if (is_in_value(filling)) {
        if (!was_in_value)
            begin_attribute(filling);
        filling->has_filled = true;
        if (filling->markup.use == MARKUP_STYLE)
            value = text_or(style_value(value, out->arena), "");
        for (const char *at = value; *at && filling->address == ADDRESS_OPEN; at++)
            follow_address(filling, *at, true);
    }
    if (place == MARKUP_TEXT)
        add_lines(out, value);
    else if (place == MARKUP_UNQUOTED)
        add_unquoted(out, value);
    else
        escape_add(out, value);
}

char *html_filling_text(struct html_filling *filling, struct error *error)
{
    if (is_in_value(filling))
        end_attribute(filling);
    return buf_text(&filling->out, error);
}
