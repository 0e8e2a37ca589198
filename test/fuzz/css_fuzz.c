/* Style sheets and style attributes: what may stay is made of harmless characters, and all is read
 * to its end. */
#include <assert.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "html/property.h"
#include "html/style.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* No brackets but those of colours. */
static void check_value(const char *value)
{
    static const char *const COLORS[] = {"rgb", "rgba", "hsl", "hsla"};
    assert(*value && !strpbrk(value, "<>\"'&\\;:{}[]!@*\n\t"));
    for (const char *at = value; (at = strchr(at, '(')); at++) {
        bool is_color = false;
        for (size_t i = 0; i < sizeof COLORS / sizeof *COLORS; i++) {
            size_t size = strlen(COLORS[i]);
            is_color = is_color || ((size_t)(at - value) >= size &&
                                    strncasecmp(at - size, COLORS[i], size) == 0);
        }
        assert(is_color);
    }
}

static void check_declarations(struct css_text text, struct arena *arena)
{
    struct css_declaration declaration;
    while (css_next_declaration(&text, arena, &declaration)) {
        struct property_value values[PROPERTY_PARTS_MAX];
        size_t count = property_read(&declaration, arena, values);
        assert(count <= PROPERTY_PARTS_MAX);
        for (size_t i = 0; i < count; i++)
            if (values[i].property < PROPERTY_STAYING)
                check_value(values[i].value);
    }
    assert(text.at == text.end);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA arena = arena_create();
    const char *css = arena_copy_bytes(arena, data, size);
    struct css_text text = {css, css + strlen(css)};
    struct css_rule rule;
    const char *selector;
    check_declarations(text, arena);
    while (css_next_rule(&text, &rule)) {
        check_declarations(rule.declarations, arena);
        while (css_next_selector(&rule.selectors, arena, &selector))
            assert(selector);
    }
    const char *clean = style_clean(css, arena);
    assert(!clean || text_equal(style_clean(clean, arena), clean));
    return 0;
}
