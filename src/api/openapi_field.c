#include "api/example.h"
#include "api/openapi_document.h"
#include "api/spelling.h"
#include "api/uploading.h"
#include "base/text.h"

/* One field as JSON Schema (draft 2020-12): what json/ reads and writes by the same table. */

static void add_type(struct builder *builder, const char *type, bool may_be_null)
{
    if (!may_be_null) {
        builder_text(builder, "type", type);
        return;
    }
    builder_array(builder, "type");
    builder_text(builder, NULL, type);
    builder_text(builder, NULL, "null");
    builder_end(builder);
}

static bool is_earlier_name(const struct field *field, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (text_equal(field->names[i], field->names[index]))
            return true;
    return false;
}

static void add_names(struct builder *builder, const struct field *field, bool may_be_null)
{
    builder_array(builder, "enum");
    for (size_t i = 0; field->names[i]; i++)
        if (*field->names[i] && !is_earlier_name(field, i))
            builder_text(builder, NULL, field->names[i]);
    if (may_be_null)
        builder_json(builder, NULL, "null");
    builder_end(builder);
}

static void add_limits(struct builder *builder, const struct field *field)
{
    if (field->min)
        builder_integer(builder, "minimum", field->min);
    if (field->max)
        builder_integer(builder, "maximum", (int64_t)field->max);
}

/* Text as a reply shows it: how it is written is known. */
static void add_form(struct builder *builder, const struct field *field)
{
    bool is_time = field->kind == KIND_TIME;
    const struct spelling *spelling = field->spelling;
    builder_text(builder, "format", spelling ? spelling->format : is_time ? "date-time" : NULL);
    builder_text(builder, "pattern", spelling ? spelling->pattern : NULL);
}

/* Text as it is taken: the limit counts bytes, of which a character has one or more. */
static void add_text_limits(struct builder *builder, size_t max, bool may_be_empty)
{
    if (!may_be_empty)
        builder_integer(builder, "minLength", 1);
    if (max)
        builder_integer(builder, "maxLength", (int64_t)max);
}

static void add_text(struct openapi *openapi, const struct shape *shape, const struct field *field)
{
    struct builder *builder = &openapi->builder;
    bool may_be_null = shape_may_be_null(shape, field);
    add_type(builder, "string", may_be_null);
    if (field->names)
        add_names(builder, field, may_be_null);
    else if (shape->use == SHOWN)
        add_form(builder, field);
    else if (field->kind == KIND_TIME)
        builder_text(builder, "format", "date-time");
    else if (field->spelling == &BASE64)
        builder_text(builder, "contentEncoding", "base64");
    else
        add_text_limits(builder, field->kind == KIND_TEXT ? field->max : 0,
                        !shape_has_always(shape, field));
}

/* JSON that is kept as it came; what is read must be flat. */
static void add_json_text(struct openapi *openapi, const struct shape *shape,
                          const struct field *field)
{
    add_type(&openapi->builder, "object", shape_may_be_null(shape, field));
    if (shape->use != SHOWN)
        builder_json(&openapi->builder, "additionalProperties", OPENAPI_FLAT_VALUE);
}

static void add_text_item(struct openapi *openapi, const char *key, const struct shape *shape,
                          const struct field *field)
{
    struct builder *builder = &openapi->builder;
    builder_object(builder, key);
    builder_text(builder, "type", "string");
    if (shape->use == SHOWN)
        add_form(builder, field);
    else
        add_text_limits(builder, field->item_max, false);
    builder_end(builder);
}

static void add_item(struct openapi *openapi, const char *key, const struct shape *shape,
                     const struct field *field)
{
    struct builder *builder = &openapi->builder;
    struct shape inside = shape_inside(shape, field);
    bool has_texts = shape_has_texts(shape, field), has_objects = shape_has_objects(shape, field);
    if (!has_texts || !has_objects) {
        if (has_texts)
            add_text_item(openapi, key, shape, field);
        else
            openapi_add_view(openapi, key, &inside);
        return;
    }
    builder_object(builder, key);
    builder_array(builder, "anyOf");
    add_text_item(openapi, NULL, shape, field);
    openapi_add_view(openapi, NULL, &inside);
    builder_end(builder);
    builder_end(builder);
}

static void add_array(struct openapi *openapi, const struct shape *shape, const struct field *field,
                      bool may_be_null)
{
    struct builder *builder = &openapi->builder;
    bool is_input = shape->use != SHOWN;
    add_type(builder, "array", may_be_null);
    add_item(openapi, "items", shape, field);
    if (is_input && shape_has_always(shape, field))
        builder_integer(builder, "minItems", 1);
    if (is_input)
        builder_integer(builder, "maxItems", (int64_t)field->max);
}

/* Of a form. */
static void add_file(struct builder *builder)
{
    builder_text(builder, "type", "string");
    builder_text(builder, "format", "binary");
    builder_text(builder, "contentMediaType", "application/octet-stream");
}

static void add_files(struct builder *builder, const struct field *field)
{
    if (field->max == 1) {
        add_file(builder);
        return;
    }
    builder_text(builder, "type", "array");
    builder_object(builder, "items");
    add_file(builder);
    builder_end(builder);
    if (field->use & REQUIRED)
        builder_integer(builder, "minItems", 1);
    builder_integer(builder, "maxItems", (int64_t)field->max);
}

static void add_list(struct openapi *openapi, const struct shape *shape, const struct field *field)
{
    struct builder *builder = &openapi->builder;
    if (field->spelling == &FORM_FILE) {
        add_files(builder, field);
        return;
    }
    if (!(field->use & ONE_OR_MANY) || shape->use == SHOWN) {
        add_array(openapi, shape, field, shape_may_be_null(shape, field));
        return;
    }
    builder_array(builder, "anyOf");
    add_item(openapi, NULL, shape, field);
    builder_object(builder, NULL);
    add_array(openapi, shape, field, false);
    builder_end(builder);
    if (shape_may_be_null(shape, field))
        builder_json(builder, NULL, "{\"type\":\"null\"}");
    builder_end(builder);
}

static void add_nested(struct openapi *openapi, const struct shape *shape,
                       const struct field *field)
{
    struct builder *builder = &openapi->builder;
    struct shape inside = shape_inside(shape, field);
    bool may_be_null = shape_may_be_null(shape, field), is_text = shape_is_spelled(shape, field);
    if (!is_text && !may_be_null) {
        openapi_add_view_members(openapi, &inside);
        return;
    }
    builder_array(builder, "anyOf");
    openapi_add_view(openapi, NULL, &inside);
    builder_object(builder, NULL);
    add_type(builder, is_text ? "string" : "null", is_text && may_be_null);
    builder_end(builder);
    builder_end(builder);
}

static void add_value(struct openapi *openapi, const struct shape *shape, const struct field *field)
{
    struct builder *builder = &openapi->builder;
    bool is_shown_as_text = shape->use == SHOWN && shape_is_spelled(shape, field);
    bool is_number = field->kind == KIND_INT || field->kind == KIND_BOOL;
    if (field->kind == KIND_LIST)
        add_list(openapi, shape, field);
    else if ((field->kind == KIND_OBJECT && !is_shown_as_text) ||
             (field->use & JSON_TEXT && field->items))
        add_nested(openapi, shape, field);
    else if (field->use & JSON_TEXT)
        add_json_text(openapi, shape, field);
    else if (!is_number || shape_is_spelled(shape, field))
        add_text(openapi, shape, field);
    else
        add_type(builder, field->kind == KIND_INT ? "integer" : "boolean",
                 shape_may_be_null(shape, field));
    if (field->kind == KIND_INT && shape->use != SHOWN && !shape_is_spelled(shape, field))
        add_limits(builder, field);
}

void openapi_add_field(struct openapi *openapi, const char *key, const struct shape *shape,
                       const struct field *field)
{
    struct builder *builder = &openapi->builder;
    const char *example = example_of_field(shape, field, openapi->arena);
    builder_object(builder, key);
    builder_text(builder, "description", field->about);
    add_value(openapi, shape, field);
    if (example && !shape->is_form) { /* there it is what curl takes */
        builder_array(builder, "examples");
        builder_json(builder, NULL, example);
        builder_end(builder);
    }
    builder_end(builder);
}

/* A preset is text in the table, whatever it stands for. */
static void add_preset(struct builder *builder, const struct field *field)
{
    if (field->kind == KIND_INT || field->kind == KIND_BOOL)
        builder_json(builder, "default", field->preset);
    else
        builder_text(builder, "default", field->preset);
}

void openapi_add_query_field(struct openapi *openapi, const char *key, const struct field *field)
{
    struct builder *builder = &openapi->builder;
    builder_object(builder, key);
    switch (field->kind) {
    case KIND_INT:
        builder_text(builder, "type", "integer");
        add_limits(builder, field);
        break;
    case KIND_BOOL: builder_text(builder, "type", "boolean"); break;
    default:
        builder_text(builder, "type", "string");
        if (field->names)
            add_names(builder, field, false);
        else if (field->max)
            builder_integer(builder, "maxLength", (int64_t)field->max);
    }
    add_preset(builder, field);
    builder_end(builder);
}
