#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/text.h"
#include "html/markup.h"
#include "message/quote.h"
#include "message/quoted.h"

/* What the element has that begins a quote. */
static const struct {
    const char *attribute, *word;
    bool goes_to_end; /* the quote is not inside it but follows */
} MARKS[] = {
    {"class", QUOTE_ATTRIBUTION_CLASS, false},
    {"class", QUOTE_CLASS, false},
    {"class", "gmail_quote", false},
    {"class", "moz-cite-prefix", false}, /* Thunderbird's line of who wrote */
    {"class", "yahoo_quoted", false},
    {"class", "protonmail_quote", false},
    {"type", "cite", false},
    {"id", "divRplyFwdMsg", true}, /* Outlook */
    {"id", "appendonsend", true},
};

struct search {
    const char *html;
    struct buf own;
    struct markup markup;
    size_t tag_start, value_start;
    const char *quote_tag; /* the name of the element that is the quote; NULL: outside */
    int depth;             /* of elements of that name within it */
    size_t own_start;
    bool is_marked, goes_to_end; /* the tag that is read */
    bool is_found;
    size_t start, body_end;
};

static bool has_word(const char *value, size_t size, const char *word)
{
    size_t length = strlen(word);
    for (size_t at = 0; at < size;) {
        size_t word_size = 0;
        while (at + word_size < size && !strchr(" \t\r\n\f\"'>", value[at + word_size]))
            word_size++;
        if (word_size == length && at + length <= size &&
            strncasecmp(value + at, word, length) == 0)
            return true;
        at += word_size + 1;
    }
    return false;
}

static void read_value(struct search *search, size_t end)
{
    const char *value = search->html + search->value_start;
    for (size_t i = 0; i < sizeof MARKS / sizeof *MARKS; i++)
        if (text_equal(search->markup.attribute, MARKS[i].attribute) &&
            has_word(value, end - search->value_start, MARKS[i].word)) {
            search->is_marked = true;
            search->goes_to_end = search->goes_to_end || MARKS[i].goes_to_end;
        }
}

static void begin_quote(struct search *search)
{
    if (!search->is_found)
        search->start = search->tag_start;
    search->is_found = true;
    search->quote_tag = search->goes_to_end ? ""
                                            : arena_copy(search->own.arena, search->markup.tag);
    search->depth = 1;
    buf_add_bytes(&search->own, search->html + search->own_start,
                  search->tag_start - search->own_start);
}

/* A tag has been read, up to end. */
static void read_tag(struct search *search, size_t end)
{
    const struct markup *markup = &search->markup;
    if (!search->quote_tag) {
        if (search->is_marked && !markup->is_end_tag)
            begin_quote(search);
        else if (markup->is_end_tag && text_equal(markup->tag, "body"))
            search->body_end = search->tag_start;
    } else if (text_equal(markup->tag, search->quote_tag)) {
        search->depth += markup->is_end_tag ? -1 : 1;
        if (!search->depth) {
            search->quote_tag = NULL;
            search->own_start = end;
        }
    }
}

static bool is_in_tag(enum markup_state state)
{
    return state == MARKUP_TAG_NAME || state == MARKUP_BEFORE_NAME ||
           state == MARKUP_ATTRIBUTE_NAME || state == MARKUP_AFTER_NAME ||
           state == MARKUP_BEFORE_VALUE || state == MARKUP_VALUE;
}

static void step(struct search *search, size_t at)
{
    struct markup *markup = &search->markup;
    enum markup_state before = markup->state;
    if (search->html[at] == '<' && (before == MARKUP_DATA || before == MARKUP_TAG_OPEN)) {
        search->tag_start = at;
        search->is_marked = search->goes_to_end = false;
    }
    markup_step(markup, search->html[at]);
    if (markup->state == MARKUP_VALUE && before != MARKUP_VALUE)
        search->value_start = at + (markup->quote ? 1 : 0);
    else if (before == MARKUP_VALUE && markup->state != MARKUP_VALUE)
        read_value(search, at);
    if (is_in_tag(before) && !is_in_tag(markup->state))
        read_tag(search, at + 1);
}

struct quoted quoted_in_html(const char *html, struct arena *arena)
{
    struct search search = {.html = html, .own = BUF(arena, SIZE_MAX / 4), .body_end = SIZE_MAX};
    struct error none;
    size_t size = 0;
    for (; html[size]; size++)
        step(&search, size);
    if (!search.quote_tag)
        buf_add_bytes(&search.own, html + search.own_start, size - search.own_start);
    if (!search.is_found)
        search.start = search.body_end < size ? search.body_end : size;
    return (struct quoted){search.start, search.own.size ? buf_text(&search.own, &none) : ""};
}
