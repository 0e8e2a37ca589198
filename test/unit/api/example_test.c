#include "api/example.h"

#include "api/spelling.h"
#include "case.h"

struct thing {
    const char *text, *id, *other;
    int64_t number;
    bool flag;
    moment when;
    unsigned name;
    struct list list;
};

/* clang-format off */
static const char *const NAMES[] = {"", "one", "two", NULL};
static const struct field INNER_FIELDS[] = {
    FIELD(struct thing, text, .json = "deep", .use = CREATE | SHOWN, .example = "\"value\""),
    {0},
};
static const struct schema INNER = SCHEMA(struct thing, INNER_FIELDS);
static const struct field FIELDS[] = {
    FIELD(struct thing, text, .use = CREATE | UPDATE | SHOWN, .example = "\"text\""),
    FIELD(struct thing, id, .use = SHOWN | NOT_NULL, .spelling = &DRAFT_ID),
    FIELD(struct thing, other, .use = CREATE | SHOWN),
    FIELD(struct thing, number, .use = CREATE | SHOWN | REQUIRED, .min = 5),
    FIELD(struct thing, flag, .use = CREATE | SHOWN | OMITTED),
    FIELD(struct thing, when, .use = SHOWN | NOT_NULL),
    NAME_FIELD(struct thing, name, NAMES, .use = CREATE | SHOWN | REQUIRED),
    FIELD(struct thing, list, .use = SHOWN, .items = &INNER),
    OBJECT_FIELD("inner", 0, &INNER, .use = CREATE),
    {0},
};
/* clang-format on */
static const struct schema THING = SCHEMA(struct thing, FIELDS);

static void expect(struct shape shape, const char *wanted)
{
    AUTO_ARENA arena = arena_create();
    struct error error;
    struct builder builder = BUILDER(arena, 4096);
    assert_true(example_exists(&shape));
    example_add(&builder, NULL, &shape);
    assert_string_equal(builder_finish(&builder, &error), wanted);
}

static void test_examples(void **state)
{
    (void)state;
    expect(shape_of_body(&THING, "POST"), "{\"text\":\"text\",\"number\":5,\"name\":\"one\","
                                          "\"inner\":{\"deep\":\"value\"}}");
    expect(shape_of_body(&THING, "PATCH"), "{\"text\":\"text\"}");
    expect(shape_of_reply(&THING),
           "{\"text\":\"text\",\"id\":\"draft_01KS2RN2T0F90SRASZ1T6PMJRQ\",\"other\":null,"
           "\"number\":5,\"when\":\"2026-05-20T14:10:00.000Z\",\"name\":null,"
           "\"list\":[{\"deep\":\"value\"}]}");
}

static void test_nothing_to_show(void **state)
{
    static const struct field PLAIN_FIELDS[] = {
        FIELD(struct thing, text, .use = CREATE),
        {0},
    };
    static const struct schema PLAIN_THING = SCHEMA(struct thing, PLAIN_FIELDS);
    struct shape shape = shape_of_body(&PLAIN_THING, "POST");
    (void)state;
    assert_false(example_exists(&shape));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_examples),
        cmocka_unit_test(test_nothing_to_show),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
