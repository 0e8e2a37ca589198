#include "template/dictionary.h"

#include "base/text.h"
#include "case.h"

static void test_finds_what_was_given_first(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct field_value values[] = {
        {"total", NULL, FIELD_TYPE_CURRENCY, "1 EUR"}, {"name", NULL, FIELD_TYPE_TEXT, "first"},
        {"name", NULL, FIELD_TYPE_TEXT, "second"},     {"absent", NULL, FIELD_TYPE_TEXT, NULL},
        {"empty", NULL, FIELD_TYPE_TEXT, ""},          {"name", NULL, FIELD_TYPE_TEXT, "third"},
    };
    struct list list = {values, COUNT(values)};
    struct dictionary *dictionary = dictionary_create(&list, "de", arena);
    assert_string_equal(dictionary_find(dictionary, "name"), "first");
    assert_string_equal(dictionary_find(dictionary, "empty"), "");
    const char *total = dictionary_find(dictionary, "total");
    assert_string_equal(total, "1,00\u00a0€");
    assert_ptr_equal(dictionary_find(dictionary, "total"), total); /* written once */
    assert_int_equal(dictionary_unknown(dictionary).count, 0);
    assert_null(dictionary_find(dictionary, "absent"));
    assert_null(dictionary_find(dictionary, "Name"));
}

static void test_unknown_ones_are_told_once_and_in_order(void **state)
{
    static const char *const ASKED[] = {"m", "z", "a", "z", "m", "b", "a"};
    static const char *const TOLD[] = {"m", "z", "a", "b"};
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct dictionary *dictionary = dictionary_create(&(struct list){0}, NULL, arena);
    for (size_t i = 0; i < COUNT(ASKED); i++)
        assert_null(dictionary_find(dictionary, ASKED[i]));
    struct list unknown = dictionary_unknown(dictionary);
    const char *const *names = unknown.items;
    assert_int_equal(unknown.count, COUNT(TOLD));
    for (size_t i = 0; i < COUNT(TOLD); i++)
        assert_string_equal(names[i], TOLD[i]);
}

static void test_there_is_an_end_to_it(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct dictionary *dictionary = dictionary_create(&(struct list){0}, NULL, arena);
    for (int i = 0; i < 2 * DICTIONARY_UNKNOWN_MOST; i++)
        assert_null(dictionary_find(dictionary, arena_format(arena, "t%d", i * 7919 % 2000)));
    struct list unknown = dictionary_unknown(dictionary);
    assert_int_equal(unknown.count, DICTIONARY_UNKNOWN_MOST);
    assert_string_equal(((const char *const *)unknown.items)[1], "t1919");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_finds_what_was_given_first),
        cmocka_unit_test(test_unknown_ones_are_told_once_and_in_order),
        cmocka_unit_test(test_there_is_an_end_to_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
