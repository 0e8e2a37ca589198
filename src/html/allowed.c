#include "html/allowed.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "html/style.h"

/* clang-format off */
/* By GumboTag. Elements whose content browsers read in another way than text and elements
 * (raw text, foreign, inert, not shown) must be dropped, not unwrapped. */
static const unsigned char VERDICTS[GUMBO_TAG_LAST + 1] = {
    [GUMBO_TAG_HEAD] = DROPPED,      [GUMBO_TAG_TITLE] = DROPPED,     [GUMBO_TAG_SCRIPT] = DROPPED,
    [GUMBO_TAG_STYLE] = DROPPED,     [GUMBO_TAG_TEMPLATE] = DROPPED,  [GUMBO_TAG_NOSCRIPT] = DROPPED,
    [GUMBO_TAG_IFRAME] = DROPPED,    [GUMBO_TAG_OBJECT] = DROPPED,    [GUMBO_TAG_APPLET] = DROPPED,
    [GUMBO_TAG_EMBED] = DROPPED,     [GUMBO_TAG_FRAME] = DROPPED,     [GUMBO_TAG_FRAMESET] = DROPPED,
    [GUMBO_TAG_NOFRAMES] = DROPPED,  [GUMBO_TAG_NOEMBED] = DROPPED,
    [GUMBO_TAG_TEXTAREA] = DROPPED,  [GUMBO_TAG_SELECT] = DROPPED,
    [GUMBO_TAG_INPUT] = DROPPED,     [GUMBO_TAG_KEYGEN] = DROPPED,    [GUMBO_TAG_VIDEO] = DROPPED,
    [GUMBO_TAG_AUDIO] = DROPPED,     [GUMBO_TAG_CANVAS] = DROPPED,    [GUMBO_TAG_SVG] = DROPPED,
    [GUMBO_TAG_MATH] = DROPPED,      [GUMBO_TAG_META] = DROPPED,      [GUMBO_TAG_LINK] = DROPPED,
    [GUMBO_TAG_BASE] = DROPPED,      [GUMBO_TAG_DATALIST] = DROPPED,
    [GUMBO_TAG_BR] = KEPT_EMPTY,     [GUMBO_TAG_HR] = KEPT_EMPTY,     [GUMBO_TAG_IMG] = KEPT_EMPTY,
    [GUMBO_TAG_WBR] = KEPT_EMPTY,    [GUMBO_TAG_COL] = KEPT_EMPTY,
    [GUMBO_TAG_A] = KEPT,            [GUMBO_TAG_ABBR] = KEPT,         [GUMBO_TAG_ADDRESS] = KEPT,
    [GUMBO_TAG_ARTICLE] = KEPT,      [GUMBO_TAG_ASIDE] = KEPT,        [GUMBO_TAG_B] = KEPT,
    [GUMBO_TAG_BDI] = KEPT,          [GUMBO_TAG_BDO] = KEPT,          [GUMBO_TAG_BIG] = KEPT,
    [GUMBO_TAG_BLOCKQUOTE] = KEPT,   [GUMBO_TAG_CAPTION] = KEPT,      [GUMBO_TAG_CENTER] = KEPT,
    [GUMBO_TAG_CITE] = KEPT,         [GUMBO_TAG_CODE] = KEPT,         [GUMBO_TAG_COLGROUP] = KEPT,
    [GUMBO_TAG_DD] = KEPT,           [GUMBO_TAG_DEL] = KEPT,          [GUMBO_TAG_DFN] = KEPT,
    [GUMBO_TAG_DIV] = KEPT,          [GUMBO_TAG_DL] = KEPT,           [GUMBO_TAG_DT] = KEPT,
    [GUMBO_TAG_EM] = KEPT,           [GUMBO_TAG_FIGCAPTION] = KEPT,   [GUMBO_TAG_FIGURE] = KEPT,
    [GUMBO_TAG_FONT] = KEPT,         [GUMBO_TAG_FOOTER] = KEPT,       [GUMBO_TAG_H1] = KEPT,
    [GUMBO_TAG_H2] = KEPT,           [GUMBO_TAG_H3] = KEPT,           [GUMBO_TAG_H4] = KEPT,
    [GUMBO_TAG_H5] = KEPT,           [GUMBO_TAG_H6] = KEPT,           [GUMBO_TAG_HEADER] = KEPT,
    [GUMBO_TAG_I] = KEPT,            [GUMBO_TAG_INS] = KEPT,          [GUMBO_TAG_KBD] = KEPT,
    [GUMBO_TAG_LI] = KEPT,           [GUMBO_TAG_MAIN] = KEPT,         [GUMBO_TAG_MARK] = KEPT,
    [GUMBO_TAG_OL] = KEPT,           [GUMBO_TAG_P] = KEPT,            [GUMBO_TAG_PRE] = KEPT,
    [GUMBO_TAG_Q] = KEPT,            [GUMBO_TAG_S] = KEPT,            [GUMBO_TAG_SAMP] = KEPT,
    [GUMBO_TAG_SECTION] = KEPT,      [GUMBO_TAG_SMALL] = KEPT,        [GUMBO_TAG_SPAN] = KEPT,
    [GUMBO_TAG_STRIKE] = KEPT,       [GUMBO_TAG_STRONG] = KEPT,       [GUMBO_TAG_SUB] = KEPT,
    [GUMBO_TAG_SUP] = KEPT,          [GUMBO_TAG_TABLE] = KEPT,        [GUMBO_TAG_TBODY] = KEPT,
    [GUMBO_TAG_TD] = KEPT,           [GUMBO_TAG_TFOOT] = KEPT,        [GUMBO_TAG_TH] = KEPT,
    [GUMBO_TAG_THEAD] = KEPT,        [GUMBO_TAG_TIME] = KEPT,         [GUMBO_TAG_TR] = KEPT,
    [GUMBO_TAG_TT] = KEPT,           [GUMBO_TAG_U] = KEPT,            [GUMBO_TAG_UL] = KEPT,
    [GUMBO_TAG_VAR] = KEPT,          [GUMBO_TAG_XMP] = KEPT_AS_TEXT,  [GUMBO_TAG_LISTING] = KEPT_AS_TEXT,
    [GUMBO_TAG_PLAINTEXT] = KEPT_AS_TEXT,
};
/* clang-format on */

enum verdict allowed_element(GumboTag tag)
{
    return (enum verdict)VERDICTS[tag];
}

const char *allowed_name(GumboTag tag)
{
    static const GumboTag BLOCKS[] = {GUMBO_TAG_BODY,    GUMBO_TAG_FORM,    GUMBO_TAG_NAV,
                                      GUMBO_TAG_DETAILS, GUMBO_TAG_SUMMARY, GUMBO_TAG_FIELDSET,
                                      GUMBO_TAG_HGROUP,  GUMBO_TAG_LEGEND,  GUMBO_TAG_MENU,
                                      GUMBO_TAG_DIR};
    static const GumboTag VERBATIM[] = {GUMBO_TAG_XMP, GUMBO_TAG_PLAINTEXT, GUMBO_TAG_LISTING};
    if (VERDICTS[tag] == KEPT || VERDICTS[tag] == KEPT_EMPTY)
        return gumbo_normalized_tagname(tag);
    for (size_t i = 0; i < sizeof VERBATIM / sizeof *VERBATIM; i++)
        if (tag == VERBATIM[i])
            return "pre";
    for (size_t i = 0; i < sizeof BLOCKS / sizeof *BLOCKS; i++)
        if (tag == BLOCKS[i])
            return "div";
    return "span";
}

static const char LETTERS_AND_DIGITS[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/* As browsers read it: no white space around, no tabs and line breaks anywhere (WHATWG URL
 * 4.1); a space inside becomes %20. */
const char *allowed_url(const char *value, struct arena *arena)
{
    char *clean = arena_alloc(arena, strlen(value) * 3 + 1), *to = clean;
    while (*value && (unsigned char)*value <= ' ')
        value++;
    size_t size = strlen(value);
    while (size && (unsigned char)value[size - 1] <= ' ')
        size--;
    for (size_t i = 0; i < size; i++) {
        if (value[i] == ' ')
            to = stpcpy(to, "%20");
        else if ((unsigned char)value[i] > ' ' && value[i] != 0x7F)
            *to++ = value[i];
    }
    return clean;
}

static bool starts_nocase(const char *text, const char *start)
{
    return strncasecmp(text, start, strlen(start)) == 0;
}

static const char *link_url(const char *value, struct arena *arena)
{
    const char *url = allowed_url(value, arena);
    static const char *const STARTS[] = {"http://", "https://", "mailto:", "tel:", "sms:"};
    for (size_t i = 0; i < sizeof STARTS / sizeof *STARTS; i++)
        if (starts_nocase(url, STARTS[i]))
            return url;
    return NULL;
}

static const char *any_text(const char *value, struct arena *arena)
{
    (void)arena;
    return value;
}

/* Numbers, lengths, colours and names: 3, 50%, #ff0000, center, en-GB. */
static const char *word(const char *value, struct arena *arena)
{
    static const char ALSO[] = "%.#-";
    const char *text = text_trim(value, arena);
    for (const char *at = text; *at; at++)
        if (!strchr(LETTERS_AND_DIGITS, *at) && !strchr(ALSO, *at))
            return NULL;
    return *text ? text : NULL;
}

static const struct {
    const char *name;
    GumboTag tag; /* GUMBO_TAG_LAST: any */
    const char *(*clean)(const char *value, struct arena *arena);
} ATTRIBUTES[] = {
    {"href", GUMBO_TAG_A, link_url},        {"alt", GUMBO_TAG_IMG, any_text},
    {"face", GUMBO_TAG_FONT, style_value},  {"color", GUMBO_TAG_FONT, word},
    {"size", GUMBO_TAG_FONT, word},         {"start", GUMBO_TAG_OL, word},
    {"type", GUMBO_TAG_OL, word},           {"type", GUMBO_TAG_UL, word},
    {"value", GUMBO_TAG_LI, word},          {"border", GUMBO_TAG_TABLE, word},
    {"cellpadding", GUMBO_TAG_TABLE, word}, {"cellspacing", GUMBO_TAG_TABLE, word},
    {"span", GUMBO_TAG_COL, word},          {"span", GUMBO_TAG_COLGROUP, word},
    {"colspan", GUMBO_TAG_LAST, word},      {"rowspan", GUMBO_TAG_LAST, word},
    {"align", GUMBO_TAG_LAST, word},        {"valign", GUMBO_TAG_LAST, word},
    {"width", GUMBO_TAG_LAST, word},        {"height", GUMBO_TAG_LAST, word},
    {"bgcolor", GUMBO_TAG_LAST, word},      {"dir", GUMBO_TAG_LAST, word},
    {"lang", GUMBO_TAG_LAST, word},         {"title", GUMBO_TAG_LAST, any_text},
};

const char *allowed_attribute(GumboTag tag, const char *name, const char *value,
                              struct arena *arena)
{
    for (size_t i = 0; i < sizeof ATTRIBUTES / sizeof *ATTRIBUTES; i++)
        if ((ATTRIBUTES[i].tag == tag || ATTRIBUTES[i].tag == GUMBO_TAG_LAST) &&
            text_equal(name, ATTRIBUTES[i].name))
            return ATTRIBUTES[i].clean(value, arena);
    return NULL;
}
