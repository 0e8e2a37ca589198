#include "html/markup.h"

#include <string.h>

#include "base/text.h"

/* Attributes whose value is the address of something. `to`, `from` and `values` are of SVG, where
 * an animation sets another attribute. */
static const char *const URLS[] = {
    "action",     "background", "cite", "classid", "code",     "codebase", "data",     "dynsrc",
    "formaction", "from",       "href", "icon",    "longdesc", "lowsrc",   "manifest", "ping",
    "poster",     "profile",    "src",  "srcset",  "to",       "usemap",   "values",   "xlink:href",
};

/* Elements in which nothing is markup but their own end tag. */
static const char *const RAW[] = {"iframe", "noembed", "noframes", "plaintext",
                                  "script", "style",   "xmp"};
static const char *const RAW_TEXT[] = {"textarea", "title"};
/* Where line breaks are shown as they are, or where <br> would end the element. */
static const char *const VERBATIM[] = {"listing", "math", "pre", "select", "svg"};

#define IS_ONE_OF(name, table) is_one_of(name, table, sizeof(table) / sizeof *(table))

static bool is_one_of(const char *name, const char *const *table, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (text_equal(name, table[i]))
            return true;
    return false;
}

static char lower(char character)
{
    return character >= 'A' && character <= 'Z' ? (char)(character | 0x20) : character;
}

static bool is_letter(char character)
{
    return lower(character) >= 'a' && lower(character) <= 'z';
}

static bool is_space(char character)
{
    return character == ' ' || (character >= '\t' && character <= '\r' && character != '\v');
}

/* A name that is cut is none of those that matter. */
static void add_to_name(struct markup *markup, char *name, char character)
{
    if (markup->name_size < MARKUP_NAME_BYTES) {
        name[markup->name_size++] = lower(character);
        name[markup->name_size] = '\0';
    }
}

static void begin_name(struct markup *markup, char *name, char character, enum markup_state state)
{
    markup->name_size = 0;
    add_to_name(markup, name, character);
    markup->state = state;
}

static void follow_verbatim(struct markup *markup)
{
    if (markup->is_end_tag && text_equal(markup->tag, markup->verbatim))
        *markup->verbatim = '\0';
    else if (!markup->is_end_tag && !*markup->verbatim && IS_ONE_OF(markup->tag, VERBATIM))
        memcpy(markup->verbatim, markup->tag, sizeof markup->tag);
}

static void end_tag(struct markup *markup)
{
    markup->state = MARKUP_DATA;
    follow_verbatim(markup);
    if (markup->is_end_tag)
        return;
    markup->is_text = IS_ONE_OF(markup->tag, RAW_TEXT);
    if (markup->is_text || IS_ONE_OF(markup->tag, RAW)) {
        markup->state = MARKUP_RAW;
        markup->matched = 0;
    }
}

static void step_tag_open(struct markup *markup, char character)
{
    markup->is_end_tag = markup->state == MARKUP_END_TAG_OPEN;
    markup->matched = 0;
    if (is_letter(character))
        begin_name(markup, markup->tag, character, MARKUP_TAG_NAME);
    else if (markup->is_end_tag)
        markup->state = character == '>' ? MARKUP_DATA : MARKUP_BOGUS_COMMENT;
    else if (character == '/')
        markup->state = MARKUP_END_TAG_OPEN;
    else if (character == '!')
        markup->state = MARKUP_DECLARATION;
    else if (character == '?')
        markup->state = MARKUP_BOGUS_COMMENT;
    else if (character != '<') /* "<<": the second one may open a tag */
        markup->state = MARKUP_DATA;
}

/* What a comment has said last. It ends with "-->" or "--!>"; "<!-->" and "<!--->" are whole, but
 * "<!--!>" is not. */
enum ending { SOMETHING, DASH, DASHES, DASHES_AND_MARK, OPENED, OPENED_AND_DASH };

static void step_comment(struct markup *markup, char character)
{
    static const enum ending AFTER_DASH[] = {
        [SOMETHING] = DASH,         [DASH] = DASHES,
        [DASHES] = DASHES,          [DASHES_AND_MARK] = DASH,
        [OPENED] = OPENED_AND_DASH, [OPENED_AND_DASH] = DASHES,
    };
    if (character == '>' && markup->matched >= DASHES)
        markup->state = MARKUP_DATA;
    else if (character == '-')
        markup->matched = AFTER_DASH[markup->matched];
    else
        markup->matched = character == '!' && markup->matched == DASHES ? DASHES_AND_MARK
                                                                        : SOMETHING;
}

/* Behind "<!": two dashes make it a comment, anything else ends at the next ">". */
static void step_declaration(struct markup *markup, char character)
{
    if (character == '-' && markup->matched == DASH) {
        markup->state = MARKUP_COMMENT;
        markup->matched = OPENED;
    } else if (character == '-')
        markup->matched = DASH;
    else
        markup->state = character == '>' ? MARKUP_DATA : MARKUP_BOGUS_COMMENT;
}

/* matched: how much of "</tag" has been seen. */
static void step_raw(struct markup *markup, char character)
{
    size_t size = strlen(markup->tag);
    if (markup->matched == size + 2 && (is_space(character) || strchr("/>", character))) {
        markup->is_end_tag = true;
        markup->is_text = false;
        markup->state = MARKUP_BEFORE_NAME;
        if (character == '>')
            end_tag(markup);
        return;
    }
    const char *expected = markup->matched == 0   ? "<"
                           : markup->matched == 1 ? "/"
                                                  : markup->tag + markup->matched - 2;
    bool is_expected = markup->matched < size + 2 && lower(character) == *expected;
    markup->matched = is_expected ? markup->matched + 1 : character == '<';
}

static enum markup_use use_of(const char *attribute)
{
    if (text_starts(attribute, "on") || text_equal(attribute, "srcdoc"))
        return MARKUP_CODE;
    if (text_equal(attribute, "style"))
        return MARKUP_STYLE;
    return IS_ONE_OF(attribute, URLS) ? MARKUP_URL : MARKUP_PLAIN;
}

static void begin_value(struct markup *markup, char quote)
{
    markup->quote = quote;
    markup->use = use_of(markup->attribute);
    markup->state = MARKUP_VALUE;
}

static void step_value(struct markup *markup, char character)
{
    if (markup->quote ? character == markup->quote : is_space(character))
        markup->state = MARKUP_BEFORE_NAME;
    else if (!markup->quote && character == '>')
        end_tag(markup);
}

static void step_before_value(struct markup *markup, char character)
{
    if (character == '"' || character == '\'')
        begin_value(markup, character);
    else if (character == '>')
        end_tag(markup);
    else if (!is_space(character))
        begin_value(markup, '\0');
}

/* Between the "<" of a tag and its ">", outside of values. */
static void step_tag(struct markup *markup, char character)
{
    if (character == '>')
        end_tag(markup);
    else if (character == '/')
        markup->state = MARKUP_BEFORE_NAME;
    else if (is_space(character)) {
        if (markup->state != MARKUP_AFTER_NAME)
            markup->state = markup->state == MARKUP_ATTRIBUTE_NAME ? MARKUP_AFTER_NAME
                                                                   : MARKUP_BEFORE_NAME;
    } else if (markup->state == MARKUP_TAG_NAME)
        add_to_name(markup, markup->tag, character);
    else if (character == '=' && markup->state != MARKUP_BEFORE_NAME)
        markup->state = MARKUP_BEFORE_VALUE;
    else if (markup->state == MARKUP_ATTRIBUTE_NAME)
        add_to_name(markup, markup->attribute, character);
    else
        begin_name(markup, markup->attribute, character, MARKUP_ATTRIBUTE_NAME);
}

void markup_step(struct markup *markup, char character)
{
    switch (markup->state) {
    case MARKUP_DATA:
        if (character == '<')
            markup->state = MARKUP_TAG_OPEN;
        return;
    case MARKUP_TAG_OPEN:
    case MARKUP_END_TAG_OPEN: step_tag_open(markup, character); return;
    case MARKUP_DECLARATION: step_declaration(markup, character); return;
    case MARKUP_COMMENT: step_comment(markup, character); return;
    case MARKUP_BOGUS_COMMENT:
        if (character == '>')
            markup->state = MARKUP_DATA;
        return;
    case MARKUP_TAG_NAME:
    case MARKUP_BEFORE_NAME:
    case MARKUP_ATTRIBUTE_NAME:
    case MARKUP_AFTER_NAME: step_tag(markup, character); return;
    case MARKUP_BEFORE_VALUE: step_before_value(markup, character); return;
    case MARKUP_VALUE: step_value(markup, character); return;
    case MARKUP_RAW: step_raw(markup, character); return;
    }
}

static enum markup_place place_of_value(enum markup_use use, char quote)
{
    if (use == MARKUP_CODE)
        return MARKUP_CLOSED;
    return quote ? MARKUP_ATTRIBUTE : MARKUP_UNQUOTED;
}

enum markup_place markup_place(const struct markup *markup)
{
    switch (markup->state) {
    case MARKUP_DATA:
    case MARKUP_TAG_OPEN: return *markup->verbatim ? MARKUP_VERBATIM : MARKUP_TEXT;
    case MARKUP_RAW: return markup->is_text ? MARKUP_VERBATIM : MARKUP_CLOSED;
    case MARKUP_BEFORE_VALUE: return place_of_value(use_of(markup->attribute), '\0');
    case MARKUP_VALUE: return place_of_value(markup->use, markup->quote);
    default: return MARKUP_CLOSED;
    }
}

void markup_enter(struct markup *markup)
{
    if (markup->state == MARKUP_BEFORE_VALUE)
        begin_value(markup, '\0');
    else if (markup->state == MARKUP_TAG_OPEN)
        markup->state = MARKUP_DATA;
}
