/* Every kind of field as JSON Schema: as it is shown, as it is taken when a thing is made, and when
 * it is changed.
 *
 * covers: src/api/shape.c */
#include "api/openapi_document.h"

#include <string.h>

#include "api/spelling.h"
#include "api/uploading.h"
#include "case.h"

struct part {
    const char *name;
};

struct thing {
    const char *text, *id, *json;
    int64_t number;
    bool flag;
    moment when;
    unsigned name;
    struct list list;
};

/* clang-format off */
static const char *const NAMES[] = {"", "one", "two", NULL};
static const struct field PART_FIELDS[] = {
    FIELD(struct part, name, .use = CREATE | UPDATE | SHOWN | REQUIRED),
    {0},
};
static const struct schema PART = VIEW(struct part, PART_FIELDS, "Part");
static const struct field PLAIN_FIELDS[] = {
    FIELD(struct thing, text, .use = CREATE | UPDATE | SHOWN, .max = 5),
    {0},
};
static const struct schema UNTITLED = SCHEMA(struct thing, PLAIN_FIELDS);

#define ANY CREATE | UPDATE | SHOWN
static const struct row {
    struct field field;
    const char *shown, *made, *changed;
} ROWS[] = {
    {FIELD(struct thing, text, .use = ANY, .max = 9),
     "{\"type\":[\"string\",\"null\"]}",
     "{\"type\":[\"string\",\"null\"],\"maxLength\":9}",
     "{\"type\":[\"string\",\"null\"],\"maxLength\":9}"},
    {FIELD(struct thing, text, .use = ANY | REQUIRED | NOT_NULL, .about = "what", .example = "\"x\""),
     "{\"description\":\"what\",\"type\":\"string\",\"examples\":[\"x\"]}",
     "{\"description\":\"what\",\"type\":\"string\",\"minLength\":1,\"examples\":[\"x\"]}",
     "{\"description\":\"what\",\"type\":[\"string\",\"null\"],\"examples\":[\"x\"]}"},
    {FIELD(struct thing, text, .use = ANY | OMITTED),
     "{\"type\":\"string\"}",
     "{\"type\":[\"string\",\"null\"]}",
     "{\"type\":[\"string\",\"null\"]}"},
    {FIELD(struct thing, id, .use = ANY | NOT_NULL, .max = 40, .spelling = &UUID),
     "{\"type\":\"string\",\"format\":\"uuid\","
     "\"examples\":[\"019e458a-8b40-7a41-9c2b-3f0e8d6a4b17\"]}",
     "{\"type\":[\"string\",\"null\"],\"maxLength\":40,"
     "\"examples\":[\"019e458a-8b40-7a41-9c2b-3f0e8d6a4b17\"]}", NULL},
    {FIELD(struct thing, json, .use = ANY | JSON_TEXT),
     "{\"type\":[\"object\",\"null\"]}",
     "{\"type\":[\"object\",\"null\"],"
     "\"additionalProperties\":{\"type\":[\"string\",\"number\",\"boolean\",\"null\"]}}", NULL},
    {FIELD(struct thing, text, .use = ANY, .max = 20, .spelling = &BASE64),
     NULL, "{\"type\":[\"string\",\"null\"],\"contentEncoding\":\"base64\"}", NULL},
    {FIELD(struct thing, number, .use = ANY, .min = 1, .max = 7),
     "{\"type\":\"integer\"}",
     "{\"type\":[\"integer\",\"null\"],\"minimum\":1,\"maximum\":7}", NULL},
    {FIELD(struct thing, flag, .use = ANY | REQUIRED),
     "{\"type\":\"boolean\"}",
     "{\"type\":\"boolean\"}",
     "{\"type\":[\"boolean\",\"null\"]}"},
    {FIELD(struct thing, when, .use = ANY),
     "{\"type\":[\"string\",\"null\"],\"format\":\"date-time\"}",
     "{\"type\":[\"string\",\"null\"],\"format\":\"date-time\"}", NULL},
    {NAME_FIELD(struct thing, name, NAMES, .use = ANY | REQUIRED),
     "{\"type\":[\"string\",\"null\"],\"enum\":[\"one\",\"two\",null]}",
     "{\"type\":\"string\",\"enum\":[\"one\",\"two\"]}",
     "{\"type\":[\"string\",\"null\"],\"enum\":[\"one\",\"two\",null]}"},
    {FIELD(struct thing, list, .use = ANY, .max = 3, .item_max = 4, .items = &TEXT_ITEM),
     "{\"type\":\"array\",\"items\":{\"type\":\"string\"}}",
     "{\"type\":[\"array\",\"null\"],\"items\":{\"type\":\"string\",\"minLength\":1,\"maxLength\":4},"
     "\"maxItems\":3}", NULL},
    {FIELD(struct thing, list, .use = ANY | REQUIRED, .max = 3, .items = &PART),
     "{\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/Part\"}}",
     "{\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/PartInput\"},"
     "\"minItems\":1,\"maxItems\":3}",
     "{\"type\":[\"array\",\"null\"],\"items\":{\"$ref\":\"#/components/schemas/PartInput\"},"
     "\"maxItems\":3}"},
    {FIELD(struct thing, list, .use = ANY | ONE_OR_MANY, .max = 3, .items = &PART,
           .spelling = &CONTENT_ID),
     "{\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/Part\"}}",
     "{\"anyOf\":["
     "{\"anyOf\":[{\"type\":\"string\",\"minLength\":1},"
     "{\"$ref\":\"#/components/schemas/PartInput\"}]},"
     "{\"type\":\"array\",\"items\":{\"anyOf\":[{\"type\":\"string\",\"minLength\":1},"
     "{\"$ref\":\"#/components/schemas/PartInput\"}]},\"maxItems\":3},"
     "{\"type\":\"null\"}]}", NULL},
    {OBJECT_FIELD("inner", 0, &PART, .use = ANY),
     "{\"$ref\":\"#/components/schemas/Part\"}",
     "{\"anyOf\":[{\"$ref\":\"#/components/schemas/PartInput\"},{\"type\":\"null\"}]}",
     "{\"anyOf\":[{\"$ref\":\"#/components/schemas/PartChange\"},{\"type\":\"null\"}]}"},
    {OBJECT_FIELD("inner", 0, &UNTITLED, .use = ANY, .about = "what"),
     "{\"description\":\"what\",\"type\":\"object\",\"properties\":"
     "{\"text\":{\"type\":[\"string\",\"null\"]}},\"required\":[\"text\"]}", NULL, NULL},
    {OBJECT_FIELD("inner", 0, &PART, .use = ANY, .spelling = &CONTENT_ID),
     "{\"$ref\":\"#/components/schemas/Part\"}",
     "{\"anyOf\":[{\"$ref\":\"#/components/schemas/PartInput\"},"
     "{\"type\":[\"string\",\"null\"]}]}", NULL},
};
/* clang-format on */

static const char *schema_of(struct shape shape, const struct field *field, struct arena *arena)
{
    struct error error;
    struct openapi *openapi = arena_new(arena, struct openapi, 1);
    openapi->arena = arena;
    openapi->builder = BUILDER(arena, 4096);
    openapi_add_field(openapi, NULL, &shape, field);
    return builder_finish(&openapi->builder, &error);
}

static void expect(size_t row, struct shape shape, const char *wanted, struct arena *arena)
{
    const char *found = schema_of(shape, shape.view->fields, arena);
    if (wanted && strcmp(found, wanted) != 0)
        fail_msg("row %zu: %s\nrather than %s", row, found, wanted);
}

static void test_each_kind(void **state)
{
    AUTO_ARENA arena = arena_create();
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        const struct field fields[] = {ROWS[i].field, {0}};
        const struct schema view = {.name = "thing", .fields = fields};
        expect(i, shape_of_reply(&view), ROWS[i].shown, arena);
        expect(i, shape_of_body(&view, "POST"), ROWS[i].made, arena);
        expect(i, shape_of_body(&view, "PATCH"), ROWS[i].changed, arena);
    }
}

static void test_fields_of_a_form(void **state)
{
    AUTO_ARENA arena = arena_create();
    const struct field fields[] = {
        FIELD(struct thing, list, .max = 1, .spelling = &FORM_FILE, .items = &FORM_FILE_SCHEMA,
              .use = CREATE, .example = "@a.pdf"),
        FIELD(struct thing, list, .json = "many", .max = 4, .spelling = &FORM_FILE,
              .items = &FORM_FILE_SCHEMA, .use = CREATE | REQUIRED),
        FIELD(struct thing, text, .use = CREATE, .max = 9),
        {0},
    };
    const struct schema view = {.name = "form", .fields = fields};
    struct shape form = shape_of_form(&view);
    (void)state;
    assert_string_equal(schema_of(form, &fields[0], arena),
                        "{\"type\":\"string\",\"format\":\"binary\","
                        "\"contentMediaType\":\"application/octet-stream\"}");
    assert_string_equal(schema_of(form, &fields[1], arena),
                        "{\"type\":\"array\",\"items\":{\"type\":\"string\",\"format\":\"binary\","
                        "\"contentMediaType\":\"application/octet-stream\"},\"minItems\":1,"
                        "\"maxItems\":4}");
    assert_string_equal(schema_of(form, &fields[2], arena),
                        "{\"type\":\"string\",\"maxLength\":9}");
}

/* A key that is taken in one form and shown in another; one that is only shown; one that is taken
 * only when a thing is made. */
static void test_which_keys_there_are(void **state)
{
    static const struct field FIELDS[] = {
        FIELD(struct thing, text, .json = "both", .use = CREATE, .max = 3),
        FIELD(struct thing, id, .json = "both", .use = SHOWN | NOT_NULL),
        FIELD(struct thing, number, .json = "shown", .use = SHOWN),
        FIELD(struct thing, flag, .json = "made", .use = CREATE | REQUIRED),
        {0},
    };
    static const struct schema VIEW_OF_KEYS = {.name = "keys", .fields = FIELDS};
    static const struct {
        unsigned use;
        const char *schema;
    } EXPECTED[] = {
        {SHOWN, "{\"type\":\"object\",\"properties\":{\"both\":{\"type\":\"string\"},"
                "\"shown\":{\"type\":\"integer\"}},\"required\":[\"both\",\"shown\"]}"},
        {CREATE, "{\"type\":\"object\",\"properties\":{"
                 "\"both\":{\"type\":[\"string\",\"null\"],\"maxLength\":3},"
                 "\"shown\":{\"readOnly\":true},\"made\":{\"type\":\"boolean\"}},"
                 "\"required\":[\"made\"],\"additionalProperties\":false}"},
        {UPDATE, "{\"type\":\"object\",\"properties\":{\"both\":{\"readOnly\":true},"
                 "\"shown\":{\"readOnly\":true}},\"additionalProperties\":false}"},
    };
    AUTO_ARENA arena = arena_create();
    (void)state;
    for (size_t i = 0; i < COUNT(EXPECTED); i++) {
        struct error error;
        struct openapi *openapi = arena_new(arena, struct openapi, 1);
        struct shape shape = {&VIEW_OF_KEYS, EXPECTED[i].use, EXPECTED[i].use == CREATE, false};
        openapi->arena = arena;
        openapi->builder = BUILDER(arena, 4096);
        openapi_add_view(openapi, NULL, &shape);
        assert_string_equal(builder_finish(&openapi->builder, &error), EXPECTED[i].schema);
    }
}

static void test_parameters_of_a_query(void **state)
{
    static const char *const STATES[] = {"open", "closed", NULL};
    static const struct {
        struct field field;
        const char *schema;
    } QUERY_ROWS[] = {
        {FIELD(struct thing, number, .min = 1, .max = 100, .preset = "20"),
         "{\"type\":\"integer\",\"minimum\":1,\"maximum\":100,\"default\":20}"},
        {FIELD(struct thing, text, .names = STATES, .preset = "open"),
         "{\"type\":\"string\",\"enum\":[\"open\",\"closed\"],\"default\":\"open\"}"},
        {FIELD(struct thing, id, .max = 40, .spelling = &UUID),
         "{\"type\":\"string\",\"maxLength\":40}"},
        {FIELD(struct thing, flag, .preset = "false"), "{\"type\":\"boolean\",\"default\":false}"},
    };
    AUTO_ARENA arena = arena_create();
    (void)state;
    for (size_t i = 0; i < COUNT(QUERY_ROWS); i++) {
        struct error error;
        struct openapi *openapi = arena_new(arena, struct openapi, 1);
        openapi->builder = BUILDER(arena, 4096);
        openapi_add_query_field(openapi, NULL, &QUERY_ROWS[i].field);
        assert_string_equal(builder_finish(&openapi->builder, &error), QUERY_ROWS[i].schema);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_kind),
        cmocka_unit_test(test_fields_of_a_form),
        cmocka_unit_test(test_which_keys_there_are),
        cmocka_unit_test(test_parameters_of_a_query),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
