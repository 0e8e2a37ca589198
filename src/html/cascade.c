#include "html/cascade.h"

#include <string.h>

enum { STYLE_MAX_BYTES = 16 * 1024 };

void cascade_clear(struct cascade *cascade)
{
    for (size_t i = 0; i < cascade->count; i++)
        cascade->entries[cascade->declared[i]] = (struct cascade_entry){0, NULL};
    cascade->count = 0;
}

void cascade_put(struct cascade *cascade, enum property property, const char *value,
                 uint64_t weight)
{
    struct cascade_entry *entry = &cascade->entries[property];
    if (entry->weight > weight)
        return;
    if (!entry->weight)
        cascade->declared[cascade->count++] = (unsigned char)property;
    *entry = (struct cascade_entry){weight, value};
}

void cascade_add_style(struct cascade *cascade, const char *style, struct arena *arena)
{
    size_t size = strlen(style);
    struct css_text text = {style, style + (size < STYLE_MAX_BYTES ? size : STYLE_MAX_BYTES)};
    struct css_declaration declaration;
    for (uint64_t order = 1; css_next_declaration(&text, arena, &declaration); order++) {
        struct property_value values[PROPERTY_PARTS_MAX];
        size_t count = property_read(&declaration, arena, values);
        for (size_t i = 0; i < count; i++)
            cascade_put(cascade, values[i].property, values[i].value,
                        (declaration.is_important ? CASCADE_IMPORTANT : 0) | CASCADE_INLINE |
                            order);
    }
}

const char *cascade_value(const struct cascade *cascade, enum property property)
{
    return cascade->entries[property].value;
}

void cascade_sort(struct cascade *cascade)
{
    unsigned char *declared = cascade->declared;
    for (size_t i = 1; i < cascade->count; i++) {
        unsigned char property = declared[i];
        size_t to = i;
        for (; to && cascade->entries[declared[to - 1]].weight > cascade->entries[property].weight;
             to--)
            declared[to] = declared[to - 1];
        declared[to] = property;
    }
}
