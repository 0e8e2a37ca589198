#include "html/form_text.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <strings.h>

#include "base/buf.h"
#include "base/text.h"

static const char *form_text_attribute(const GumboElement *element, const char *name)
{
    const GumboAttribute *found = gumbo_get_attribute(&element->attributes, name);
    return found ? found->value : NULL;
}

static void form_text_add(struct buf *out, const GumboElement *element)
{
    for (unsigned i = 0; i < element->children.length; i++) {
        const GumboNode *child = element->children.data[i];
        if (child->type == GUMBO_NODE_TEXT || child->type == GUMBO_NODE_WHITESPACE)
            buf_add(out, child->v.text.text);
    }
}

static const char *form_text_of(const GumboElement *element, struct arena *arena)
{
    struct buf out = BUF(arena, SIZE_MAX / 4);
    struct error none;
    form_text_add(&out, element);
    return buf_text(&out, &none);
}

/* --- select */

struct form_text_choice {
    struct buf *out;
    const GumboElement *first, *selected;
    bool shows_all;
};

static void form_text_add_option(struct form_text_choice *choice, const GumboElement *option)
{
    choice->first = choice->first ? choice->first : option;
    if (form_text_attribute(option, "selected"))
        choice->selected = option;
    if (!choice->shows_all)
        return;
    if (choice->out->size)
        buf_add(choice->out, ", ");
    form_text_add(choice->out, option);
}

static void form_text_walk_options(struct form_text_choice *choice, const GumboElement *element)
{
    for (unsigned i = 0; i < element->children.length; i++) {
        const GumboNode *child = element->children.data[i];
        if (child->type != GUMBO_NODE_ELEMENT)
            continue;
        if (child->v.element.tag == GUMBO_TAG_OPTION)
            form_text_add_option(choice, &child->v.element);
        else if (child->v.element.tag == GUMBO_TAG_OPTGROUP)
            form_text_walk_options(choice, &child->v.element);
    }
}

/* The last that is selected, else the first; a list that is open shows all. */
static const char *form_text_select(const GumboElement *element, struct arena *arena)
{
    struct buf out = BUF(arena, SIZE_MAX / 4);
    struct error none;
    const char *size = text_or(form_text_attribute(element, "size"), "1");
    char *end = NULL;
    bool is_open = form_text_attribute(element, "multiple") || strtoll(size, &end, 10) > 1;
    struct form_text_choice choice = {.out = &out, .shows_all = is_open};
    form_text_walk_options(&choice, element);
    const GumboElement *chosen = choice.selected ? choice.selected : choice.first;
    if (!is_open && chosen)
        form_text_add(&out, chosen);
    return buf_text(&out, &none);
}

/* --- input */

static const char *form_text_input(const GumboElement *element, struct arena *arena)
{
    static const char *const UNSEEN[] = {"hidden", "password", "checkbox", "radio",
                                         "file",   "range",    "color"};
    const char *type = text_or(form_text_attribute(element, "type"), "text");
    const char *attribute = strcasecmp(type, "image") == 0 ? "alt" : "value";
    (void)arena;
    for (size_t i = 0; i < sizeof UNSEEN / sizeof *UNSEEN; i++)
        if (strcasecmp(type, UNSEEN[i]) == 0)
            return "";
    return text_or(form_text_attribute(element, attribute), "");
}

const char *form_text(const GumboElement *element, struct arena *arena)
{
    static const struct {
        GumboTag tag;
        const char *(*read)(const GumboElement *element, struct arena *arena);
    } FIELDS[] = {
        {GUMBO_TAG_TEXTAREA, form_text_of},
        {GUMBO_TAG_SELECT, form_text_select},
        {GUMBO_TAG_INPUT, form_text_input},
    };
    for (size_t i = 0; i < sizeof FIELDS / sizeof *FIELDS; i++)
        if (element->tag == FIELDS[i].tag)
            return FIELDS[i].read(element, arena);
    return NULL;
}
