#include "html/property.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "html/color.h"
#include "html/style.h"

const char PROPERTY_LOST[] = "?";

typedef size_t property_reader(enum property property, const char *value, struct arena *arena,
                               struct property_value *ret_values);

static size_t property_one(struct property_value *ret_values, enum property property,
                           const char *value)
{
    ret_values[0] = (struct property_value){property, value};
    return value ? 1 : 0;
}

static bool property_is_word(const char *value, const char *const *words)
{
    for (; *words; words++)
        if (strcasecmp(value, *words) == 0)
            return true;
    return false;
}

/* What any property takes. */
static const char *const EVERYWHERE[] = {"inherit", "initial", "unset", "revert", NULL};

/* --- those that may stay */

static size_t property_read_harmless(enum property property, const char *value, struct arena *arena,
                                     struct property_value *ret_values)
{
    return property_one(ret_values, property, style_value(value, arena));
}

static bool property_is_color(const char *value)
{
    struct color color;
    return color_read(value, &color) || strcasecmp(value, "currentcolor") == 0 ||
           property_is_word(value, EVERYWHERE);
}

static size_t property_read_color(enum property property, const char *value, struct arena *arena,
                                  struct property_value *ret_values)
{
    size_t digits = strspn(value, "0123456789abcdefABCDEF");
    if (property_is_color(value))
        return property_read_harmless(property, value, arena, ret_values);
    if (!value[digits] && (digits == 3 || digits == 6)) /* as pages without a doctype have it */
        return property_one(ret_values, property, arena_format(arena, "#%s", value));
    /* Words are no colours; a function may be one that is not known here. */
    enum property lost = property == PROPERTY_COLOR ? PROPERTY_LOST_COLOR
                                                    : PROPERTY_BACKGROUND_IMAGE;
    return property_one(ret_values, lost, strchr(value, '(') ? PROPERTY_LOST : NULL);
}

/* Also where a size cannot stay (calc(), var()) it says that there is one. */
static size_t property_read_size(enum property property, const char *value, struct arena *arena,
                                 struct property_value *ret_values)
{
    ret_values[0] = (struct property_value){PROPERTY_SIZE, value};
    return 1 + property_read_harmless(property, value, arena, ret_values + 1);
}

static size_t property_read_indent(enum property property, const char *value, struct arena *arena,
                                   struct property_value *ret_values)
{
    ret_values[0] = (struct property_value){PROPERTY_INDENT, value};
    return 1 + property_read_harmless(property, value, arena, ret_values + 1);
}

/* --- shorthands */

/* The next piece between spaces, commas and slashes outside of brackets; NULL behind the last. */
static const char *property_next_piece(const char **at, struct arena *arena)
{
    *at += strspn(*at, " ,/");
    const char *start = *at;
    for (int depth = 0; **at && (depth > 0 || !strchr(" ,/", **at)); ++*at)
        depth += (**at == '(') - (**at == ')');
    return *at > start ? arena_copy_bytes(arena, start, (size_t)(*at - start)) : NULL;
}

/* Only a colour is taken from it. What else lies there is lost, and with it the pair that the
 * text's colour is one half of. */
static size_t property_read_background(enum property property, const char *value,
                                       struct arena *arena, struct property_value *ret_values)
{
    const char *color = NULL;
    bool is_lost = false;
    (void)property;
    if (property_is_word(value, EVERYWHERE))
        value = "none";
    for (const char *piece; (piece = property_next_piece(&value, arena));) {
        struct color read;
        if (color_read(piece, &read))
            color = piece;
        else
            is_lost = is_lost || strchr(piece, '(');
    }
    ret_values[0] = (struct property_value){PROPERTY_BACKGROUND_IMAGE,
                                            is_lost ? PROPERTY_LOST : "none"};
    if (is_lost && !color)
        return 1;
    return 1 + property_read_color(PROPERTY_BACKGROUND_COLOR, text_or(color, "transparent"), arena,
                                   ret_values + 1);
}

static size_t property_read_image(enum property property, const char *value, struct arena *arena,
                                  struct property_value *ret_values)
{
    (void)arena;
    bool is_none = strcasecmp(value, "none") == 0 || property_is_word(value, EVERYWHERE);
    return property_one(ret_values, property, is_none ? "none" : PROPERTY_LOST);
}

/* What begins a size: "12px", ".9em", "small". */
static bool property_is_size(const char *piece)
{
    static const char *const SIZES[] = {"xx-small", "x-small", "small",  "medium",   "large",
                                        "x-large",  "smaller", "larger", "xx-large", NULL};
    return strchr("0123456789.+", *piece)
               ? !strspn(piece, "123456789") || strspn(piece, "0123456789.") < strlen(piece)
               : property_is_word(piece, SIZES);
}

/* [style variant weight stretch] size[/height] family */
static size_t property_read_font(enum property property, const char *value, struct arena *arena,
                                 struct property_value *ret_values)
{
    static const char *const STYLES[] = {"italic", "oblique", NULL};
    static const char *const WEIGHTS[] = {"bold", "bolder", "lighter", "100", "200", "300", "400",
                                          "500",  "600",    "700",     "800", "900", NULL};
    const char *style = "normal", *weight = "normal", *size = NULL, *height = "normal";
    const char *at = value;
    size_t count = 0;
    (void)property;
    for (const char *piece; !size && (piece = property_next_piece(&at, arena));)
        if (property_is_word(piece, WEIGHTS))
            weight = piece;
        else if (property_is_word(piece, STYLES))
            style = piece;
        else if (property_is_size(piece) || strchr(piece, '('))
            size = piece;
    if (!size)
        return 0; /* a font of the system, or `inherit` */
    while (*at == ' ')
        at++;
    if (*at == '/')
        height = text_or(property_next_piece(&at, arena), height);
    count += property_read_harmless(PROPERTY_FONT_STYLE, style, arena, ret_values + count);
    count += property_read_harmless(PROPERTY_FONT_WEIGHT, weight, arena, ret_values + count);
    count += property_read_size(PROPERTY_FONT_SIZE, size, arena, ret_values + count);
    count += property_read_harmless(PROPERTY_LINE_HEIGHT, height, arena, ret_values + count);
    count += property_read_harmless(PROPERTY_FONT_FAMILY, at, arena, ret_values + count);
    return count;
}

/* --- those that are only looked at */

static size_t property_read_any(enum property property, const char *value, struct arena *arena,
                                struct property_value *ret_values)
{
    (void)arena;
    return property_one(ret_values, property, value);
}

/* Of an unknown word CSS takes no notice, so `display:none;display:x` is none. */
static size_t property_read_display(enum property property, const char *value, struct arena *arena,
                                    struct property_value *ret_values)
{
    static const char *const WORDS[] = {"none",
                                        "block",
                                        "inline",
                                        "inline-block",
                                        "flex",
                                        "inline-flex",
                                        "grid",
                                        "inline-grid",
                                        "table",
                                        "inline-table",
                                        "table-row",
                                        "table-cell",
                                        "table-column",
                                        "table-column-group",
                                        "table-caption",
                                        "list-item",
                                        "table-row-group",
                                        "contents",
                                        "table-header-group",
                                        "flow-root",
                                        "-webkit-box",
                                        "-webkit-flex",
                                        "run-in",
                                        "table-footer-group",
                                        "ruby",
                                        "-webkit-inline-box",
                                        NULL};
    (void)arena;
    bool is_known = property_is_word(value, WORDS) || property_is_word(value, EVERYWHERE) ||
                    strchr(value, ' ');
    return property_one(ret_values, property, is_known ? value : NULL);
}

static size_t property_read_visibility(enum property property, const char *value,
                                       struct arena *arena, struct property_value *ret_values)
{
    static const char *const WORDS[] = {"visible", "hidden", "collapse", NULL};
    (void)arena;
    bool is_known = property_is_word(value, WORDS) || property_is_word(value, EVERYWHERE);
    return property_one(ret_values, property, is_known ? value : NULL);
}

static size_t property_read_number(enum property property, const char *value, struct arena *arena,
                                   struct property_value *ret_values)
{
    (void)arena;
    bool is_number = *value && strchr("0123456789.+-", *value);
    return property_one(ret_values, property,
                        is_number || property_is_word(value, EVERYWHERE) ? value : NULL);
}

/* --- the table */

static const struct property_row {
    const char *name;
    property_reader *read;
    enum property property;
} ROWS[] = {
    /* clang-format off */
    {"background",         property_read_background, PROPERTY_BACKGROUND_COLOR},
    {"background-clip",    property_read_any,        PROPERTY_BACKGROUND_CLIP},
    {"background-color",   property_read_color,      PROPERTY_BACKGROUND_COLOR},
    {"background-image",   property_read_image,      PROPERTY_BACKGROUND_IMAGE},
    {"border",             property_read_harmless,   PROPERTY_BORDER},
    {"border-bottom",      property_read_harmless,   PROPERTY_BORDER_BOTTOM},
    {"border-collapse",    property_read_harmless,   PROPERTY_BORDER_COLLAPSE},
    {"border-color",       property_read_harmless,   PROPERTY_BORDER_COLOR},
    {"border-left",        property_read_harmless,   PROPERTY_BORDER_LEFT},
    {"border-radius",      property_read_harmless,   PROPERTY_BORDER_RADIUS},
    {"border-right",       property_read_harmless,   PROPERTY_BORDER_RIGHT},
    {"border-spacing",     property_read_harmless,   PROPERTY_BORDER_SPACING},
    {"border-style",       property_read_harmless,   PROPERTY_BORDER_STYLE},
    {"border-top",         property_read_harmless,   PROPERTY_BORDER_TOP},
    {"border-width",       property_read_harmless,   PROPERTY_BORDER_WIDTH},
    {"clip",               property_read_any,        PROPERTY_CLIP},
    {"clip-path",          property_read_any,        PROPERTY_CLIP_PATH},
    {"color",              property_read_color,      PROPERTY_COLOR},
    {"content-visibility", property_read_any,        PROPERTY_CONTENT_VISIBILITY},
    {"direction",          property_read_harmless,   PROPERTY_DIRECTION},
    {"display",            property_read_display,    PROPERTY_DISPLAY},
    {"filter",             property_read_any,        PROPERTY_FILTER},
    {"font",               property_read_font,       PROPERTY_FONT_SIZE},
    {"font-family",        property_read_harmless,   PROPERTY_FONT_FAMILY},
    {"font-size",          property_read_size,       PROPERTY_FONT_SIZE},
    {"font-style",         property_read_harmless,   PROPERTY_FONT_STYLE},
    {"font-weight",        property_read_harmless,   PROPERTY_FONT_WEIGHT},
    {"height",             property_read_harmless,   PROPERTY_HEIGHT},
    {"left",               property_read_any,        PROPERTY_LEFT},
    {"letter-spacing",     property_read_harmless,   PROPERTY_LETTER_SPACING},
    {"line-height",        property_read_harmless,   PROPERTY_LINE_HEIGHT},
    {"list-style-type",    property_read_harmless,   PROPERTY_LIST_STYLE_TYPE},
    {"margin",             property_read_harmless,   PROPERTY_MARGIN},
    {"margin-bottom",      property_read_harmless,   PROPERTY_MARGIN_BOTTOM},
    {"margin-left",        property_read_harmless,   PROPERTY_MARGIN_LEFT},
    {"margin-right",       property_read_harmless,   PROPERTY_MARGIN_RIGHT},
    {"margin-top",         property_read_harmless,   PROPERTY_MARGIN_TOP},
    {"max-height",         property_read_any,        PROPERTY_MAX_HEIGHT},
    {"max-width",          property_read_harmless,   PROPERTY_MAX_WIDTH},
    {"mso-hide",           property_read_any,        PROPERTY_MSO_HIDE},
    {"opacity",            property_read_number,     PROPERTY_OPACITY},
    {"overflow",           property_read_any,        PROPERTY_OVERFLOW},
    {"overflow-x",         property_read_any,        PROPERTY_OVERFLOW},
    {"overflow-y",         property_read_any,        PROPERTY_OVERFLOW},
    {"padding",            property_read_harmless,   PROPERTY_PADDING},
    {"padding-bottom",     property_read_harmless,   PROPERTY_PADDING_BOTTOM},
    {"padding-left",       property_read_harmless,   PROPERTY_PADDING_LEFT},
    {"padding-right",      property_read_harmless,   PROPERTY_PADDING_RIGHT},
    {"padding-top",        property_read_harmless,   PROPERTY_PADDING_TOP},
    {"position",           property_read_any,        PROPERTY_POSITION},
    {"right",              property_read_any,        PROPERTY_RIGHT},
    {"text-align",         property_read_harmless,   PROPERTY_TEXT_ALIGN},
    {"text-decoration",    property_read_harmless,   PROPERTY_TEXT_DECORATION},
    {"text-indent",        property_read_indent,     PROPERTY_TEXT_INDENT},
    {"text-transform",     property_read_harmless,   PROPERTY_TEXT_TRANSFORM},
    {"top",                property_read_any,        PROPERTY_TOP},
    {"transform",          property_read_any,        PROPERTY_TRANSFORM},
    {"vertical-align",     property_read_harmless,   PROPERTY_VERTICAL_ALIGN},
    {"visibility",         property_read_visibility, PROPERTY_VISIBILITY},
    {"white-space",        property_read_harmless,   PROPERTY_WHITE_SPACE},
    {"width",              property_read_harmless,   PROPERTY_WIDTH},
    {"word-break",         property_read_harmless,   PROPERTY_WORD_BREAK},
    /* clang-format on */
};
enum { ROW_COUNT = sizeof ROWS / sizeof *ROWS };

const char *property_name(enum property property)
{
    for (size_t i = 0; i < ROW_COUNT; i++)
        if (ROWS[i].property == property && ROWS[i].read != property_read_background &&
            ROWS[i].read != property_read_font)
            return ROWS[i].name;
    return NULL;
}

static int property_compare(const void *name, const void *row)
{
    return strcmp(name, ((const struct property_row *)row)->name);
}

size_t property_read(const struct css_declaration *declaration, struct arena *arena,
                     struct property_value ret_values[PROPERTY_PARTS_MAX])
{
    const struct property_row *row = bsearch(declaration->name, ROWS, ROW_COUNT, sizeof *ROWS,
                                             property_compare);
    return row ? row->read(row->property, declaration->value, arena, ret_values) : 0;
}
