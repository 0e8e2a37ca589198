/* property.h - the properties of CSS that are read: those that may stay, and those that decide
 * whether something is shown. */
#pragma once
#include "html/css.h"

enum property {
    /* These may stay: nothing that moves, covers, loads or animates. */
    PROPERTY_BACKGROUND_COLOR,
    PROPERTY_BORDER,
    PROPERTY_BORDER_BOTTOM,
    PROPERTY_BORDER_COLLAPSE,
    PROPERTY_BORDER_COLOR,
    PROPERTY_BORDER_LEFT,
    PROPERTY_BORDER_RADIUS,
    PROPERTY_BORDER_RIGHT,
    PROPERTY_BORDER_SPACING,
    PROPERTY_BORDER_STYLE,
    PROPERTY_BORDER_TOP,
    PROPERTY_BORDER_WIDTH,
    PROPERTY_COLOR,
    PROPERTY_DIRECTION,
    PROPERTY_FONT_FAMILY,
    PROPERTY_FONT_SIZE,
    PROPERTY_FONT_STYLE,
    PROPERTY_FONT_WEIGHT,
    PROPERTY_HEIGHT,
    PROPERTY_LETTER_SPACING,
    PROPERTY_LINE_HEIGHT,
    PROPERTY_LIST_STYLE_TYPE,
    PROPERTY_MARGIN,
    PROPERTY_MARGIN_BOTTOM,
    PROPERTY_MARGIN_LEFT,
    PROPERTY_MARGIN_RIGHT,
    PROPERTY_MARGIN_TOP,
    PROPERTY_MAX_WIDTH,
    PROPERTY_PADDING,
    PROPERTY_PADDING_BOTTOM,
    PROPERTY_PADDING_LEFT,
    PROPERTY_PADDING_RIGHT,
    PROPERTY_PADDING_TOP,
    PROPERTY_TEXT_ALIGN,
    PROPERTY_TEXT_DECORATION,
    PROPERTY_TEXT_INDENT,
    PROPERTY_TEXT_TRANSFORM,
    PROPERTY_VERTICAL_ALIGN,
    PROPERTY_WHITE_SPACE,
    PROPERTY_WIDTH,
    PROPERTY_WORD_BREAK,
    PROPERTY_STAYING, /* how many that are */
    /* These are only looked at. */
    PROPERTY_BACKGROUND_CLIP = PROPERTY_STAYING,
    PROPERTY_BACKGROUND_IMAGE, /* "none", or PROPERTY_LOST */
    PROPERTY_CLIP,
    PROPERTY_CLIP_PATH,
    PROPERTY_CONTENT_VISIBILITY,
    PROPERTY_DISPLAY,
    PROPERTY_FILTER,
    PROPERTY_INDENT, /* text-indent, of any size */
    PROPERTY_LEFT,
    PROPERTY_LOST_COLOR, /* a color that is none of those that may stay */
    PROPERTY_MAX_HEIGHT,
    PROPERTY_MSO_HIDE,
    PROPERTY_OPACITY,
    PROPERTY_OVERFLOW,
    PROPERTY_POSITION,
    PROPERTY_RIGHT,
    PROPERTY_SIZE, /* font-size, however it is said: also where that may not stay */
    PROPERTY_TOP,
    PROPERTY_TRANSFORM,
    PROPERTY_VISIBILITY,
    PROPERTY_COUNT,
};

/* A picture, or what else lies behind text and cannot stay. */
extern const char PROPERTY_LOST[];

/* As CSS spells it. */
const char *property_name(enum property property);

struct property_value {
    enum property property;
    const char *value; /* of one that may stay: harmless, in the form in which it is written */
};
enum { PROPERTY_PARTS_MAX = 6 };

/* What a declaration says, shorthands (`background`, `font`) split. None when it is not known, or
 * its value is none: then it counts for nothing, as CSS has it. Gives their number. */
size_t property_read(const struct css_declaration *declaration, struct arena *arena,
                     struct property_value ret_values[PROPERTY_PARTS_MAX]);
