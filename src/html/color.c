#include "html/color.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* CSS Color 4, with the system colours that mail programs write. Sorted. */
static const struct color_name {
    const char *name;
    unsigned rgb;
} NAMES[] = {
    {"aliceblue", 0xf0f8ff},
    {"antiquewhite", 0xfaebd7},
    {"aqua", 0x00ffff},
    {"aquamarine", 0x7fffd4},
    {"azure", 0xf0ffff},
    {"beige", 0xf5f5dc},
    {"bisque", 0xffe4c4},
    {"black", 0x000000},
    {"blanchedalmond", 0xffebcd},
    {"blue", 0x0000ff},
    {"blueviolet", 0x8a2be2},
    {"brown", 0xa52a2a},
    {"burlywood", 0xdeb887},
    {"buttonface", 0xf0f0f0},
    {"buttontext", 0x000000},
    {"cadetblue", 0x5f9ea0},
    {"canvas", 0xffffff},
    {"canvastext", 0x000000},
    {"chartreuse", 0x7fff00},
    {"chocolate", 0xd2691e},
    {"coral", 0xff7f50},
    {"cornflowerblue", 0x6495ed},
    {"cornsilk", 0xfff8dc},
    {"crimson", 0xdc143c},
    {"cyan", 0x00ffff},
    {"darkblue", 0x00008b},
    {"darkcyan", 0x008b8b},
    {"darkgoldenrod", 0xb8860b},
    {"darkgray", 0xa9a9a9},
    {"darkgreen", 0x006400},
    {"darkgrey", 0xa9a9a9},
    {"darkkhaki", 0xbdb76b},
    {"darkmagenta", 0x8b008b},
    {"darkolivegreen", 0x556b2f},
    {"darkorange", 0xff8c00},
    {"darkorchid", 0x9932cc},
    {"darkred", 0x8b0000},
    {"darksalmon", 0xe9967a},
    {"darkseagreen", 0x8fbc8f},
    {"darkslateblue", 0x483d8b},
    {"darkslategray", 0x2f4f4f},
    {"darkslategrey", 0x2f4f4f},
    {"darkturquoise", 0x00ced1},
    {"darkviolet", 0x9400d3},
    {"deeppink", 0xff1493},
    {"deepskyblue", 0x00bfff},
    {"dimgray", 0x696969},
    {"dimgrey", 0x696969},
    {"dodgerblue", 0x1e90ff},
    {"firebrick", 0xb22222},
    {"floralwhite", 0xfffaf0},
    {"forestgreen", 0x228b22},
    {"fuchsia", 0xff00ff},
    {"gainsboro", 0xdcdcdc},
    {"ghostwhite", 0xf8f8ff},
    {"gold", 0xffd700},
    {"goldenrod", 0xdaa520},
    {"gray", 0x808080},
    {"graytext", 0x808080},
    {"green", 0x008000},
    {"greenyellow", 0xadff2f},
    {"grey", 0x808080},
    {"honeydew", 0xf0fff0},
    {"hotpink", 0xff69b4},
    {"indianred", 0xcd5c5c},
    {"indigo", 0x4b0082},
    {"infobackground", 0xffffe1},
    {"infotext", 0x000000},
    {"ivory", 0xfffff0},
    {"khaki", 0xf0e68c},
    {"lavender", 0xe6e6fa},
    {"lavenderblush", 0xfff0f5},
    {"lawngreen", 0x7cfc00},
    {"lemonchiffon", 0xfffacd},
    {"lightblue", 0xadd8e6},
    {"lightcoral", 0xf08080},
    {"lightcyan", 0xe0ffff},
    {"lightgoldenrodyellow", 0xfafad2},
    {"lightgray", 0xd3d3d3},
    {"lightgreen", 0x90ee90},
    {"lightgrey", 0xd3d3d3},
    {"lightpink", 0xffb6c1},
    {"lightsalmon", 0xffa07a},
    {"lightseagreen", 0x20b2aa},
    {"lightskyblue", 0x87cefa},
    {"lightslategray", 0x778899},
    {"lightslategrey", 0x778899},
    {"lightsteelblue", 0xb0c4de},
    {"lightyellow", 0xffffe0},
    {"lime", 0x00ff00},
    {"limegreen", 0x32cd32},
    {"linen", 0xfaf0e6},
    {"linktext", 0x0000ee},
    {"magenta", 0xff00ff},
    {"maroon", 0x800000},
    {"mediumaquamarine", 0x66cdaa},
    {"mediumblue", 0x0000cd},
    {"mediumorchid", 0xba55d3},
    {"mediumpurple", 0x9370db},
    {"mediumseagreen", 0x3cb371},
    {"mediumslateblue", 0x7b68ee},
    {"mediumspringgreen", 0x00fa9a},
    {"mediumturquoise", 0x48d1cc},
    {"mediumvioletred", 0xc71585},
    {"menu", 0xf0f0f0},
    {"menutext", 0x000000},
    {"midnightblue", 0x191970},
    {"mintcream", 0xf5fffa},
    {"mistyrose", 0xffe4e1},
    {"moccasin", 0xffe4b5},
    {"navajowhite", 0xffdead},
    {"navy", 0x000080},
    {"oldlace", 0xfdf5e6},
    {"olive", 0x808000},
    {"olivedrab", 0x6b8e23},
    {"orange", 0xffa500},
    {"orangered", 0xff4500},
    {"orchid", 0xda70d6},
    {"palegoldenrod", 0xeee8aa},
    {"palegreen", 0x98fb98},
    {"paleturquoise", 0xafeeee},
    {"palevioletred", 0xdb7093},
    {"papayawhip", 0xffefd5},
    {"peachpuff", 0xffdab9},
    {"peru", 0xcd853f},
    {"pink", 0xffc0cb},
    {"plum", 0xdda0dd},
    {"powderblue", 0xb0e0e6},
    {"purple", 0x800080},
    {"rebeccapurple", 0x663399},
    {"red", 0xff0000},
    {"rosybrown", 0xbc8f8f},
    {"royalblue", 0x4169e1},
    {"saddlebrown", 0x8b4513},
    {"salmon", 0xfa8072},
    {"sandybrown", 0xf4a460},
    {"seagreen", 0x2e8b57},
    {"seashell", 0xfff5ee},
    {"sienna", 0xa0522d},
    {"silver", 0xc0c0c0},
    {"skyblue", 0x87ceeb},
    {"slateblue", 0x6a5acd},
    {"slategray", 0x708090},
    {"slategrey", 0x708090},
    {"snow", 0xfffafa},
    {"springgreen", 0x00ff7f},
    {"steelblue", 0x4682b4},
    {"tan", 0xd2b48c},
    {"teal", 0x008080},
    {"thistle", 0xd8bfd8},
    {"threedface", 0xf0f0f0},
    {"tomato", 0xff6347},
    {"turquoise", 0x40e0d0},
    {"violet", 0xee82ee},
    {"wheat", 0xf5deb3},
    {"white", 0xffffff},
    {"whitesmoke", 0xf5f5f5},
    {"window", 0xffffff},
    {"windowtext", 0x000000},
    {"yellow", 0xffff00},
    {"yellowgreen", 0x9acd32},
};

enum { CHANNEL_MAX = 255, COMPONENTS_MAX = 4 };

const struct color COLOR_BLACK = {0, 0, 0, 1};
const struct color COLOR_WHITE = {CHANNEL_MAX, CHANNEL_MAX, CHANNEL_MAX, 1};
const struct color COLOR_LINK = {0, 0, 238, 1};

static struct color color_of_rgb(unsigned rgb)
{
    return (struct color){rgb >> 16, rgb >> 8 & CHANNEL_MAX, rgb & CHANNEL_MAX, 1};
}

static int color_compare_name(const void *text, const void *name)
{
    return strcasecmp(text, ((const struct color_name *)name)->name);
}

static bool color_read_name(const char *text, struct color *ret_color)
{
    const struct color_name *found = bsearch(text, NAMES, sizeof NAMES / sizeof *NAMES,
                                             sizeof *NAMES, color_compare_name);
    if (strcasecmp(text, "transparent") == 0)
        *ret_color = (struct color){0, 0, 0, 0};
    else if (found)
        *ret_color = color_of_rgb(found->rgb);
    return found || strcasecmp(text, "transparent") == 0;
}

static bool color_read_hex(const char *text, struct color *ret_color)
{
    size_t size = strspn(text, "0123456789abcdefABCDEF");
    bool is_short = size == 3 || size == 4;
    unsigned parts[COMPONENTS_MAX] = {0, 0, 0, CHANNEL_MAX};
    if (text[size] || (!is_short && size != 6 && size != 8))
        return false;
    for (size_t i = 0; i < size / (is_short ? 1 : 2); i++) {
        char digits[3] = {text[is_short ? i : 2 * i], text[is_short ? i : 2 * i + 1], '\0'};
        parts[i] = (unsigned)strtoul(digits, NULL, 16);
    }
    *ret_color = (struct color){parts[0], parts[1], parts[2], parts[3] / (double)CHANNEL_MAX};
    return true;
}

/* --- rgb() and hsl() */

struct color_component {
    double number;
    bool is_percent;
};

static double color_clamp(double number, double most)
{
    return number > 0 ? (number < most ? number : most) : 0; /* NaN, too, is 0 */
}

/* Of an angle everything is counted in degrees. */
static bool color_read_unit(const char **at, struct color_component *component)
{
    static const struct {
        const char *unit;
        double factor;
    } UNITS[] = {{"deg", 1}, {"grad", 0.9}, {"rad", 57.29577951308232}, {"turn", 360}};
    if (**at == '%') {
        component->is_percent = true;
        ++*at;
        return true;
    }
    for (size_t i = 0; i < sizeof UNITS / sizeof *UNITS; i++)
        if (strncasecmp(*at, UNITS[i].unit, strlen(UNITS[i].unit)) == 0) {
            component->number *= UNITS[i].factor;
            *at += strlen(UNITS[i].unit);
            return true;
        }
    return !**at || strchr(" ,/)", **at);
}

static bool color_read_component(const char **at, struct color_component *ret_component)
{
    static const char NONE[] = "none";
    *ret_component = (struct color_component){0, false};
    if (strncasecmp(*at, NONE, strlen(NONE)) == 0) {
        *at += strlen(NONE);
        return true;
    }
    /* strtod alone would read "inf", "nan" and hexadecimals, too. */
    const char *digits = *at + strspn(*at, "+-");
    char *end = NULL;
    if (!strchr("0123456789.", *digits) || strchr("xX", digits[*digits != '\0']))
        return false;
    ret_component->number = strtod(*at, &end);
    if (end == *at)
        return false;
    *at = end;
    return color_read_unit(at, ret_component);
}

static double color_channel(struct color_component component)
{
    return color_clamp(component.is_percent ? component.number * CHANNEL_MAX / 100
                                            : component.number,
                       CHANNEL_MAX);
}

/* CSS Color 4, 7.1. */
static double color_of_hue(double hue, double saturation, double lightness, double shift)
{
    double k = fmod(shift + hue / 30, 12);
    double most = k - 3 < 9 - k ? k - 3 : 9 - k;
    double amount = saturation * (lightness < 1 - lightness ? lightness : 1 - lightness);
    most = most < 1 ? most : 1;
    return CHANNEL_MAX * (lightness - amount * (most > -1 ? most : -1));
}

static struct color color_of_hsl(const struct color_component *parts)
{
    double hue = fmod(parts[0].number, 360);
    double saturation = color_clamp(parts[1].number / 100, 1);
    double lightness = color_clamp(parts[2].number / 100, 1);
    hue = hue >= 0 ? hue : hue + 360;
    if (!(hue >= 0 && hue <= 360))
        hue = 0;
    return (struct color){color_of_hue(hue, saturation, lightness, 0),
                          color_of_hue(hue, saturation, lightness, 8),
                          color_of_hue(hue, saturation, lightness, 4), 1};
}

static bool color_read_function(const char *text, struct color *ret_color)
{
    struct color_component parts[COMPONENTS_MAX] = {{0, false}};
    bool is_hue = strncasecmp(text, "hsl", 3) == 0;
    size_t count = 0;
    if (!is_hue && strncasecmp(text, "rgb", 3) != 0)
        return false;
    text += 3;
    text += *text == 'a' || *text == 'A';
    if (*text++ != '(')
        return false;
    for (;;) {
        text += strspn(text, " ,/");
        if (*text == ')' || count == COMPONENTS_MAX)
            break;
        if (!color_read_component(&text, &parts[count++]))
            return false;
    }
    if (*text != ')' || text[1] || count < 3)
        return false;
    struct color color = is_hue ? color_of_hsl(parts)
                                : (struct color){color_channel(parts[0]), color_channel(parts[1]),
                                                 color_channel(parts[2]), 1};
    if (count == COMPONENTS_MAX)
        color.alpha = color_clamp(parts[3].is_percent ? parts[3].number / 100 : parts[3].number, 1);
    *ret_color = color;
    return true;
}

bool color_read(const char *text, struct color *ret_color)
{
    return *text == '#' ? color_read_hex(text + 1, ret_color)
                        : color_read_name(text, ret_color) || color_read_function(text, ret_color);
}

/* --- what is seen */

struct color color_over(struct color front, struct color back)
{
    double rest = 1 - front.alpha;
    return (struct color){
        front.red * front.alpha + back.red * rest, front.green * front.alpha + back.green * rest,
        front.blue * front.alpha + back.blue * rest, front.alpha + back.alpha * rest};
}

static double color_linear(double channel)
{
    double part = channel / CHANNEL_MAX;
    return part <= 0.03928 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4);
}

static double color_luminance(struct color color)
{
    return 0.2126 * color_linear(color.red) + 0.7152 * color_linear(color.green) +
           0.0722 * color_linear(color.blue);
}

double color_contrast(struct color one, struct color other)
{
    double a = color_luminance(one) + 0.05, b = color_luminance(other) + 0.05;
    return a > b ? a / b : b / a;
}

static bool color_is_near(double a, double b)
{
    return fabs(a - b) < 0.5;
}

bool color_equal(struct color one, struct color other)
{
    return color_is_near(one.red, other.red) && color_is_near(one.green, other.green) &&
           color_is_near(one.blue, other.blue) && fabs(one.alpha - other.alpha) < 0.01;
}
