#include "harmless.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "case.h"
#include "desk.h"

enum { DEPTH_MOST = 600, NAME_MOST = 16 };

static const char *const ELEMENTS[] = {
    "a",      "abbr",       "address", "article", "aside", "b",       "bdi",        "bdo",
    "big",    "blockquote", "caption", "center",  "cite",  "code",    "colgroup",   "dd",
    "del",    "dfn",        "div",     "dl",      "dt",    "em",      "figcaption", "figure",
    "font",   "footer",     "h1",      "h2",      "h3",    "h4",      "h5",         "h6",
    "header", "i",          "ins",     "kbd",     "li",    "main",    "mark",       "ol",
    "p",      "pre",        "q",       "s",       "samp",  "section", "small",      "span",
    "strike", "strong",     "sub",     "sup",     "table", "tbody",   "td",         "tfoot",
    "th",     "thead",      "time",    "tr",      "tt",    "u",       "ul",         "var",
};
static const char *const EMPTY_ELEMENTS[] = {"br", "hr", "img", "wbr", "col"};
static const char *const ATTRIBUTES[] = {
    "href",    "src",   "alt",    "title",  "style",       "color",       "size", "face",
    "start",   "type",  "value",  "border", "cellpadding", "cellspacing", "span", "colspan",
    "rowspan", "align", "valign", "width",  "height",      "bgcolor",     "dir",  "lang",
};
static const char *const ENTITIES[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};
static const char *const LINKS[] = {"http://", "https://", "mailto:", "tel:", "sms:"};
static const char *const IMAGES[] = {"cid:",
                                     "data:image/png;base64,",
                                     "data:image/jpeg;base64,",
                                     "data:image/gif;base64,",
                                     "data:image/webp;base64,",
                                     "data:image/bmp;base64,",
                                     "data:image/avif;base64,",
                                     "data:image/x-icon;base64,"};
static const char *const NEVER_IN_STYLE[] = {"url",      "expression", "\\",       "@",      "/*",
                                             "position", "binding",    "behavior", "import", "<",
                                             "}",        "--",         "var(",     "image",  "&"};

struct look {
    const char *at;
    struct arena *arena;
    char open[DEPTH_MOST][NAME_MOST];
    size_t depth;
    const char *problem;
};

static bool is_one_of(const char *text, const char *const *table, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (text_equal(text, table[i]))
            return true;
    return false;
}
#define IS_ONE_OF(text, table) is_one_of(text, table, COUNT(table))

static bool starts_with_any(const char *text, const char *const *table, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strncasecmp(text, table[i], strlen(table[i])) == 0)
            return true;
    return false;
}

static bool wrong(struct look *look, const char *what, const char *which)
{
    look->problem = arena_format(look->arena, "%s: %s, before %.60s", what, which, look->at);
    return false;
}

static bool look_at_text(struct look *look, const char *ends)
{
    for (; *look->at && !strchr(ends, *look->at); look->at++) {
        if (strchr("<>\"'", *look->at))
            return wrong(look, "a character that is not escaped", "in a text");
        if (*look->at == '&' && !starts_with_any(look->at, ENTITIES, COUNT(ENTITIES)))
            return wrong(look, "an entity of its own", "in a text");
    }
    return true;
}

static const char *read_name(struct look *look)
{
    size_t size = strspn(look->at, "abcdefghijklmnopqrstuvwxyz0123456789");
    const char *name = arena_copy_bytes(look->arena, look->at, size);
    look->at += size;
    return name;
}

static bool look_at_value(struct look *look, const char *name, const char *value)
{
    for (size_t i = 0; text_equal(name, "style") && i < COUNT(NEVER_IN_STYLE); i++)
        if (strcasestr(value, NEVER_IN_STYLE[i]))
            return wrong(look, "a style with", NEVER_IN_STYLE[i]);
    if (text_equal(name, "href") && !starts_with_any(value, LINKS, COUNT(LINKS)))
        return wrong(look, "a link to", value);
    if (text_equal(name, "src") && !starts_with_any(value, IMAGES, COUNT(IMAGES)))
        return wrong(look, "an image from", value);
    return true;
}

/* ` name="value"` */
static bool look_at_attribute(struct look *look)
{
    look->at++;
    const char *name = read_name(look);
    if (!IS_ONE_OF(name, ATTRIBUTES))
        return wrong(look, "an attribute", name);
    if (!text_starts(look->at, "=\""))
        return wrong(look, "no value", name);
    const char *value = look->at += 2;
    if (!look_at_text(look, "\""))
        return false;
    value = arena_copy_bytes(look->arena, value, (size_t)(look->at - value));
    if (*look->at++ != '"')
        return wrong(look, "a value without end", name);
    return look_at_value(look, name, value);
}

static bool look_at_start(struct look *look)
{
    const char *name = read_name(look);
    bool is_empty = IS_ONE_OF(name, EMPTY_ELEMENTS);
    if (!is_empty && !IS_ONE_OF(name, ELEMENTS))
        return wrong(look, "an element", name);
    while (*look->at == ' ')
        if (!look_at_attribute(look))
            return false;
    if (*look->at++ != '>')
        return wrong(look, "a tag without end", name);
    if (is_empty)
        return true;
    if (look->depth == DEPTH_MOST)
        return wrong(look, "too deep", name);
    snprintf(look->open[look->depth++], NAME_MOST, "%s", name);
    return true;
}

static bool look_at_end(struct look *look)
{
    look->at++;
    const char *name = read_name(look);
    if (*look->at++ != '>')
        return wrong(look, "an end tag without end", name);
    if (!look->depth || !text_equal(look->open[look->depth - 1], name))
        return wrong(look, "an end tag too many", name);
    look->depth--;
    return true;
}

const char *harmless_problem(const char *html, struct arena *arena)
{
    struct look *look = arena_new(arena, struct look, 1);
    look->at = html;
    look->arena = arena;
    while (*look->at) {
        if (!look_at_text(look, "<"))
            break;
        if (!*look->at)
            break;
        look->at++;
        if (!(*look->at == '/' ? look_at_end(look) : look_at_start(look)))
            break;
    }
    if (!look->problem && look->depth)
        wrong(look, "an element without end", look->open[look->depth - 1]);
    return look->problem;
}

/* --- the attacks */

static char *unescape(const char *line, size_t size, struct arena *arena)
{
    static const char FROM[] = "ntrf\\", TO[] = "\n\t\r\f\\";
    char *text = arena_alloc(arena, size + 1), *to = text;
    for (const char *at = line, *end = line + size; at < end; at++) {
        const char *known = *at == '\\' ? strchr(FROM, at[1]) : NULL;
        if (*at == '\\' && at[1] == 'x') {
            char hex[] = {at[2], at[3], '\0'};
            *to = (char)strtol(hex, NULL, 16);
            to += *to != '\0';
            at += 3;
        } else if (known && *known) {
            *to++ = TO[known - FROM];
            at++;
        } else {
            *to++ = *at;
        }
    }
    return text;
}

static struct list read_attacks(struct arena *arena)
{
    enum { MOST = 1000 };
    const char *corpus = getenv("OUTTRAY_CORPUS");
    const char **attacks = arena_new(arena, const char *, MOST);
    size_t count = 0;
    assert_non_null(corpus);
    const char *at = desk_read_file(arena_format(arena, "%s/attacks.txt", corpus), arena).data;
    while (*at && count < MOST) {
        size_t size = strcspn(at, "\n");
        if (!text_starts(at, "# "))
            attacks[count++] = unescape(at, size, arena);
        at += size + (at[size] == '\n');
    }
    assert_true(count >= 80);
    return (struct list){attacks, count};
}

void harmless_each_attack(void (*try_it)(const char *attack, struct arena *arena))
{
    AUTO_ARENA kept = arena_create();
    struct list attacks = read_attacks(kept);
    for (size_t i = 0; i < attacks.count; i++) {
        AUTO_ARENA arena = arena_create();
        try_it(((const char **)attacks.items)[i], arena);
    }
}

static uint32_t next_number(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    return *state ^= *state << 5;
}

/* A piece of one attack put into another, or a character of those that matter changed. */
static const char *mutate(const struct list *attacks, uint32_t *state, struct arena *arena)
{
    static const char CHARACTERS[] = "<>\"'&/=!-;: \n\t\f`x\\\x01\x80";
    const char *const *items = attacks->items;
    const char *text = items[next_number(state) % attacks->count];
    for (uint32_t rounds = 1 + next_number(state) % 4; rounds; rounds--) {
        const char *other = items[next_number(state) % attacks->count];
        size_t size = strlen(text), other_size = strlen(other);
        size_t at = size ? next_number(state) % size : 0, from = next_number(state) % other_size;
        size_t cut = next_number(state) % 3 ? at : at + (size - at) / 2;
        if (next_number(state) % 2)
            text = arena_format(arena, "%.*s%s%s", (int)at, text, other + from, text + cut);
        else
            text = arena_format(arena, "%.*s%c%s", (int)at, text,
                                CHARACTERS[next_number(state) % (sizeof CHARACTERS - 1)],
                                text + cut);
    }
    return text;
}

void harmless_each_mutation(size_t count, void (*try_it)(const char *attack, struct arena *arena))
{
    AUTO_ARENA kept = arena_create();
    struct list attacks = read_attacks(kept);
    uint32_t state = 20260520;
    for (size_t i = 0; i < count; i++) {
        AUTO_ARENA arena = arena_create();
        try_it(mutate(&attacks, &state, arena), arena);
    }
}
