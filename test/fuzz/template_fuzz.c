/* Any template with any value, which stand on both sides of the first NUL: a subject gets no
 * controls from a value, and HTML has the elements and attributes that it has with a harmless
 * one. */
#include <assert.h>
#include <gumbo.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/text.h"
#include "html/tree.h"
#include "template/template.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { STRUCTURE_BYTES = 64 * 1024 * 1024 };

static const char *filled(const char *text, enum template_form form, const char *value,
                          struct arena *arena)
{
    struct error error = {0};
    struct list unknown;
    const char *result = NULL;
    struct field_value values[] = {{"x", NULL, FIELD_TYPE_TEXT, value},
                                   {"n", NULL, FIELD_TYPE_NUMBER, value},
                                   {"m", NULL, FIELD_TYPE_CURRENCY, value},
                                   {"d", NULL, FIELD_TYPE_DATE, value},
                                   {"t", NULL, FIELD_TYPE_DATETIME, value}};
    bool is_filled = template_fill(text, form, &(struct list){values, 5}, "de", arena, &result,
                                   &unknown, &error);
    assert(is_filled || error.code == ERROR_TOO_LARGE);
    return is_filled ? result : NULL;
}

/* gumbo 0.10 drops an attribute that was there before, but for its name if it has no value: that
 * comes in front of the next one's. */
static GumboStringPiece name_of(const GumboAttribute *attribute)
{
    GumboStringPiece name = attribute->original_name;
    for (size_t i = name.length; i-- > 0;)
        if (strchr(" \t\r\n\f/", name.data[i]))
            return (GumboStringPiece){name.data + i + 1, name.length - i - 1};
    return name;
}

static void add_structure(struct buf *buf, const GumboNode *node)
{
    if (node->type != GUMBO_NODE_ELEMENT && node->type != GUMBO_NODE_TEMPLATE)
        return;
    const GumboElement *element = &node->v.element;
    buf_add_char(buf, '<');
    GumboStringPiece name = element->original_tag;
    gumbo_tag_from_original_text(&name);
    if (element->tag == GUMBO_TAG_UNKNOWN)
        buf_add_bytes(buf, name.data, name.length);
    else
        buf_add(buf, gumbo_normalized_tagname(element->tag));
    for (unsigned i = 0; i < element->attributes.length; i++) {
        const GumboAttribute *attribute = element->attributes.data[i];
        name = name_of(attribute);
        buf_addf(buf, " %.*s", (int)name.length, name.data);
        if (name.length > 2 && strncasecmp(name.data, "on", 2) == 0)
            buf_addf(buf, "=%s", attribute->value);
    }
    buf_add_char(buf, '>');
    for (unsigned i = 0; i < element->children.length; i++)
        add_structure(buf, element->children.data[i]);
    buf_add(buf, "</>");
}

static const char *structure_of(const char *html, struct arena *arena)
{
    struct error error;
    AUTO_TREE tree = {0};
    struct buf buf = BUF(arena, STRUCTURE_BYTES);
    if (!html || !tree_read(html, &tree, &error))
        return NULL;
    add_structure(&buf, tree.root);
    return buf_text(&buf, &error);
}

/* Letters around the value, for white space alone is no text to a browser; and no line breaks. */
static void check_html(const char *text, const char *value, struct arena *arena)
{
    char *wrapped = arena_format(arena, "x%sx", value);
    for (char *at = wrapped; *at; at++)
        if (*at == '\r' || *at == '\n')
            *at = '_';
    const char *harmless = structure_of(filled(text, TEMPLATE_HTML, "xx", arena), arena);
    const char *with_value = structure_of(filled(text, TEMPLATE_HTML, wrapped, arena), arena);
    assert(!harmless || !with_value || text_equal(harmless, with_value));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA arena = arena_create();
    char *text = arena_copy_bytes(arena, data, size);
    size_t text_size = strlen(text);
    char *value = text_size < size ? text + text_size + 1 : text + text_size;
    value[text_utf8_size(value, strlen(value))] = '\0'; /* nothing else comes in as JSON */
    text[text_utf8_size(text, text_size)] = '\0';
    const char *subject = filled(text, TEMPLATE_SUBJECT, value, arena);
    assert(!subject || text_has_control(text) || !text_has_control(subject));
    filled(text, TEMPLATE_TEXT, value, arena);
    filled(text, TEMPLATE_HTML, value, arena);
    check_html(text, value, arena);
    return 0;
}
