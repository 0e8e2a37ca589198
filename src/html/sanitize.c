#include <string.h>

#include "base/text.h"
#include "html/allowed.h"
#include "html/escape.h"
#include "html/form_text.h"
#include "html/html.h"
#include "html/look.h"
#include "html/picture.h"
#include "html/shallow.h"
#include "html/style.h"
#include "html/tasks.h"
#include "html/tree.h"

/* HTML that was taken apart and put together can mean something else when it is read again:
 * an element left out may have kept two others apart. So it is read again until nothing changes;
 * what never settles is shown as its text. */
enum { PASSES_MAX = 6 };

/* Each is looked for among the files; more than any mail has. */
enum { PICTURES_MAX = 10 * 1000 };

/* What the style sheet may add to all elements together, so that few bytes do not become many. */
enum { SHEET_WRITTEN_MAX = HTML_BYTES_MAX / 4 };

struct sanitize {
    struct arena *arena;
    struct buf out;
    const struct list *files;
    struct sheet *sheet;
    struct cascade cascade; /* of the element at hand */
    size_t pictures, sheet_written;
};

static void sanitize_node(struct sanitize *walk, const GumboNode *node, const struct look *look);

static void sanitize_children(struct sanitize *walk, const GumboElement *element,
                              const struct look *look)
{
    for (unsigned i = 0; i < element->children.length; i++)
        sanitize_node(walk, element->children.data[i], look);
}

/* --- attributes */

static const char *sanitize_value(const GumboElement *element, const char *name)
{
    const GumboAttribute *found = gumbo_get_attribute(&element->attributes, name);
    return found ? found->value : NULL;
}

static void sanitize_add_attribute(struct sanitize *walk, const char *name, const char *value)
{
    buf_addf(&walk->out, " %s=\"", name);
    escape_add(&walk->out, value);
    buf_add(&walk->out, "\"");
}

static void sanitize_drop(struct cascade *cascade, enum property property)
{
    cascade->entries[property].value = NULL;
}

/* Takes from the cascade what must not be written. */
static void sanitize_reduce(struct sanitize *walk, const GumboElement *element,
                            const struct look *look)
{
    static const enum property PAINTED[] = {
        PROPERTY_BACKGROUND_COLOR, PROPERTY_BORDER,       PROPERTY_BORDER_BOTTOM,
        PROPERTY_BORDER_COLOR,     PROPERTY_BORDER_LEFT,  PROPERTY_BORDER_RIGHT,
        PROPERTY_BORDER_STYLE,     PROPERTY_BORDER_WIDTH, PROPERTY_BORDER_TOP};
    /* The element around everything is as large as the window. */
    static const enum property OF_WINDOW[] = {PROPERTY_HEIGHT, PROPERTY_WIDTH};
    struct cascade *cascade = &walk->cascade;
    bool is_frame = element->tag == GUMBO_TAG_HTML || element->tag == GUMBO_TAG_BODY;
    if (look->drops_color)
        sanitize_drop(cascade, PROPERTY_COLOR);
    if (look->drops_background)
        sanitize_drop(cascade, PROPERTY_BACKGROUND_COLOR);
    if (look->is_tiny) /* its own text is gone; what is in it goes by its own size */
        sanitize_drop(cascade, PROPERTY_FONT_SIZE);
    for (size_t i = 0; look->is_invisible && i < sizeof PAINTED / sizeof *PAINTED; i++)
        sanitize_drop(cascade, PAINTED[i]);
    for (size_t i = 0; is_frame && i < sizeof OF_WINDOW / sizeof *OF_WINDOW; i++)
        sanitize_drop(cascade, OF_WINDOW[i]);
    if (walk->sheet_written <= SHEET_WRITTEN_MAX)
        return;
    for (size_t i = 0; i < cascade->count; i++)
        if (!(cascade->entries[cascade->declared[i]].weight & CASCADE_INLINE))
            sanitize_drop(cascade, cascade->declared[i]);
}

/* NULL: none. What was declared by a sheet counts against what it may add. */
static const char *sanitize_style(struct sanitize *walk, const GumboElement *element,
                                  const struct look *look)
{
    struct buf style = BUF(walk->arena, HTML_BYTES_MAX);
    struct error none;
    const struct color *color = &look->color;
    if (!walk->cascade.count && !look->adds_color)
        return NULL;
    sanitize_reduce(walk, element, look);
    style_write(&walk->cascade, &style);
    if (look->adds_color)
        buf_addf(&style, "%scolor:#%02x%02x%02x", style.size ? ";" : "", (unsigned)color->red,
                 (unsigned)color->green, (unsigned)color->blue);
    if (walk->sheet)
        walk->sheet_written += style.size;
    return style.size ? buf_text(&style, &none) : NULL;
}

/* Attributes that say what a style said that must not be written. */
static bool sanitize_is_dropped(const GumboAttribute *attribute, const struct look *look)
{
    return (look->drops_color && text_equal(attribute->name, "color")) ||
           ((look->drops_background || look->is_invisible) &&
            text_equal(attribute->name, "bgcolor"));
}

static void sanitize_add_attributes(struct sanitize *walk, const GumboElement *element,
                                    const char *style, const struct look *look)
{
    bool has_style = sanitize_value(element, "style");
    for (unsigned i = 0; i < element->attributes.length; i++) {
        const GumboAttribute *attribute = element->attributes.data[i];
        const char *value = NULL;
        if (attribute->attr_namespace != GUMBO_ATTR_NAMESPACE_NONE ||
            sanitize_is_dropped(attribute, look))
            continue;
        value = text_equal(attribute->name, "style")
                    ? style
                    : allowed_attribute(element->tag, attribute->name, attribute->value,
                                        walk->arena);
        if (value)
            sanitize_add_attribute(walk, attribute->name, value);
    }
    if (style && !has_style)
        sanitize_add_attribute(walk, "style", style);
}

/* --- elements */

/* HTML ignores the first line break in <pre>. */
static bool sanitize_starts_with_break(const GumboElement *element)
{
    const GumboNode *first = element->children.length ? element->children.data[0] : NULL;
    return first && (first->type == GUMBO_NODE_TEXT || first->type == GUMBO_NODE_WHITESPACE) &&
           text_starts(first->v.text.text, "\n");
}

/* An image from elsewhere is not shown; what stands for it is. */
static void sanitize_image(struct sanitize *walk, const GumboElement *element,
                           const struct look *look)
{
    const char *src = sanitize_value(element, "src");
    const struct list *files = walk->pictures++ < PICTURES_MAX ? walk->files : NULL;
    const char *source = src ? picture_source(src, files, walk->arena) : NULL;
    if (look->is_invisible)
        return;
    if (!source) {
        escape_add(&walk->out, text_or(sanitize_value(element, "alt"), ""));
        return;
    }
    const char *style = sanitize_style(walk, element, look);
    buf_add(&walk->out, "<img");
    sanitize_add_attribute(walk, "src", source);
    sanitize_add_attributes(walk, element, style, look);
    buf_add(&walk->out, ">");
}

static void sanitize_field(struct sanitize *walk, const GumboElement *element,
                           const struct look *look)
{
    const char *text = form_text(element, walk->arena);
    bool is_block = element->tag == GUMBO_TAG_TEXTAREA;
    if (!*text || !look_shows_text(look))
        return;
    buf_add(&walk->out, is_block ? "<span style=\"white-space:pre-wrap\">" : " ");
    escape_add(&walk->out, text);
    buf_add(&walk->out, is_block ? "</span>" : " ");
}

static void sanitize_wrapped(struct sanitize *walk, const GumboElement *element, const char *name,
                             const char *style, const struct look *look)
{
    buf_addf(&walk->out, "<%s", name);
    sanitize_add_attributes(walk, element, style, look);
    buf_add(&walk->out, ">");
    if (text_equal(name, "pre") && sanitize_starts_with_break(element))
        buf_add(&walk->out, "\n");
    sanitize_children(walk, element, look);
    buf_addf(&walk->out, "</%s>", name);
}

/* The element itself goes; but where it had a colour, a direction or the like, something has it
 * for it. */
static void sanitize_unwrapped(struct sanitize *walk, const GumboElement *element,
                               const struct look *look)
{
    const char *style = sanitize_style(walk, element, look);
    if (style && element->tag != GUMBO_TAG_HEAD)
        sanitize_wrapped(walk, element, allowed_name(element->tag), style, look);
    else
        sanitize_children(walk, element, look);
}

static void sanitize_element(struct sanitize *walk, const GumboElement *element,
                             const struct look *outer)
{
    enum verdict verdict = allowed_element(element->tag);
    bool is_field = element->tag == GUMBO_TAG_TEXTAREA || element->tag == GUMBO_TAG_SELECT ||
                    element->tag == GUMBO_TAG_INPUT;
    if (element->tag_namespace != GUMBO_NAMESPACE_HTML || (verdict == DROPPED && !is_field))
        return;
    look_declare(walk->sheet, element, walk->arena, &walk->cascade);
    struct look look = look_of(outer, element, &walk->cascade);
    if (look.is_gone)
        return;
    if (is_field)
        sanitize_field(walk, element, &look);
    else if (element->tag == GUMBO_TAG_IMG)
        sanitize_image(walk, element, &look);
    else if (verdict == UNWRAPPED)
        sanitize_unwrapped(walk, element, &look);
    else if (verdict == KEPT_EMPTY) {
        const char *style = sanitize_style(walk, element, &look);
        if (look.is_invisible && element->tag == GUMBO_TAG_HR)
            return;
        buf_addf(&walk->out, "<%s", allowed_name(element->tag));
        sanitize_add_attributes(walk, element, style, &look);
        buf_add(&walk->out, ">");
    } else
        sanitize_wrapped(walk, element, allowed_name(element->tag),
                         sanitize_style(walk, element, &look), &look);
}

/* Of invisible text the gap between words stays. */
static void sanitize_text(struct sanitize *walk, const char *text, const struct look *look)
{
    if (look_shows_text(look))
        escape_add(&walk->out, text);
    else if (!look->is_tiny && text[strcspn(text, " \t\r\n")])
        buf_add(&walk->out, " ");
}

/* Recursion is as deep as the tree: at most HTML_DEPTH_MAX. */
static void sanitize_node(struct sanitize *walk, const GumboNode *node, const struct look *look)
{
    switch (node->type) {
    case GUMBO_NODE_ELEMENT: sanitize_element(walk, &node->v.element, look); return;
    case GUMBO_NODE_TEXT:
    case GUMBO_NODE_WHITESPACE: sanitize_text(walk, node->v.text.text, look); return;
    default: return; /* comments and templates, and CDATA, which is in foreign elements only */
    }
}

/* --- the page */

static const GumboElement *sanitize_body(const GumboNode *html)
{
    const GumboVector *children = &html->v.element.children;
    for (unsigned i = 0; i < children->length; i++) {
        const GumboNode *child = children->data[i];
        if (child->type == GUMBO_NODE_ELEMENT && child->v.element.tag == GUMBO_TAG_BODY)
            return &child->v.element;
    }
    return NULL;
}

/* What an old attribute says, as a declaration weaker than all others. */
static void sanitize_put_attribute(struct sanitize *walk, const GumboElement *element,
                                   const char *name, enum property property)
{
    const char *value = sanitize_value(element, name);
    struct color color;
    if (value && strlen(value) == 6 && !value[strspn(value, "0123456789abcdefABCDEF")])
        value = arena_format(walk->arena, "#%s", value);
    if (value && color_read(value, &color))
        cascade_put(&walk->cascade, property, style_value(value, walk->arena), 1);
}

/* The style of html or body; ret_look: what is in it inherits. */
static const char *sanitize_frame(struct sanitize *walk, const GumboElement *element,
                                  const struct look *outer, struct look *ret_look)
{
    look_declare(walk->sheet, element, walk->arena, &walk->cascade);
    sanitize_put_attribute(walk, element, "bgcolor", PROPERTY_BACKGROUND_COLOR);
    sanitize_put_attribute(walk, element, "text", PROPERTY_COLOR);
    *ret_look = look_of(outer, element, &walk->cascade);
    return sanitize_style(walk, element, ret_look);
}

/* What html and body say of all that is in them, a div says. */
static void sanitize_page(struct sanitize *walk, const GumboNode *root)
{
    static const char *const NAMES[] = {"dir", "lang"};
    const GumboElement *html = &root->v.element, *body = sanitize_body(root);
    struct look of_html, look;
    const char *style = sanitize_frame(walk, html, &LOOK_START, &of_html);
    size_t start = walk->out.size;
    if (!body) {
        sanitize_children(walk, html, &of_html);
        return;
    }
    const char *own = sanitize_frame(walk, body, &of_html, &look);
    if (style && own)
        style = style_clean(arena_format(walk->arena, "%s;%s", style, own), walk->arena);
    style = text_or(style, own);
    buf_add(&walk->out, "<div");
    size_t empty = walk->out.size;
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        const char *value = text_or(sanitize_value(body, NAMES[i]), sanitize_value(html, NAMES[i]));
        value = value ? allowed_attribute(GUMBO_TAG_DIV, NAMES[i], value, walk->arena) : NULL;
        if (value)
            sanitize_add_attribute(walk, NAMES[i], value);
    }
    if (style)
        sanitize_add_attribute(walk, "style", style);
    bool is_needed = walk->out.size > empty;
    if (is_needed)
        buf_add(&walk->out, ">");
    else
        walk->out.size = start;
    sanitize_children(walk, body, &look);
    if (is_needed)
        buf_add(&walk->out, "</div>");
}

static bool sanitize_pass(const char *html, const struct list *files, struct arena *arena,
                          const char **ret_html, struct error *error)
{
    AUTO_TREE tree = {0};
    if (!shallow_read(html, arena, &tree, error))
        return false;
    struct sanitize *walk = arena_new(arena, struct sanitize, 1);
    *walk = (struct sanitize){
        .arena = arena,
        .out = BUF(arena, HTML_BYTES_MAX),
        .files = files,
        .sheet = sheet_of(tree.root, arena),
    };
    sanitize_page(walk, tree.root);
    *ret_html = buf_text(&walk->out, error);
    return *ret_html;
}

bool sanitize_run(const char *html, const struct list *files, struct arena *arena,
                  const char **ret_html, struct error *error)
{
    const char *before = html, *after = NULL, *text = NULL;
    for (int i = 0; i < PASSES_MAX; i++) {
        if (!sanitize_pass(before, files, arena, &after, error))
            return false;
        if (text_equal(before, after)) {
            *ret_html = after;
            return true;
        }
        before = after;
    }
    if (!text_run(before, arena, &text, error))
        return false;
    return sanitize_pass(html_escape(text, arena), files, arena, ret_html, error);
}
