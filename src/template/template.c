#include "template/template.h"

#include <string.h>

#include "base/buf.h"
#include "template/dictionary.h"
#include "template/html_filling.h"
#include "template/template_token.h"

/* Bytes from here that are one control character or line break: C0, DEL, and in UTF-8 C1, the
 * line and the paragraph separator. */
static size_t control_size(const char *text)
{
    const unsigned char *at = (const unsigned char *)text;
    if (*at && (*at < ' ' || *at == 0x7F))
        return 1;
    if (at[0] == 0xC2 && at[1] >= 0x80 && at[1] < 0xA0)
        return 2;
    return at[0] == 0xE2 && at[1] == 0x80 && (at[2] == 0xA8 || at[2] == 0xA9) ? 3 : 0;
}

static void add_line(struct buf *out, const char *value)
{
    while (*value && !out->is_over) {
        size_t plain = 0, control = 0, more;
        while (value[plain] && !control_size(value + plain))
            plain++;
        buf_add_bytes(out, value, plain);
        value += plain;
        while ((more = control_size(value + control)))
            control += more;
        if (control)
            buf_add_char(out, ' ');
        value += control;
    }
}

static void add_value(struct buf *out, enum template_form form, const char *value)
{
    if (form == TEMPLATE_SUBJECT)
        add_line(out, value);
    else
        buf_add(out, value);
}

static size_t limit_of(const char *text)
{
    size_t limit = strlen(text) + TEMPLATE_ADDED_BYTES_MAX;
    return limit < TEMPLATE_BYTES_MAX ? limit : TEMPLATE_BYTES_MAX;
}

static char *fill_plain(const char *text, enum template_form form, struct dictionary *dictionary,
                        struct arena *arena, struct error *error)
{
    struct buf out = BUF(arena, limit_of(text));
    while (*text && !out.is_over) {
        struct template_token token;
        size_t size = strcspn(text, "{");
        buf_add_bytes(&out, text, size);
        text += size;
        bool is_token = template_token_read(text, &token);
        const char *value = is_token ? dictionary_find(dictionary, token.name) : NULL;
        if (value)
            add_value(&out, form, value);
        bool is_near = !is_token && *text && template_token_is_near(text, &token);
        if (is_near)
            dictionary_note(dictionary, token.name);
        size = is_token || is_near ? token.size : *text != '\0';
        if (!value)
            buf_add_bytes(&out, text, size);
        text += size;
    }
    return buf_text(&out, error);
}

static char *fill_html(const char *text, struct dictionary *dictionary, struct arena *arena,
                       struct error *error)
{
    struct html_filling filling = HTML_FILLING(arena, limit_of(text));
    while (*text && !filling.out.is_over) {
        struct template_token token;
        bool may_be_token = *text == '{' && html_filling_takes(&filling);
        bool is_token = may_be_token && template_token_read(text, &token);
        if (may_be_token && !is_token && template_token_is_near(text, &token))
            dictionary_note(dictionary, token.name);
        const char *value = is_token ? dictionary_find(dictionary, token.name) : NULL;
        const char *end = text + (is_token ? token.size : 1);
        if (value)
            html_filling_put(&filling, value);
        else
            for (const char *at = text; at < end; at++)
                html_filling_add(&filling, *at);
        text = end;
    }
    return html_filling_text(&filling, error);
}

bool template_fill(const char *text, enum template_form form, const struct list *values,
                   const char *locale, struct arena *arena, const char **ret_text,
                   struct list *ret_unknown, struct error *error)
{
    struct dictionary *dictionary = dictionary_create(values, locale, arena);
    const char *filled = form == TEMPLATE_HTML ? fill_html(text, dictionary, arena, error)
                                               : fill_plain(text, form, dictionary, arena, error);
    if (!filled)
        return false;
    *ret_text = filled;
    *ret_unknown = dictionary_unknown(dictionary);
    return true;
}
