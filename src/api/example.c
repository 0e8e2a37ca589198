#include "api/example.h"

#include "base/text.h"

enum { TEXT_BYTES = 64 * 1024 };

static bool is_nested(const struct shape *shape, const struct field *field)
{
    return field->kind == KIND_OBJECT && !shape_is_spelled(shape, field);
}

static bool is_in(const struct shape *shape, const struct field *field)
{
    struct shape inside = shape_inside(shape, field);
    return shape_role(shape, field) == ROLE_PART &&
           (field->example || shape_has_always(shape, field) ||
            (is_nested(shape, field) && shape->use != SHOWN && example_exists(&inside)));
}

bool example_exists(const struct shape *shape)
{
    for (const struct field *field = shape->view->fields; field->name; field++)
        if (is_in(shape, field))
            return true;
    return false;
}

static const char *quoted(const char *text, struct arena *arena)
{
    struct error never;
    struct builder builder = BUILDER(arena, TEXT_BYTES);
    builder_text(&builder, NULL, text);
    return builder_finish(&builder, &never);
}

const char *example_of_field(const struct shape *shape, const struct field *field,
                             struct arena *arena)
{
    bool is_spelled = field->kind == KIND_LIST ? shape_has_texts(shape, field)
                                               : shape_is_spelled(shape, field);
    if (field->example || !is_spelled || !field->spelling || !field->spelling->example)
        return field->example;
    const char *text = quoted(field->spelling->example, arena);
    return field->kind == KIND_LIST ? arena_format(arena, "[%s]", text) : text;
}

static const char *first_name(const struct field *field)
{
    const char *const *name = field->names;
    return **name ? name[0] : name[1];
}

static void add_list(struct builder *builder, const char *key, const struct shape *shape,
                     const struct field *field)
{
    struct shape inside = shape_inside(shape, field);
    builder_array(builder, key);
    if (shape_has_objects(shape, field))
        example_add(builder, NULL, &inside);
    else
        builder_text(builder, NULL, "text");
    builder_end(builder);
}

/* What the kind suggests. */
static void add_usual(struct builder *builder, const char *key, const struct shape *shape,
                      const struct field *field)
{
    struct shape inside = shape_inside(shape, field);
    if (shape->use == SHOWN && shape_may_be_null(shape, field)) {
        builder_json(builder, key, "null");
        return;
    }
    switch (field->kind) {
    case KIND_TEXT:
        if (field->use & JSON_TEXT)
            builder_json(builder, key, "{}");
        else
            builder_text(builder, key, field->names ? first_name(field) : "text");
        return;
    case KIND_INT: builder_integer(builder, key, field->min > 1 ? field->min : 1); return;
    case KIND_BOOL: builder_bool(builder, key, false); return;
    case KIND_TIME: builder_text(builder, key, "2026-05-20T14:10:00.000Z"); return;
    case KIND_NAME: builder_text(builder, key, first_name(field)); return;
    case KIND_LIST: add_list(builder, key, shape, field); return;
    case KIND_OBJECT: example_add(builder, key, &inside); return;
    }
}

void example_add(struct builder *builder, const char *key, const struct shape *shape)
{
    builder_object(builder, key);
    for (const struct field *field = shape->view->fields; field->name; field++) {
        const char *example = example_of_field(shape, field, builder->buf.arena);
        if (!is_in(shape, field))
            continue;
        if (example)
            builder_json(builder, field_key(field), example);
        else
            add_usual(builder, field_key(field), shape, field);
    }
    builder_end(builder);
}

const char *example_text(const struct shape *shape, struct arena *arena)
{
    struct error never;
    struct builder builder = BUILDER(arena, TEXT_BYTES);
    builder.is_indented = true;
    example_add(&builder, NULL, shape);
    return builder_finish(&builder, &never);
}
