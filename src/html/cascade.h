/* cascade.h - what was declared of one element, the strongest of each property. */
#pragma once
#include <stdint.h>

#include "html/property.h"

struct cascade_entry {
    uint64_t weight; /* 0: not declared */
    const char *value;
};

struct cascade {
    struct cascade_entry entries[PROPERTY_COUNT];
    unsigned char declared[PROPERTY_COUNT]; /* which, as they came */
    size_t count;
};

/* Weights, as CSS Cascade compares them: importance, then the style attribute, then specificity,
 * then what came later. Below all of them stand attributes such as bgcolor. */
enum { CASCADE_ORDER_BITS = 32 };
static const uint64_t CASCADE_IMPORTANT = UINT64_C(1) << 63;
static const uint64_t CASCADE_INLINE = UINT64_C(1) << 62;

void cascade_clear(struct cascade *cascade);
void cascade_put(struct cascade *cascade, enum property property, const char *value,
                 uint64_t weight);

/* A style attribute. */
void cascade_add_style(struct cascade *cascade, const char *style, struct arena *arena);

/* NULL: not declared. */
const char *cascade_value(const struct cascade *cascade, enum property property);

/* Sorts what is declared as it must be written, so that shorthands and what they are short for
 * override each other as they did. */
void cascade_sort(struct cascade *cascade);
