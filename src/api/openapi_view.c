#include <assert.h>

#include "api/openapi_document.h"
#include "base/text.h"

static bool is_named(const struct openapi *openapi, const char *title)
{
    for (size_t i = 0; i < openapi->shape_count; i++)
        if (text_equal(shape_title(&openapi->shapes[i], openapi->arena), title))
            return true;
    return false;
}

static void add_required(struct openapi *openapi, const struct shape *shape)
{
    struct builder *builder = &openapi->builder;
    if (shape_needs_nothing(shape))
        return;
    builder_array(builder, "required");
    for (const struct field *field = shape->view->fields; field->name; field++)
        if (shape_role(shape, field) == ROLE_PART && shape_has_always(shape, field))
            builder_text(builder, NULL, field_key(field));
    builder_end(builder);
}

static void add_members(struct openapi *openapi, const struct shape *shape)
{
    struct builder *builder = &openapi->builder;
    builder_text(builder, "type", "object");
    if (shape->view->is_flat) {
        builder_json(builder, "additionalProperties", OPENAPI_FLAT_VALUE);
        return;
    }
    builder_object(builder, "properties");
    for (const struct field *field = shape->view->fields; field->name; field++) {
        enum role role = shape_role(shape, field);
        if (role == ROLE_PART)
            openapi_add_field(openapi, field_key(field), shape, field);
        else if (role == ROLE_IGNORED)
            builder_json(builder, field_key(field), "{\"readOnly\":true}");
    }
    builder_end(builder);
    add_required(openapi, shape);
    if (shape->use != SHOWN)
        builder_bool(builder, "additionalProperties", false);
}

void openapi_add_view_members(struct openapi *openapi, const struct shape *shape)
{
    const char *title = shape_title(shape, openapi->arena);
    if (!title) {
        add_members(openapi, shape);
        return;
    }
    if (!is_named(openapi, title)) {
        assert(openapi->shape_count < SHAPES_MOST);
        openapi->shapes[openapi->shape_count++] = *shape;
    }
    builder_text(&openapi->builder, "$ref",
                 arena_format(openapi->arena, "#/components/schemas/%s", title));
}

void openapi_add_view(struct openapi *openapi, const char *key, const struct shape *shape)
{
    builder_object(&openapi->builder, key);
    openapi_add_view_members(openapi, shape);
    builder_end(&openapi->builder);
}

/* The number grows on the way: views name other views. */
void openapi_add_schemas(struct openapi *openapi)
{
    struct builder *builder = &openapi->builder;
    builder_object(builder, "schemas");
    for (size_t i = 0; i < openapi->shape_count; i++) {
        builder_object(builder, shape_title(&openapi->shapes[i], openapi->arena));
        add_members(openapi, &openapi->shapes[i]);
        builder_end(builder);
    }
    builder_end(builder);
}
