#include "api/shape.h"

#include <string.h>

#include "base/text.h"

struct shape shape_of_reply(const struct schema *view)
{
    return (struct shape){.view = view, .use = SHOWN};
}

struct shape shape_of_body(const struct schema *view, const char *method)
{
    bool is_new = text_equal(method, "POST");
    return (struct shape){view, is_new ? CREATE : UPDATE, is_new, false};
}

struct shape shape_inside(const struct shape *shape, const struct field *field)
{
    bool is_item = field->kind == KIND_LIST && shape->use != SHOWN; /* items are made anew */
    return (struct shape){field->items, shape->use, is_item || shape->is_new, false};
}

struct shape shape_of_form(const struct schema *view)
{
    return (struct shape){view, CREATE, true, .is_form = true};
}

/* Whether a field that stands before this one, or anywhere, has its key and one of these uses. */
static bool has_twin(const struct shape *shape, const struct field *field, unsigned use,
                     const struct field *end)
{
    for (const struct field *other = shape->view->fields; other->name && other != end; other++)
        if (other != field && other->use & use && text_equal(field_key(other), field_key(field)))
            return true;
    return false;
}

enum role shape_role(const struct shape *shape, const struct field *field)
{
    if (field->use & shape->use)
        return has_twin(shape, field, shape->use, field) ? ROLE_NONE : ROLE_PART;
    bool is_ignored = shape->use != SHOWN && field->use & SHOWN &&
                      !has_twin(shape, field, shape->use, NULL) &&
                      !has_twin(shape, field, SHOWN, field);
    return is_ignored ? ROLE_IGNORED : ROLE_NONE;
}

bool shape_has_always(const struct shape *shape, const struct field *field)
{
    return shape->use == SHOWN ? !(field->use & (OMITTED | WHOLE))
                               : shape->is_new && field->use & REQUIRED;
}

static bool has_empty_name(const struct field *field)
{
    for (size_t i = 0; field->names[i]; i++)
        if (!*field->names[i])
            return true;
    return false;
}

bool shape_may_be_null(const struct shape *shape, const struct field *field)
{
    if (shape->use != SHOWN)
        return !shape->is_form && !shape_has_always(shape, field);
    if (field->use & (OMITTED | NOT_NULL))
        return false;
    if (shape_is_spelled(shape, field))
        return true;
    switch (field->kind) {
    case KIND_TEXT:
    case KIND_TIME: return true;
    case KIND_NAME: return has_empty_name(field);
    case KIND_INT:
    case KIND_BOOL:
    case KIND_LIST:
    case KIND_OBJECT: return false;
    }
    return false;
}

static bool has_spelling(const struct shape *shape, const struct field *field)
{
    if (!field->spelling)
        return false;
    return shape->use == SHOWN ? field->spelling->write != NULL : field->spelling->read != NULL;
}

bool shape_is_spelled(const struct shape *shape, const struct field *field)
{
    return field->kind != KIND_LIST && has_spelling(shape, field);
}

bool shape_has_texts(const struct shape *shape, const struct field *field)
{
    return field->items == &TEXT_ITEM || has_spelling(shape, field);
}

bool shape_has_objects(const struct shape *shape, const struct field *field)
{
    struct shape inside = shape_inside(shape, field);
    if (field->items == &TEXT_ITEM)
        return false;
    if (!has_spelling(shape, field))
        return true;
    return shape->use != SHOWN && !shape_is_empty(&inside);
}

bool shape_is_empty(const struct shape *shape)
{
    for (const struct field *field = shape->view->fields; field->name; field++)
        if (field->use & shape->use)
            return false;
    return true;
}

bool shape_needs_nothing(const struct shape *shape)
{
    for (const struct field *field = shape->view->fields; field->name; field++)
        if (shape_role(shape, field) == ROLE_PART && shape_has_always(shape, field))
            return false;
    return true;
}

/* Whether making and changing take the same: then one name is enough for both. */
static bool is_the_same_for_both(const struct shape *shape)
{
    for (const struct field *field = shape->view->fields; field->name; field++) {
        struct shape inside = shape_inside(shape, field);
        if (!(field->use & CREATE) != !(field->use & UPDATE) ||
            (field->use & REQUIRED && !shape->is_new) ||
            (field->items && field->items != &TEXT_ITEM && !is_the_same_for_both(&inside)))
            return false;
    }
    return true;
}

const char *shape_title(const struct shape *shape, struct arena *arena)
{
    const char *title = shape->view->title;
    if (!title || shape->use == SHOWN || shape->view->is_flat)
        return title;
    if (shape->use == CREATE || is_the_same_for_both(shape))
        return arena_format(arena, "%sInput", title);
    return arena_format(arena, "%s%s", title, shape->is_new ? "ChangeItem" : "Change");
}
