#include "html/look.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

const struct look LOOK_START = {
    .color = {0, 0, 0, 1},
    .background = {255, 255, 255, 1},
    .intended = {0, 0, 0, 1},
};

bool look_shows_text(const struct look *look)
{
    return !look->is_gone && !look->is_invisible && !look->is_tiny && !look->is_clear;
}

static const char *look_attribute(const GumboElement *element, const char *name)
{
    const GumboAttribute *found = gumbo_get_attribute(&element->attributes, name);
    return found ? found->value : NULL;
}

static bool look_is(const char *value, const char *word)
{
    return value && strcasecmp(value, word) == 0;
}

static bool look_starts(const char *value, const char *start)
{
    return value && strncasecmp(value, start, strlen(start)) == 0;
}

/* --- numbers */

/* "0", "0px", "-0.0em", "0%", "calc(0px)" is not. */
static bool look_is_zero(const char *value)
{
    if (!value)
        return false;
    value += strspn(value, "+-");
    size_t size = strspn(value, "0.");
    return memchr(value, '0', size) && !strspn(value + size, "123456789");
}

static bool look_is_zero_or_none(const char *value)
{
    return !value || look_is_zero(value) || !strchr("0123456789.+-", *value);
}

/* So far off that it is nowhere to be seen. */
static bool look_is_far(const char *value)
{
    static const struct {
        const char *unit;
        double far;
    } UNITS[] = {{"px", -500}, {"pt", -400}, {"%", -100}, {"em", -40}, {"rem", -40},
                 {"vw", -100}, {"vh", -100}, {"cm", -15}, {"in", -6},  {"mm", -150}};
    char *unit = NULL;
    if (!value || *value != '-')
        return false;
    double number = strtod(value, &unit);
    for (size_t i = 0; i < sizeof UNITS / sizeof *UNITS; i++)
        if (strcasecmp(unit, UNITS[i].unit) == 0)
            return number <= UNITS[i].far;
    return false;
}

/* --- gone */

/* Heights and widths of a table's parts are the least that they have. */
static bool look_is_of_table(GumboTag tag)
{
    static const GumboTag TAGS[] = {GUMBO_TAG_TABLE, GUMBO_TAG_TBODY, GUMBO_TAG_THEAD,
                                    GUMBO_TAG_TFOOT, GUMBO_TAG_TR,    GUMBO_TAG_TD,
                                    GUMBO_TAG_TH};
    for (size_t i = 0; i < sizeof TAGS / sizeof *TAGS; i++)
        if (tag == TAGS[i])
            return true;
    return false;
}

/* Without room for its content, which is cut off. In padding there is room. */
static bool look_has_no_room(GumboTag tag, const struct cascade *cascade)
{
    const char *overflow = cascade_value(cascade, PROPERTY_OVERFLOW);
    if (!look_starts(overflow, "hidden") && !look_starts(overflow, "clip"))
        return false;
    bool is_of_table = look_is_of_table(tag);
    bool is_flat = look_is_zero(cascade_value(cascade, PROPERTY_MAX_HEIGHT)) ||
                   (!is_of_table && look_is_zero(cascade_value(cascade, PROPERTY_HEIGHT)));
    bool is_narrow = !is_of_table && (look_is_zero(cascade_value(cascade, PROPERTY_MAX_WIDTH)) ||
                                      look_is_zero(cascade_value(cascade, PROPERTY_WIDTH)));
    bool is_padded = !look_is_zero_or_none(cascade_value(cascade, PROPERTY_PADDING)) ||
                     !look_is_zero_or_none(cascade_value(cascade, PROPERTY_PADDING_TOP)) ||
                     !look_is_zero_or_none(cascade_value(cascade, PROPERTY_PADDING_BOTTOM));
    return (is_flat && !is_padded) || is_narrow;
}

static bool look_is_elsewhere(const struct cascade *cascade)
{
    static const enum property SIDES[] = {PROPERTY_LEFT, PROPERTY_RIGHT, PROPERTY_TOP};
    const char *position = cascade_value(cascade, PROPERTY_POSITION);
    bool is_out = look_is(position, "absolute") || look_is(position, "fixed");
    if (look_is_far(cascade_value(cascade, PROPERTY_INDENT)))
        return true;
    for (size_t i = 0; is_out && i < sizeof SIDES / sizeof *SIDES; i++)
        if (look_is_far(cascade_value(cascade, SIDES[i])))
            return true;
    return false;
}

/* "rect(0 0 0 0)", "rect(1px, 1px, 1px, 1px)": nothing but brackets, units and the digits 0 and 1
 * each alone. */
static bool look_is_cut_off(const struct cascade *cascade)
{
    const char *clip = cascade_value(cascade, PROPERTY_CLIP);
    const char *path = cascade_value(cascade, PROPERTY_CLIP_PATH);
    const char *scale = cascade_value(cascade, PROPERTY_TRANSFORM);
    const char *filter = cascade_value(cascade, PROPERTY_FILTER);
    if (look_starts(clip, "rect(")) {
        bool is_nothing = true;
        for (const char *at = clip + strlen("rect("); *at; at++)
            is_nothing = is_nothing && !strchr("23456789.u", *at) &&
                         !(strchr("01", *at) && strchr("01", at[1]) && at[1]);
        if (is_nothing)
            return true;
    }
    if (look_starts(path, "inset(50%") || look_starts(path, "inset(100%") ||
        look_starts(path, "circle(0"))
        return true;
    if (look_starts(scale, "scale(0)") || look_starts(scale, "scale(0,") ||
        look_starts(scale, "scaley(0)") || look_starts(scale, "scalex(0)"))
        return true;
    return look_starts(filter, "opacity(0)") || look_starts(filter, "opacity(0%") ||
           look_starts(filter, "alpha(opacity=0)");
}

/* The buttons that are drawn for Outlook beside a link have mso-hide:all on that link, which all
 * others show. */
static bool look_is_hidden_by_office(GumboTag tag, const struct cascade *cascade)
{
    return look_is(cascade_value(cascade, PROPERTY_MSO_HIDE), "all") && tag != GUMBO_TAG_A;
}

bool look_hides(GumboTag tag, bool has_hidden, const struct cascade *cascade)
{
    const char *display = cascade_value(cascade, PROPERTY_DISPLAY);
    const char *opacity = cascade_value(cascade, PROPERTY_OPACITY);
    bool is_displayed = display ? !look_is(display, "none") : !has_hidden;
    return !is_displayed || look_is_zero(opacity) || (opacity && *opacity == '-') ||
           look_has_no_room(tag, cascade) || look_is_hidden_by_office(tag, cascade) ||
           look_is_elsewhere(cascade) || look_is_cut_off(cascade) ||
           look_is(cascade_value(cascade, PROPERTY_CONTENT_VISIBILITY), "hidden");
}

/* A page that hides all of itself waits for a script, or is broken. */
static bool look_is_gone(const GumboElement *element, const struct cascade *cascade)
{
    return element->tag != GUMBO_TAG_HTML && element->tag != GUMBO_TAG_BODY &&
           look_hides(element->tag, look_attribute(element, "hidden"), cascade);
}

/* --- what content inherits */

static bool look_is_invisible(const struct look *outer, const struct cascade *cascade)
{
    const char *visibility = cascade_value(cascade, PROPERTY_VISIBILITY);
    if (!visibility || look_is(visibility, "inherit") || look_is(visibility, "unset"))
        return outer->is_invisible;
    return look_is(visibility, "hidden") || look_is(visibility, "collapse");
}

/* A size that is relative to none is none. */
static bool look_is_relative(const char *size)
{
    static const char *const UNITS[] = {"em", "%", "ex", "ch", "lh"};
    static const char *const WORDS[] = {"inherit", "unset", "smaller", "larger", "revert"};
    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++)
        if (look_is(size, WORDS[i]))
            return true;
    const char *unit = size + strspn(size, "+0123456789.");
    for (size_t i = 0; i < sizeof UNITS / sizeof *UNITS; i++)
        if (unit > size && look_is(unit, UNITS[i]))
            return true;
    return false;
}

static bool look_is_tiny(const struct look *outer, const GumboElement *element,
                         const struct cascade *cascade)
{
    static const GumboTag FIELDS[] = {GUMBO_TAG_INPUT, GUMBO_TAG_TEXTAREA, GUMBO_TAG_SELECT,
                                      GUMBO_TAG_BUTTON};
    const char *size = cascade_value(cascade, PROPERTY_SIZE);
    if (size)
        return look_is_zero(size) || (outer->is_tiny && look_is_relative(size));
    if (element->tag == GUMBO_TAG_FONT && look_attribute(element, "size"))
        return false;
    for (size_t i = 0; i < sizeof FIELDS / sizeof *FIELDS; i++)
        if (element->tag == FIELDS[i])
            return false; /* they have a size of their own */
    return outer->is_tiny;
}

/* --- colours */

static const char *look_background(const GumboElement *element, const struct cascade *cascade)
{
    const char *value = cascade_value(cascade, PROPERTY_BACKGROUND_COLOR);
    return value ? value : look_attribute(element, "bgcolor");
}

/* Of an attribute, too: "ffffff" stands for "#ffffff". */
static bool look_read_color(const char *value, struct color *ret_color)
{
    char digits[8] = "#";
    if (value && strlen(value) == 6 && !value[strspn(value, "0123456789abcdefABCDEF")]) {
        memcpy(digits + 1, value, 7);
        value = digits;
    }
    return value && color_read(value, ret_color);
}

static bool look_has_picture(const GumboElement *element, const struct cascade *cascade)
{
    const char *image = cascade_value(cascade, PROPERTY_BACKGROUND_IMAGE);
    const char *attribute = look_attribute(element, "background");
    return image ? text_equal(image, PROPERTY_LOST) : attribute && *attribute;
}

static void look_take_background(struct look *look, const GumboElement *element,
                                 const struct cascade *cascade)
{
    struct color color;
    bool has_color = look_read_color(look_background(element, cascade), &color) && color.alpha > 0;
    /* A colour that cannot stay on a background that could: both go. */
    bool is_half = has_color && cascade_value(cascade, PROPERTY_LOST_COLOR) &&
                   !cascade_value(cascade, PROPERTY_COLOR);
    look->drops_background = is_half;
    if (is_half || (!has_color && look_has_picture(element, cascade)))
        look->has_lost_background = true;
    else if (has_color) {
        look->has_lost_background = look->has_lost_background && color.alpha < 1;
        look->background = color_over(color, look->background);
    }
}

/* What the element itself says; false: nothing. */
static bool look_own_color(const GumboElement *element, const struct cascade *cascade,
                           struct color *ret_color)
{
    const char *value = cascade_value(cascade, PROPERTY_COLOR);
    if (!value && element->tag == GUMBO_TAG_FONT)
        value = look_attribute(element, "color");
    if (!value && element->tag == GUMBO_TAG_BODY)
        value = look_attribute(element, "text");
    if (look_read_color(value, ret_color))
        return true;
    if (look_is(value, "initial")) {
        *ret_color = COLOR_BLACK;
        return true;
    }
    return false;
}

static bool look_is_readable(struct color color, struct color background)
{
    return color_contrast(color_over(color, background), background) >= COLOR_READABLE;
}

static struct color look_readable(struct color background)
{
    return color_contrast(COLOR_BLACK, background) >= color_contrast(COLOR_WHITE, background)
               ? COLOR_BLACK
               : COLOR_WHITE;
}

/* Where what was behind the text is lost, its colour is, too, unless that makes it worse. */
static void look_take_color(struct look *look, const GumboElement *element,
                            const struct cascade *cascade)
{
    bool is_link = element->tag == GUMBO_TAG_A && look_attribute(element, "href");
    bool has_default = is_link && !cascade_value(cascade, PROPERTY_COLOR);
    struct color own, inherited = has_default ? COLOR_LINK : look->color;
    bool has_own = look_own_color(element, cascade, &own);
    bool has_picture = !look->drops_background && look_has_picture(element, cascade);
    look->intended = has_own ? own : has_default ? COLOR_LINK : look->intended;
    look->color = inherited;
    if (has_own) {
        /* The colour beside a picture may be there for other text than that on the picture. */
        bool is_pair = !look->has_lost_background &&
                       (!has_picture || look_is_readable(own, look->background));
        look->drops_color = !is_pair && !(look_is_readable(own, look->background) &&
                                          !look_is_readable(inherited, look->background));
        if (!look->drops_color)
            look->color = own;
    }
    bool may_mend = look->has_lost_background || look->drops_color ||
                    !color_equal(look->color, look->intended);
    if (!may_mend || look_is_readable(look->color, look->background) || !look->color.alpha)
        return;
    look->adds_color = true;
    look->drops_color = has_own;
    look->color = look->has_lost_background || !look_is_readable(look->intended, look->background)
                      ? look_readable(look->background)
                      : look->intended;
}

/* --- all of it */

void look_declare(struct sheet *sheet, const GumboElement *element, struct arena *arena,
                  struct cascade *cascade)
{
    const char *style = look_attribute(element, "style");
    cascade_clear(cascade);
    sheet_apply(sheet, element, cascade);
    if (style)
        cascade_add_style(cascade, style, arena);
}

struct look look_of(const struct look *outer, const GumboElement *element,
                    const struct cascade *cascade)
{
    struct look look = *outer;
    look.drops_color = look.drops_background = look.adds_color = false;
    look.is_gone = look_is_gone(element, cascade);
    look.is_invisible = look_is_invisible(outer, cascade);
    look.is_tiny = look_is_tiny(outer, element, cascade);
    look_take_background(&look, element, cascade);
    look_take_color(&look, element, cascade);
    bool is_cut_out = look_starts(cascade_value(cascade, PROPERTY_BACKGROUND_CLIP), "text");
    look.is_clear = !look.color.alpha && !is_cut_out;
    return look;
}
