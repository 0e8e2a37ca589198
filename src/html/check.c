#include "html/html.h"
#include "html/tasks.h"
#include "html/tree.h"

/* Says before a mail is taken whether its HTML can be read, so that none is queued that never could
 * be composed. */

/* Below these numbers nothing can be too much. A tag opens two elements at most (<td> a row, too),
 * and at most TAGS_SIMPLE / 2 open elements are repeated in each of as many others, with their
 * attributes; an attribute begins behind one of the separators. So a tree has at most TAGS_SIMPLE^2
 * / 4 + 2 * TAGS_SIMPLE nodes, is 2 * TAGS_SIMPLE deep, and repeats PRODUCT_SIMPLE / 4 bytes. */
enum { TAGS_SIMPLE = 200, SEPARATORS_SIMPLE = 600, PRODUCT_SIMPLE = 1000 * 1000 };

/* An answer wraps what it quotes into two elements, and its writer adds more. */
enum { DEPTH_LEFT = 64, NODES_LEFT = TREE_NODES_MAX / 4 };

static const unsigned char SEPARATORS[256] = {
    [' '] = 1, ['\t'] = 1, ['\n'] = 1, ['\r'] = 1, ['\f'] = 1, ['/'] = 1, ['"'] = 1, ['\''] = 1,
};

static bool check_is_simple(const char *html)
{
    size_t tags = 0, separators = 0, size = 0;
    for (; html[size]; size++) {
        tags += html[size] == '<';
        separators += SEPARATORS[(unsigned char)html[size]];
        if (tags > TAGS_SIMPLE || separators > SEPARATORS_SIMPLE)
            return false;
    }
    return tags * size <= PRODUCT_SIMPLE;
}

bool html_check(const char *html, struct error *error)
{
    return check_is_simple(html) || tasks_check(html, false, error);
}

bool html_check_quoted(const char *html, struct error *error)
{
    return check_is_simple(html) || tasks_check(html, true, error);
}

bool check_run(const char *html, bool is_quoted, struct error *error)
{
    const struct tree_limits limits = {HTML_DEPTH_MAX - DEPTH_LEFT, TREE_NODES_MAX - NODES_LEFT};
    AUTO_TREE tree = {0};
    if (is_quoted)
        return tree_read_within(html, &limits, &tree, error);
    AUTO_ARENA arena = arena_create();
    const char *text = NULL;
    return text_run(html, arena, &text, error);
}
