#include <string.h>

#include "base/text.h"
#include "html/allowed.h"
#include "html/escape.h"
#include "html/html.h"
#include "html/tasks.h"
#include "html/tree.h"

/* HTML that was taken apart and put together can mean something else when it is read again:
 * an element left out may have kept two others apart. So it is read again until nothing changes;
 * what never settles is shown as its text. */
enum { PASSES_MAX = 6 };

static void add_node(struct buf *out, const GumboNode *node);

static void add_children(struct buf *out, const GumboElement *element)
{
    for (unsigned i = 0; i < element->children.length; i++)
        add_node(out, element->children.data[i]);
}

static void add_start_tag(struct buf *out, const GumboElement *element, const char *name)
{
    buf_addf(out, "<%s", name);
    for (unsigned i = 0; i < element->attributes.length; i++) {
        const GumboAttribute *attribute = element->attributes.data[i];
        const char *value = NULL;
        if (attribute->attr_namespace == GUMBO_ATTR_NAMESPACE_NONE)
            value = allowed_attribute(element->tag, attribute->name, attribute->value, out->arena);
        if (!value)
            continue;
        buf_addf(out, " %s=\"", attribute->name);
        escape_add(out, value);
        buf_add(out, "\"");
    }
    buf_add(out, ">");
}

/* HTML ignores the first line break in <pre>. */
static bool starts_with_break(const GumboElement *element)
{
    if (element->tag != GUMBO_TAG_PRE || !element->children.length)
        return false;
    const GumboNode *first = element->children.data[0];
    return (first->type == GUMBO_NODE_TEXT || first->type == GUMBO_NODE_WHITESPACE) &&
           text_starts(first->v.text.text, "\n");
}

/* An image from elsewhere is not shown; what stands for it is. */
static bool is_remote_image(const GumboElement *element, struct arena *arena)
{
    const GumboAttribute *src = gumbo_get_attribute(&element->attributes, "src");
    return element->tag == GUMBO_TAG_IMG &&
           !(src && allowed_attribute(GUMBO_TAG_IMG, "src", src->value, arena));
}

static void add_element(struct buf *out, const GumboElement *element)
{
    enum verdict verdict = allowed_element(element->tag);
    const char *name = gumbo_normalized_tagname(element->tag);
    if (element->tag_namespace != GUMBO_NAMESPACE_HTML || verdict == DROPPED)
        return;
    if (verdict == UNWRAPPED) {
        add_children(out, element);
        return;
    }
    if (is_remote_image(element, out->arena)) {
        const GumboAttribute *alt = gumbo_get_attribute(&element->attributes, "alt");
        escape_add(out, alt ? alt->value : "");
        return;
    }
    add_start_tag(out, element, name);
    if (verdict == KEPT_EMPTY)
        return;
    if (starts_with_break(element))
        buf_add(out, "\n");
    add_children(out, element);
    buf_addf(out, "</%s>", name);
}

/* Recursion is as deep as the tree: at most HTML_DEPTH_MAX. */
static void add_node(struct buf *out, const GumboNode *node)
{
    switch (node->type) {
    case GUMBO_NODE_ELEMENT: add_element(out, &node->v.element); return;
    case GUMBO_NODE_TEXT:
    case GUMBO_NODE_WHITESPACE: escape_add(out, node->v.text.text); return;
    default: return; /* comments and templates, and CDATA, which is in foreign elements only */
    }
}

static bool pass(const char *html, struct arena *arena, const char **ret_html, struct error *error)
{
    AUTO_TREE tree = {0};
    if (!tree_read(html, &tree, error))
        return false;
    struct buf out = BUF(arena, HTML_BYTES_MAX);
    add_node(&out, tree.root);
    *ret_html = buf_text(&out, error);
    return *ret_html;
}

bool sanitize_run(const char *html, struct arena *arena, const char **ret_html, struct error *error)
{
    const char *before = html, *after = NULL, *text = NULL;
    for (int i = 0; i < PASSES_MAX; i++) {
        if (!pass(before, arena, &after, error))
            return false;
        if (text_equal(before, after)) {
            *ret_html = after;
            return true;
        }
        before = after;
    }
    if (!text_run(before, arena, &text, error))
        return false;
    return pass(html_escape(text, arena), arena, ret_html, error);
}
