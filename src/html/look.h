/* look.h - whether an element is shown, and in which colours, as a browser would have it.
 *
 * What a sender hid stays hidden when its style is gone. Text and what is behind it are a pair:
 * where what is behind it cannot stay, its colour does not either. */
#pragma once
#include "html/color.h"
#include "html/sheet.h"

struct look {
    /* With all that is in it, whatever that says of itself. */
    bool is_gone;
    /* These its content inherits, and may change: visibility, a font size of 0, a clear colour. */
    bool is_invisible, is_tiny, is_clear;
    /* What was behind it did not stay. */
    bool has_lost_background;
    struct color color, background; /* as they are now */
    struct color intended;          /* its text's colour, as the sender had it */
    /* Of this element alone: what must be written otherwise than it was declared. */
    bool drops_color, drops_background;
    bool adds_color; /* `color` must be said, though the element did not */
};

/* What stands in nothing. */
extern const struct look LOOK_START;

/* Whether text directly in it is seen. */
bool look_shows_text(const struct look *look);

/* `cascade` holds what is declared of the element (by look_declare). */
struct look look_of(const struct look *outer, const GumboElement *element,
                    const struct cascade *cascade);

/* Whether an element with these declarations is gone; has_hidden: has the attribute `hidden`. */
bool look_hides(GumboTag tag, bool has_hidden, const struct cascade *cascade);

/* Fills cascade with all that the sheet and the style attribute say of an element. */
void look_declare(struct sheet *sheet, const GumboElement *element, struct arena *arena,
                  struct cascade *cascade);
