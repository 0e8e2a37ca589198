/* color.h - colours as CSS and old HTML write them, and whether one can be read on another. */
#pragma once
#include <stdbool.h>

struct color {
    double red, green, blue; /* 0 to 255 */
    double alpha;            /* 0: nothing is seen; 1: nothing shines through */
};

extern const struct color COLOR_BLACK, COLOR_WHITE, COLOR_LINK; /* COLOR_LINK: of a link */

/* A name, #rgb, #rgba, #rrggbb, #rrggbbaa, rgb(), rgba(), hsl() or hsla() with commas or without;
 * nothing but that. `transparent` is a colour, `currentcolor` and `inherit` are none. */
bool color_read(const char *text, struct color *ret_color);

/* What is seen of front before back. */
struct color color_over(struct color front, struct color back);

/* 1 (the same) to 21, as WCAG 2 counts it. */
double color_contrast(struct color one, struct color other);
enum { COLOR_READABLE = 2 }; /* of less contrast than this a reader sees nothing */

bool color_equal(struct color one, struct color other);
