#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "html/form_text.h"
#include "html/html.h"
#include "html/lines.h"
#include "html/look.h"
#include "html/tasks.h"
#include "html/tree.h"

/* What an element does to the text; the numbers of GumboTag are the table's places. */
enum layout {
    INLINE = 0, /* nothing */
    HIDDEN,
    BLOCK,
    PARAGRAPH, /* with blank lines around */
    LINE_BREAK,
    RULE,
    LINK,
    IMAGE,
    QUOTE,
    UNORDERED,
    ORDERED,
    ITEM,
    CELL,
    VERBATIM,
    FORM_FIELD,
};

/* clang-format off */
static const unsigned char LAYOUTS[GUMBO_TAG_LAST + 1] = {
    [GUMBO_TAG_HEAD] = HIDDEN,       [GUMBO_TAG_SCRIPT] = HIDDEN,    [GUMBO_TAG_STYLE] = HIDDEN,
    [GUMBO_TAG_TITLE] = HIDDEN,      [GUMBO_TAG_TEMPLATE] = HIDDEN,  [GUMBO_TAG_NOSCRIPT] = HIDDEN,
    [GUMBO_TAG_IFRAME] = HIDDEN,     [GUMBO_TAG_OBJECT] = HIDDEN,    [GUMBO_TAG_NOFRAMES] = HIDDEN,
    [GUMBO_TAG_SVG] = HIDDEN,        [GUMBO_TAG_MATH] = HIDDEN,      [GUMBO_TAG_SELECT] = FORM_FIELD,
    [GUMBO_TAG_DATALIST] = HIDDEN,   [GUMBO_TAG_TEXTAREA] = FORM_FIELD, [GUMBO_TAG_NOEMBED] = HIDDEN,
    [GUMBO_TAG_AUDIO] = HIDDEN,      [GUMBO_TAG_VIDEO] = HIDDEN,     [GUMBO_TAG_CANVAS] = HIDDEN,
    [GUMBO_TAG_DIV] = BLOCK,         [GUMBO_TAG_SECTION] = BLOCK,    [GUMBO_TAG_ARTICLE] = BLOCK,
    [GUMBO_TAG_HEADER] = BLOCK,      [GUMBO_TAG_FOOTER] = BLOCK,     [GUMBO_TAG_ADDRESS] = BLOCK,
    [GUMBO_TAG_MAIN] = BLOCK,        [GUMBO_TAG_NAV] = BLOCK,        [GUMBO_TAG_ASIDE] = BLOCK,
    [GUMBO_TAG_FORM] = BLOCK,        [GUMBO_TAG_CENTER] = BLOCK,     [GUMBO_TAG_CAPTION] = BLOCK,
    [GUMBO_TAG_DT] = BLOCK,          [GUMBO_TAG_DD] = BLOCK,         [GUMBO_TAG_FIGCAPTION] = BLOCK,
    [GUMBO_TAG_TABLE] = BLOCK,       [GUMBO_TAG_FIELDSET] = BLOCK,   [GUMBO_TAG_LEGEND] = BLOCK,
    [GUMBO_TAG_DETAILS] = BLOCK,     [GUMBO_TAG_SUMMARY] = BLOCK,    [GUMBO_TAG_HGROUP] = BLOCK,
    [GUMBO_TAG_P] = PARAGRAPH,       [GUMBO_TAG_DL] = PARAGRAPH,     [GUMBO_TAG_FIGURE] = PARAGRAPH,
    [GUMBO_TAG_H1] = PARAGRAPH,      [GUMBO_TAG_H2] = PARAGRAPH,     [GUMBO_TAG_H3] = PARAGRAPH,
    [GUMBO_TAG_H4] = PARAGRAPH,      [GUMBO_TAG_H5] = PARAGRAPH,     [GUMBO_TAG_H6] = PARAGRAPH,
    [GUMBO_TAG_BR] = LINE_BREAK,     [GUMBO_TAG_HR] = RULE,          [GUMBO_TAG_A] = LINK,
    [GUMBO_TAG_IMG] = IMAGE,         [GUMBO_TAG_BLOCKQUOTE] = QUOTE, [GUMBO_TAG_LI] = ITEM,
    [GUMBO_TAG_UL] = UNORDERED,      [GUMBO_TAG_MENU] = UNORDERED,   [GUMBO_TAG_OL] = ORDERED,
    [GUMBO_TAG_TR] = BLOCK,          [GUMBO_TAG_TD] = CELL,          [GUMBO_TAG_TH] = CELL,
    [GUMBO_TAG_PRE] = VERBATIM,      [GUMBO_TAG_LISTING] = VERBATIM,
    [GUMBO_TAG_XMP] = VERBATIM,      [GUMBO_TAG_PLAINTEXT] = VERBATIM, [GUMBO_TAG_INPUT] = FORM_FIELD,
};
/* clang-format on */

/* Deeper quotes and lists stand at this indentation; each line carries it. */
enum { PREFIX_MAX = 80 };

struct walk {
    struct arena *arena;
    struct lines lines;
    bool is_verbatim;
    unsigned list_depth;
    unsigned *item_number; /* of the ordered list around; NULL in another */
    struct sheet *sheet;
    struct cascade cascade; /* of the element at hand */
    struct look look;       /* of the element around */
};

static void walk_node(struct walk *walk, const GumboNode *node);

static const char *attribute(const GumboElement *element, const char *name)
{
    const GumboAttribute *found = gumbo_get_attribute(&element->attributes, name);
    return found ? found->value : "";
}

static void walk_children(struct walk *walk, const GumboElement *element)
{
    for (unsigned i = 0; i < element->children.length; i++)
        walk_node(walk, element->children.data[i]);
}

static void walk_block(struct walk *walk, const GumboElement *element, unsigned breaks)
{
    lines_gap(&walk->lines, breaks);
    walk_children(walk, element);
    lines_gap(&walk->lines, breaks);
}

static const char *longer_prefix(const struct walk *walk, const char *more)
{
    const char *prefix = walk->lines.prefix;
    return strlen(prefix) < PREFIX_MAX ? arena_format(walk->arena, "%s%s", prefix, more) : prefix;
}

static void walk_quote(struct walk *walk, const GumboElement *element)
{
    const char *outer = walk->lines.prefix;
    lines_gap(&walk->lines, 2);
    walk->lines.prefix = longer_prefix(walk, "> ");
    walk_children(walk, element);
    walk->lines.prefix = outer;
    lines_gap(&walk->lines, 2);
}

static void walk_list(struct walk *walk, const GumboElement *element, bool is_ordered)
{
    unsigned number = 1, *outer = walk->item_number;
    unsigned breaks = walk->list_depth++ ? 1 : 2; /* no blank lines around an inner list */
    walk->item_number = is_ordered ? &number : NULL;
    walk_block(walk, element, breaks);
    walk->item_number = outer;
    walk->list_depth--;
}

static void walk_item(struct walk *walk, const GumboElement *element)
{
    const char *outer = walk->lines.prefix;
    const char *marker = walk->item_number
                             ? arena_format(walk->arena, "%u. ", (*walk->item_number)++)
                             : "- ";
    lines_gap(&walk->lines, 1);
    walk->lines.marker = longer_prefix(walk, marker);
    walk->lines.prefix = longer_prefix(walk,
                                       arena_format(walk->arena, "%*s", (int)strlen(marker), ""));
    walk_children(walk, element);
    walk->lines.prefix = outer;
    walk->lines.marker = NULL; /* an empty item leaves no dash for the next line */
    lines_gap(&walk->lines, 1);
}

static bool is_shown_url(const char *url)
{
    static const char *const SCHEMES[] = {"http://", "https://", "mailto:", "tel:", "sms:"};
    if (strpbrk(url, " <>\"\t\r\n") || text_has_control(url))
        return false;
    for (size_t i = 0; i < sizeof SCHEMES / sizeof *SCHEMES; i++)
        if (strncasecmp(url, SCHEMES[i], strlen(SCHEMES[i])) == 0 && url[strlen(SCHEMES[i])])
            return true;
    return false;
}

/* `https://example.com/` needs no <https://example.com> behind it. */
static bool says_the_same(const char *text, size_t size, const char *url)
{
    static const char *const SCHEMES[] = {"https://", "http://", "mailto:", "tel:", "sms:"};
    for (size_t i = 0; i < sizeof SCHEMES / sizeof *SCHEMES; i++) {
        size_t scheme = strlen(SCHEMES[i]);
        if (size > scheme && strncasecmp(text, SCHEMES[i], scheme) == 0) {
            text += scheme;
            size -= scheme;
        }
        if (strncasecmp(url, SCHEMES[i], scheme) == 0)
            url += scheme;
    }
    size_t url_size = strlen(url);
    size -= size && text[size - 1] == '/';
    url_size -= url_size && url[url_size - 1] == '/';
    return size == url_size && strncasecmp(text, url, size) == 0;
}

static void walk_link(struct walk *walk, const GumboElement *element)
{
    const char *url = text_trim(attribute(element, "href"), walk->arena);
    size_t start = walk->lines.out.size;
    walk_children(walk, element);
    struct buf *out = &walk->lines.out;
    bool is_empty = out->size == start;
    while (start < out->size && strchr(" \n\t", out->data[start]))
        start++;
    if (!is_shown_url(url) ||
        (!is_empty && says_the_same(out->data + start, out->size - start, url)))
        return;
    if (!is_empty && !walk->lines.breaks)
        lines_add(&walk->lines, " ");
    lines_add(&walk->lines, arena_format(walk->arena, "<%s>", url));
}

static void walk_verbatim(struct walk *walk, const GumboElement *element)
{
    bool outer = walk->is_verbatim;
    lines_gap(&walk->lines, 2);
    walk->is_verbatim = true;
    walk_children(walk, element);
    walk->is_verbatim = outer;
    lines_gap(&walk->lines, 2);
}

static void walk_cell(struct walk *walk, const GumboElement *element)
{
    lines_separate(&walk->lines);
    walk_children(walk, element);
}

static void walk_form_field(struct walk *walk, const GumboElement *element)
{
    const char *text = form_text(element, walk->arena);
    if (!look_shows_text(&walk->look))
        return;
    if (element->tag == GUMBO_TAG_TEXTAREA) {
        lines_gap(&walk->lines, 1);
        lines_add_verbatim(&walk->lines, text);
        lines_gap(&walk->lines, 1);
    } else
        lines_add(&walk->lines, arena_format(walk->arena, " %s ", text));
}

static void walk_laid_out(struct walk *walk, const GumboElement *element)
{
    switch ((enum layout)LAYOUTS[element->tag]) {
    case HIDDEN: return;
    case INLINE: walk_children(walk, element); return;
    case BLOCK: walk_block(walk, element, 1); return;
    case PARAGRAPH: walk_block(walk, element, 2); return;
    case LINE_BREAK: lines_break(&walk->lines); return;
    case LINK: walk_link(walk, element); return;
    case IMAGE:
        if (!walk->look.is_invisible)
            lines_add(&walk->lines, attribute(element, "alt"));
        return;
    case QUOTE: walk_quote(walk, element); return;
    case UNORDERED: walk_list(walk, element, false); return;
    case ORDERED: walk_list(walk, element, true); return;
    case ITEM: walk_item(walk, element); return;
    case CELL: walk_cell(walk, element); return;
    case VERBATIM: walk_verbatim(walk, element); return;
    case FORM_FIELD: walk_form_field(walk, element); return;
    case RULE:
        lines_gap(&walk->lines, 1);
        lines_add(&walk->lines, "----------------------------------------");
        lines_gap(&walk->lines, 1);
        return;
    }
}

static void walk_element(struct walk *walk, const GumboElement *element)
{
    if (element->tag_namespace != GUMBO_NAMESPACE_HTML)
        return;
    const struct look outer = walk->look;
    look_declare(walk->sheet, element, walk->arena, &walk->cascade);
    walk->look = look_of(&outer, element, &walk->cascade);
    if (!walk->look.is_gone)
        walk_laid_out(walk, element);
    walk->look = outer;
}

static void walk_text(struct walk *walk, const char *text)
{
    if (look_shows_text(&walk->look))
        (walk->is_verbatim ? lines_add_verbatim : lines_add)(&walk->lines, text);
    else if (!walk->look.is_tiny && strpbrk(text, " \t\r\n"))
        lines_add(&walk->lines, " ");
}

/* Recursion is as deep as the tree: at most HTML_DEPTH_MAX. */
static void walk_node(struct walk *walk, const GumboNode *node)
{
    switch (node->type) {
    case GUMBO_NODE_ELEMENT: walk_element(walk, &node->v.element); return;
    case GUMBO_NODE_TEXT:
    case GUMBO_NODE_CDATA:
    case GUMBO_NODE_WHITESPACE: walk_text(walk, node->v.text.text); return;
    default: return;
    }
}

bool text_run(const char *html, struct arena *arena, const char **ret_text, struct error *error)
{
    AUTO_TREE tree = {0};
    if (!tree_read(html, &tree, error))
        return false;
    struct walk walk = {
        .arena = arena,
        .lines = lines_start(arena, HTML_TEXT_BYTES_MAX),
        .sheet = sheet_of(tree.root, arena),
        .look = LOOK_START,
    };
    walk_node(&walk, tree.root);
    const char *text = lines_text(&walk.lines, error);
    if (text)
        *ret_text = text;
    return text;
}
