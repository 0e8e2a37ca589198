#include "html/shallow.h"

#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "html/look.h"
#include "html/markup.h"

/* Follows the tags without building anything: a stack of what is open, as a browser would have it
 * where nothing is out of order. Where something is, the tree that is made in the end is another
 * one, but all text is in it. */

/* Tags that stay, so that the tree has room for what they make. */
enum { TAGS_MAX = 50 * 1000 };

struct shallow_open {
    GumboTag tag;
    bool is_kept;
};

struct shallow {
    struct arena *arena;
    struct buf out;
    struct markup markup;
    struct cascade cascade;
    struct shallow_open *open;
    size_t depth, kept, room, depth_max;
    unsigned counts[GUMBO_TAG_LAST + 1]; /* of those that are open */
    size_t hidden_at;                    /* what is deeper is not shown; 0: nothing is hidden */
    size_t tags;
    /* Of the tag at hand. */
    const char *start, *style;
    size_t style_size;
    bool is_tag, is_hidden;
};

static bool shallow_is_one_of(GumboTag tag, const GumboTag *tags)
{
    for (; *tags != GUMBO_TAG_LAST; tags++)
        if (*tags == tag)
            return true;
    return false;
}

static bool shallow_is_void(GumboTag tag)
{
    static const GumboTag TAGS[] = {
        GUMBO_TAG_BR,    GUMBO_TAG_IMG,   GUMBO_TAG_HR,   GUMBO_TAG_INPUT, GUMBO_TAG_WBR,
        GUMBO_TAG_COL,   GUMBO_TAG_META,  GUMBO_TAG_LINK, GUMBO_TAG_BASE,  GUMBO_TAG_AREA,
        GUMBO_TAG_EMBED, GUMBO_TAG_PARAM, GUMBO_TAG_LAST};
    return shallow_is_one_of(tag, TAGS);
}

static bool shallow_is_block(GumboTag tag)
{
    static const GumboTag TAGS[] = {
        GUMBO_TAG_DIV,    GUMBO_TAG_P,       GUMBO_TAG_BLOCKQUOTE, GUMBO_TAG_TABLE,
        GUMBO_TAG_TR,     GUMBO_TAG_UL,      GUMBO_TAG_OL,         GUMBO_TAG_LI,
        GUMBO_TAG_PRE,    GUMBO_TAG_H1,      GUMBO_TAG_H2,         GUMBO_TAG_H3,
        GUMBO_TAG_H4,     GUMBO_TAG_H5,      GUMBO_TAG_H6,         GUMBO_TAG_SECTION,
        GUMBO_TAG_CENTER, GUMBO_TAG_ARTICLE, GUMBO_TAG_DL,         GUMBO_TAG_DT,
        GUMBO_TAG_DD,     GUMBO_TAG_FORM,    GUMBO_TAG_HEADER,     GUMBO_TAG_FOOTER,
        GUMBO_TAG_LAST};
    return shallow_is_one_of(tag, TAGS);
}

/* --- what is open */

static void shallow_push(struct shallow *shallow, GumboTag tag, bool is_kept)
{
    if (shallow->depth == shallow->room) {
        size_t room = shallow->room ? 2 * shallow->room : 1024;
        struct shallow_open *open = arena_new(shallow->arena, struct shallow_open, room);
        if (shallow->depth)
            memcpy(open, shallow->open, shallow->depth * sizeof *open);
        shallow->open = open;
        shallow->room = room;
    }
    shallow->open[shallow->depth++] = (struct shallow_open){tag, is_kept};
    shallow->kept += is_kept;
    shallow->counts[tag]++;
}

static struct shallow_open shallow_pop(struct shallow *shallow)
{
    struct shallow_open last = shallow->open[--shallow->depth];
    shallow->kept -= last.is_kept;
    shallow->counts[last.tag]--;
    if (shallow->hidden_at > shallow->depth)
        shallow->hidden_at = 0;
    return last;
}

/* What the start of an element ends without saying so. */
static void shallow_end_implied(struct shallow *shallow, GumboTag tag)
{
    static const struct {
        GumboTag open, starts;
    } ENDS[] = {
        {GUMBO_TAG_LI, GUMBO_TAG_LI}, {GUMBO_TAG_OPTION, GUMBO_TAG_OPTION},
        {GUMBO_TAG_TD, GUMBO_TAG_TD}, {GUMBO_TAG_TD, GUMBO_TAG_TH},
        {GUMBO_TAG_TD, GUMBO_TAG_TR}, {GUMBO_TAG_TH, GUMBO_TAG_TD},
        {GUMBO_TAG_TH, GUMBO_TAG_TH}, {GUMBO_TAG_TH, GUMBO_TAG_TR},
        {GUMBO_TAG_TR, GUMBO_TAG_TR}, {GUMBO_TAG_DT, GUMBO_TAG_DT},
        {GUMBO_TAG_DT, GUMBO_TAG_DD}, {GUMBO_TAG_DD, GUMBO_TAG_DT},
        {GUMBO_TAG_DD, GUMBO_TAG_DD},
    };
    for (bool goes_on = true; goes_on && shallow->depth;) {
        GumboTag last = shallow->open[shallow->depth - 1].tag;
        goes_on = last == GUMBO_TAG_P && shallow_is_block(tag);
        for (size_t i = 0; i < sizeof ENDS / sizeof *ENDS; i++)
            goes_on = goes_on || (last == ENDS[i].open && tag == ENDS[i].starts);
        if (goes_on)
            shallow_pop(shallow);
    }
}

/* --- tags */

static void shallow_copy(struct shallow *shallow, const char *start, const char *end)
{
    if (!shallow->hidden_at)
        buf_add_bytes(&shallow->out, start, (size_t)(end - start));
}

static void shallow_break_line(struct shallow *shallow)
{
    static const char BREAK[] = "<br>";
    const struct buf *out = &shallow->out;
    bool is_there = out->size >= strlen(BREAK) &&
                    memcmp(out->data + out->size - strlen(BREAK), BREAK, strlen(BREAK)) == 0;
    if (!shallow->hidden_at && !is_there)
        buf_add(&shallow->out, shallow->tags++ < TAGS_MAX ? BREAK : "\n");
}

static bool shallow_hides(struct shallow *shallow, GumboTag tag)
{
    cascade_clear(&shallow->cascade);
    if (shallow->style)
        cascade_add_style(&shallow->cascade,
                          arena_copy_bytes(shallow->arena, shallow->style, shallow->style_size),
                          shallow->arena);
    return look_hides(tag, shallow->is_hidden, &shallow->cascade);
}

static void shallow_start_tag(struct shallow *shallow, GumboTag tag, const char *end)
{
    bool has_room = shallow->tags < TAGS_MAX;
    if (shallow_is_void(tag)) {
        if (has_room && !(tag == GUMBO_TAG_INPUT && shallow_hides(shallow, tag)))
            shallow_copy(shallow, shallow->start, end);
        shallow->tags++;
        return;
    }
    shallow_end_implied(shallow, tag);
    bool is_kept = has_room && !shallow->hidden_at && shallow->kept < shallow->depth_max;
    shallow_push(shallow, tag, is_kept);
    if (is_kept) {
        shallow->tags++;
        shallow_copy(shallow, shallow->start, end);
        return;
    }
    if (!shallow->hidden_at && shallow_hides(shallow, tag))
        shallow->hidden_at = shallow->depth;
    if (shallow_is_block(tag))
        shallow_break_line(shallow);
}

static void shallow_end_tag(struct shallow *shallow, GumboTag tag, const char *end)
{
    struct shallow_open last = {.tag = GUMBO_TAG_LAST};
    if (!shallow->counts[tag])
        return;
    do
        last = shallow_pop(shallow);
    while (last.tag != tag);
    if (last.is_kept)
        shallow_copy(shallow, shallow->start, end);
    else if (shallow_is_block(tag))
        shallow_break_line(shallow);
}

/* From its "<" to here. Tags that nobody knows go: their elements would, too. */
static void shallow_piece(struct shallow *shallow, const char *end)
{
    GumboTag tag = shallow->is_tag ? gumbo_tag_enum(shallow->markup.tag) : GUMBO_TAG_UNKNOWN;
    if (!shallow->is_tag || tag == GUMBO_TAG_UNKNOWN || tag == GUMBO_TAG_LAST)
        return;
    (shallow->markup.is_end_tag ? shallow_end_tag : shallow_start_tag)(shallow, tag, end);
}

/* --- the text */

/* What a start tag says that is to be known of it. */
static void shallow_note(struct shallow *shallow, enum markup_state before, const char *at)
{
    enum markup_state now = shallow->markup.state;
    const char *name = shallow->markup.attribute;
    shallow->is_tag = shallow->is_tag || now == MARKUP_TAG_NAME;
    if (before == MARKUP_ATTRIBUTE_NAME && now != before && text_equal(name, "hidden"))
        shallow->is_hidden = true;
    if (!text_equal(name, "style") || shallow->style_size)
        return;
    if (now == MARKUP_VALUE && before != now)
        shallow->style = shallow->markup.quote ? at + 1 : at;
    else if (before == MARKUP_VALUE && now != before && shallow->style)
        shallow->style_size = (size_t)(at - shallow->style);
}

static void shallow_begin(struct shallow *shallow, const char *at)
{
    shallow->start = at;
    shallow->style = NULL;
    shallow->style_size = 0;
    shallow->is_tag = shallow->is_hidden = false;
}

/* An element whose content is no markup stays whole; `at` is behind its start tag. */
static const char *shallow_raw(struct shallow *shallow, const char *at)
{
    while (*at && shallow->markup.state != MARKUP_DATA)
        markup_step(&shallow->markup, *at++);
    if (shallow->tags++ < TAGS_MAX)
        shallow_copy(shallow, shallow->start, at);
    return at;
}

const char *shallow_html(const char *html, size_t depth_max, struct arena *arena)
{
    struct shallow *shallow = arena_new(arena, struct shallow, 1);
    struct error none;
    *shallow = (struct shallow){
        .arena = arena, .out = BUF(arena, 2 * strlen(html) + 1), .depth_max = depth_max};
    const char *text = html;
    for (const char *at = html; *at;) {
        enum markup_state before = shallow->markup.state;
        if (before == MARKUP_DATA && *at == '<') {
            shallow_copy(shallow, text, at);
            shallow_begin(shallow, at);
            text = at;
        }
        markup_step(&shallow->markup, *at);
        shallow_note(shallow, before, at);
        at++;
        if (before == MARKUP_DATA ||
            (shallow->markup.state != MARKUP_DATA && shallow->markup.state != MARKUP_RAW))
            continue;
        if (shallow->markup.state == MARKUP_RAW)
            at = shallow_raw(shallow, at);
        else if (before == MARKUP_TAG_OPEN)
            continue; /* a "<" that was none of a tag */
        else
            shallow_piece(shallow, at);
        text = at;
    }
    if (shallow->markup.state == MARKUP_DATA || shallow->markup.state == MARKUP_TAG_OPEN)
        shallow_copy(shallow, text, text + strlen(text));
    return buf_text(&shallow->out, &none);
}

bool shallow_read(const char *html, struct arena *arena, struct tree *ret_tree, struct error *error)
{
    static const size_t DEPTHS[] = {SHALLOW_DEPTH_MAX, 0};
    const struct tree_limits limits = {SHALLOW_READ_DEPTH, SHALLOW_READ_NODES};
    bool is_read = tree_read_within(html, &limits, ret_tree, error);
    if (is_read || strlen(html) > HTML_BYTES_MAX)
        return is_read;
    for (size_t i = 0; !is_read && i < sizeof DEPTHS / sizeof *DEPTHS; i++) {
        const char *shallow = shallow_html(html, DEPTHS[i], arena);
        is_read = shallow && tree_read_within(shallow, &limits, ret_tree, error);
    }
    return is_read;
}
