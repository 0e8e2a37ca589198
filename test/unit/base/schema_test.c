#include "base/schema.h"

#include "case.h"

enum color { RED, GREEN };

struct window {
    int64_t width;
    const char *title;
};

struct house {
    const char *name;
    int64_t floors;
    bool has_cellar;
    moment built_at;
    enum color color;
    struct list rooms;
    struct window window;
};

static const char *const COLORS[] = {"red", "green", NULL};
static const struct field WINDOW_FIELDS[] = {
    FIELD(struct window, width),
    FIELD(struct window, title),
    {0},
};
static const struct schema WINDOW_SCHEMA = SCHEMA(struct window, WINDOW_FIELDS);
static const struct field HOUSE_FIELDS[] = {
    FIELD(struct house, name, .json = "label"),                            /* bit 0 */
    FIELD(struct house, floors),                                           /* 1 */
    OBJECT_FIELD("front", offsetof(struct house, window), &WINDOW_SCHEMA), /* 2: 3 and 4 */
    FIELD(struct house, has_cellar),                                       /* 5 */
    FIELD(struct house, built_at),                                         /* 6 */
    NAME_FIELD(struct house, color, COLORS),                               /* 7 */
    FIELD(struct house, rooms, .items = &TEXT_ITEM),                       /* 8 */
    {0},
};
static const struct schema HOUSE_SCHEMA = SCHEMA(struct house, HOUSE_FIELDS);

static char place[3];
static const struct house FULL = {
    "tower", 7, true, {5}, GREEN, {place, 3}, {80, "oak"},
};

static void kinds_follow_from_the_members(void **state)
{
    (void)state;
    static const enum field_kind KINDS[] = {KIND_TEXT, KIND_INT,  KIND_OBJECT, KIND_BOOL,
                                            KIND_TIME, KIND_NAME, KIND_LIST};
    for (size_t i = 0; i < COUNT(KINDS); i++)
        assert_int_equal(HOUSE_FIELDS[i].kind, KINDS[i]);
}

static void finds_by_member_and_shows_the_key(void **state)
{
    (void)state;
    assert_ptr_equal(schema_find(&HOUSE_SCHEMA, "floors"), &HOUSE_FIELDS[1]);
    assert_null(schema_find(&HOUSE_SCHEMA, "label"));
    assert_null(schema_find(&HOUSE_SCHEMA, "width")); /* of the window */
    assert_string_equal(field_key(schema_find(&HOUSE_SCHEMA, "name")), "label");
    assert_string_equal(field_key(schema_find(&HOUSE_SCHEMA, "floors")), "floors");
}

static void bits_count_through_nested_objects(void **state)
{
    (void)state;
    assert_int_equal(schema_count(&HOUSE_SCHEMA), 9);
    static const char *const NAMES[] = {"name",       "floors",   "front", "width", "title",
                                        "has_cellar", "built_at", "color", "rooms"};
    for (unsigned i = 0; i < COUNT(NAMES); i++)
        for (unsigned bit = 0; bit < COUNT(NAMES); bit++)
            assert_int_equal(schema_has(&HOUSE_SCHEMA, (uint64_t)1 << bit, NAMES[i]), i == bit);
}

static void assert_same(const struct house *a, const struct house *b)
{
    assert_ptr_equal(a->name, b->name);
    assert_int_equal(a->floors, b->floors);
    assert_int_equal(a->has_cellar, b->has_cellar);
    assert_int_equal(a->built_at.ms, b->built_at.ms);
    assert_int_equal(a->color, b->color);
    assert_ptr_equal(a->rooms.items, b->rooms.items);
    assert_int_equal(a->rooms.count, b->rooms.count);
    assert_int_equal(a->window.width, b->window.width);
    assert_ptr_equal(a->window.title, b->window.title);
}

static void applies_only_what_is_present(void **state)
{
    (void)state;
    struct {
        uint64_t present;
        struct house result;
    } rows[] = {
        {0, {0}},
        {1 << 0, {.name = FULL.name}},
        {1 << 1, {.floors = 7}},
        {1 << 2, {0}}, /* the object itself carries nothing */
        {1 << 3, {.window.width = 80}},
        {1 << 4, {.window.title = FULL.window.title}},
        {1 << 5, {.has_cellar = true}},
        {1 << 6, {.built_at = {5}}},
        {1 << 7, {.color = GREEN}},
        {1 << 8, {.rooms = FULL.rooms}},
        {(1 << 9) - 1, FULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct house house = {0};
        schema_apply(&HOUSE_SCHEMA, rows[i].present, &FULL, &house);
        assert_same(&house, &rows[i].result);
    }
    static const struct house EMPTY;
    struct house house = FULL; /* a present NULL clears */
    schema_apply(&HOUSE_SCHEMA, (1 << 9) - 1, &EMPTY, &house);
    assert_same(&house, &EMPTY);
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(kinds_follow_from_the_members),
        cmocka_unit_test(finds_by_member_and_shows_the_key),
        cmocka_unit_test(bits_count_through_nested_objects),
        cmocka_unit_test(applies_only_what_is_present),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
