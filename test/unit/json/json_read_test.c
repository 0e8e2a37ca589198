#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "thing.h"
#include "json/json.h"

#include <cmocka.h>

/* expected: the reply after reading, or "path: message" of the refusal. */
struct row {
    unsigned use;
    const char *input, *expected;
};

/* Every thing shows these; the rows give what comes between. */
#define THING(title, more, count) \
    "{\"id\":null,\"ownerId\":\"o\"," title ",\"count\":" #count more "}"
#define OWNED(more) "{\"ownerId\":\"o\"," more "}"

static const struct row ROWS[] = {
    {CREATE, "{\"ownerId\":\"o\"}", THING("\"title\":null", "", 0)},
    {UPDATE, "{}", "{\"id\":null,\"ownerId\":null,\"title\":null,\"count\":0}"},
    /* what may be given, and when */
    {CREATE, "{}", "ownerId: is required"},
    {CREATE, "{\"ownerId\":null}", "ownerId: is required"},
    {CREATE, "{\"ownerId\":\"\"}", "ownerId: is required"},
    {CREATE, OWNED("\"x\":1"), "x: is not a known field"},
    {CREATE, OWNED("\"owner\":\"o\""), "owner: is not a known field"},
    {CREATE, OWNED("\"secret\":\"o\""), "secret: is not a known field"},
    {CREATE, OWNED("\"a\\u001b[31m b\\u00e4\":1"), "a?[31m?b??: is not a known field"},
    {CREATE, OWNED("\"0123456789012345678901234567890123456789abc\":1"),
     "0123456789012345678901234567890123456789: is not a known field"},
    {CREATE, OWNED("\"\":1"), ": is not a known field"},
    {CREATE, OWNED("\"id\":[7]"), THING("\"title\":null", "", 0)},
    {UPDATE, "{\"ownerId\":7}", "{\"id\":null,\"ownerId\":null,\"title\":null,\"count\":0}"},
    {UPDATE, "{\"note\":\"n\"}", "note: is not accepted here"},
    {CREATE, OWNED("\"note\":\"n\""), THING("\"title\":null", "", 0)},
    {CREATE, "[]", ": must be an object"},
    {CREATE, OWNED("\"title\":\"a\",\"title\":\"a\""),
     ": line 1, column 34: the object has this key twice"},
    /* nothing, in its three ways */
    {CREATE, OWNED("\"title\":\"\""), THING("\"title\":null", "", 0)},
    {CREATE, OWNED("\"title\":[]"), "title: must be text"},
    {CREATE, OWNED("\"words\":[],\"sizes\":null,\"parts\":\"\""), THING("\"title\":null", "", 0)},
    {CREATE, OWNED("\"count\":null,\"is_open\":null,\"due\":null,\"colour\":null,\"fields\":null"),
     THING("\"title\":null", "", 0)},
    {CREATE, OWNED("\"due\":\"\",\"colour\":\"\",\"tag\":\"\""), THING("\"title\":null", "", 0)},
    {CREATE, OWNED("\"count\":\"\""), "count: must be a whole number from 0 to 100"},
    {CREATE, OWNED("\"is_open\":\"\""), "is_open: must be true or false"},
    /* lists */
    {CREATE, OWNED("\"words\":[\"a\",\"b\"]"),
     THING("\"title\":null", ",\"words\":[\"a\",\"b\"]", 0)},
    {CREATE, OWNED("\"words\":\"a\""), THING("\"title\":null", ",\"words\":[\"a\"]", 0)},
    {CREATE, OWNED("\"words\":\"abcdef\""), "words: must be text of at most 5 bytes"},
    {CREATE, OWNED("\"words\":[\"a\",\"abcdef\"]"), "words[1]: must be text of at most 5 bytes"},
    {CREATE, OWNED("\"words\":[\"a\",\"\"]"), "words[1]: must not be empty"},
    {CREATE, OWNED("\"words\":[null]"), "words[0]: must be text"},
    {CREATE, OWNED("\"words\":[{}]"), "words[0]: must be text"},
    {CREATE, OWNED("\"words\":{}"), "words: must be text"},
    {CREATE, OWNED("\"words\":7"), "words: must be a list"},
    {CREATE, OWNED("\"words\":[\"a\",\"b\",\"c\",\"d\"]"), "words: must be a list of at most 3"},
    {CREATE, OWNED("\"sizes\":\"#a\""), "sizes: must be a list"},
    {CREATE, OWNED("\"sizes\":[\"#a\",\"#b\"]"),
     THING("\"title\":null", ",\"sizes\":[\"#a\",\"#b\"]", 0)},
    {CREATE, OWNED("\"sizes\":[\"#a\",\"b\"]"), "sizes[1]: must begin with #"},
    {CREATE, OWNED("\"sizes\":[\"#a\",\"\"]"), "sizes[1]: must not be empty"},
    {CREATE, OWNED("\"sizes\":[\"#abcdef\"]"), "sizes[0]: must be text of at most 6 bytes"},
    {CREATE, OWNED("\"sizes\":[{}]"), "sizes[0]: must be a text with #"},
    /* lists of objects, or of texts that stand for them */
    {CREATE, OWNED("\"parts\":[{\"file\":\"a\",\"size\":9},\"file:b\"]"),
     THING("\"title\":null", ",\"parts\":[{\"file\":\"a\",\"size\":0},{\"file\":\"b\",\"size\":0}]",
           0)},
    {CREATE, OWNED("\"parts\":{\"file\":\"a\"}"),
     THING("\"title\":null", ",\"parts\":[{\"file\":\"a\",\"size\":0}]", 0)},
    {CREATE, OWNED("\"parts\":\"file:b\""),
     THING("\"title\":null", ",\"parts\":[{\"file\":\"b\",\"size\":0}]", 0)},
    {CREATE, OWNED("\"parts\":[\"file:b\",\"b\"]"), "parts[1]: there is no such part"},
    {CREATE, OWNED("\"parts\":[7]"), "parts[0]: must be an object"},
    {CREATE, OWNED("\"parts\":[[]]"), "parts[0]: must be an object"},
    {CREATE, OWNED("\"parts\":[{}]"), "parts[0].file: is required"},
    {UPDATE, "{\"parts\":[{}]}", "parts[0].file: is required"},
    {UPDATE, "{\"parts\":{\"file\":null}}", "parts.file: is required"},
    {CREATE, OWNED("\"parts\":[{\"file\":\"a\"},{\"file\":\"123456789\"}]"),
     "parts[1].file: must be text of at most 8 bytes"},
    {CREATE, OWNED("\"parts\":[{\"file\":\"a\",\"secret\":\"b\"}]"),
     "parts[0].secret: is not a known field"},
    /* objects in objects */
    {CREATE, OWNED("\"person\":{\"name\":\"n\",\"home\":{\"city\":\"c\",\"number\":7}}"),
     "{\"id\":null,\"ownerId\":\"o\",\"person\":{\"home\":{\"city\":\"c\",\"number\":7},"
     "\"name\":\"n\"},\"title\":null,\"count\":0}"},
    {CREATE, OWNED("\"person\":{}"), THING("\"title\":null", "", 0)},
    {CREATE, OWNED("\"person\":null"), THING("\"title\":null", "", 0)},
    {CREATE, OWNED("\"person\":[]"), "person: must be an object"},
    {CREATE, OWNED("\"person\":\"\""), "person: must be an object"},
    {CREATE, OWNED("\"person\":{\"home\":{}}"), "person.home.city: is required"},
    {UPDATE, "{\"person\":{\"home\":{}}}",
     "{\"id\":null,\"ownerId\":null,\"title\":null,\"count\":0}"},
    {CREATE, OWNED("\"person\":{\"home\":{\"city\":\"c\",\"number\":1000}}"),
     "person.home.number: must be a whole number from 0 to 999"},
    {CREATE, OWNED("\"person\":{\"home\":{\"street\":1}}"),
     "person.home.street: is not a known field"},
};

static const char *read_and_show(const char *input, unsigned use, struct arena *arena)
{
    struct thing thing = {0};
    struct error error = {0};
    uint64_t present;
    if (!json_read((struct bytes){input, strlen(input)}, &THING_SCHEMA, use, arena, &thing,
                   &present, &error))
        return arena_format(arena, "%s: %s", error.field, error.message);
    return json_write(&THING_SCHEMA, &thing, arena).data;
}

static void reads_or_refuses(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        AUTO_ARENA arena = arena_create();
        print_message("# %s\n", ROWS[i].input);
        assert_string_equal(read_and_show(ROWS[i].input, ROWS[i].use, arena), ROWS[i].expected);
    }
}

static void refusals_are_invalid(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct thing thing = {0};
    struct error error = {0};
    struct bytes input = {"{\"parts\":[{\"file\":\"a\"},\"b\"]}", 28};
    assert_false(json_read(input, &THING_SCHEMA, UPDATE, arena, &thing, NULL, &error));
    assert_int_equal(error.code, ERROR_NOT_FOUND); /* a spelling's own */
    input = (struct bytes){"{\"nope\":1}", 10};
    assert_false(json_read(input, &THING_SCHEMA, UPDATE, arena, &thing, NULL, &error));
    assert_int_equal(error.code, ERROR_INVALID);
}

static bool read_word(const char *text, struct arena *arena, void *member, struct error *error)
{
    *(const char **)member = arena_copy(arena, text);
    *error = (struct error){.code = ERROR_INVALID, .message = "is too long"};
    return strlen(text) <= 3;
}

/* "a+b" stands for two. */
static struct list split_words(const char *text, struct arena *arena)
{
    const char *plus = strchr(text, '+');
    const char **words = arena_new(arena, const char *, 2);
    if (!plus)
        return (struct list){0};
    words[0] = arena_copy_bytes(arena, text, (size_t)(plus - text));
    words[1] = plus + 1;
    return (struct list){words, 2};
}

static void a_text_may_stand_for_several(void **state)
{
    (void)state;
    struct words {
        struct list words;
    };
    static const struct spelling WORD = {"a word", .read = read_word, .split = split_words};
    static const struct field FIELDS[] = {
        FIELD(struct words, words, .use = CREATE | ONE_OR_MANY | SHOWN, .max = 3,
              .items = &TEXT_ITEM, .spelling = &WORD),
        {0},
    };
    static const struct schema WORDS = SCHEMA(struct words, FIELDS);
    static const struct {
        const char *input, *expected;
    } CASES[] = {
        {"{\"words\":\"a\"}", "a"},
        {"{\"words\":\"a+b\"}", "a b"},
        {"{\"words\":[\"a+b\",\"c\"]}", "a b c"},
        {"{\"words\":[\"c\",\"a+b\"]}", "c a b"},
        {"{\"words\":[\"a+b\",\"c+d\"]}", "words: must be a list of at most 3"},
        {"{\"words\":[\"a\",\"b+long\"]}", "words[2]: is too long"},
        {"{\"words\":\"b+long\"}", "words[1]: is too long"},
        {"{\"words\":\"long\"}", "words: is too long"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        AUTO_ARENA arena = arena_create();
        struct words words = {0};
        struct error error;
        const char *got = "";
        if (json_read((struct bytes){CASES[i].input, strlen(CASES[i].input)}, &WORDS, CREATE, arena,
                      &words, NULL, &error))
            for (size_t j = 0; j < words.words.count; j++)
                got = arena_format(arena, "%s%s%s", got, j ? " " : "",
                                   ((const char **)words.words.items)[j]);
        else
            got = arena_format(arena, "%s: %s", error.field, error.message);
        assert_string_equal(got, CASES[i].expected);
    }
}

static const char PRESENT[] =
    "{\"title\":null,\"id\":\"x\",\"words\":[],\"person\":{\"name\":\"n\"}}";

static void absent_members_stay(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct error error;
    uint64_t present;
    struct thing thing = {.id = "i", .title = "t", .body = "b", .count = 7};
    thing.person.home.city = "c";
    assert_true(json_read((struct bytes){PRESENT, sizeof PRESENT - 1}, &THING_SCHEMA, UPDATE, arena,
                          &thing, &present, &error));
    assert_string_equal(thing.id, "i");
    assert_null(thing.title);
    assert_string_equal(thing.body, "b");
    assert_int_equal(thing.count, 7);
    assert_string_equal(thing.person.home.city, "c");
    assert_string_equal(thing.person.name, "n");
}

static void present_fields_are_told(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct error error;
    uint64_t present = 0;
    struct thing change = {0}, thing = {.title = "t", .body = "b"};
    thing.person.home.city = "c";
    assert_true(json_read((struct bytes){PRESENT, sizeof PRESENT - 1}, &THING_SCHEMA, UPDATE, arena,
                          &change, &present, &error));
    assert_true(schema_has(&THING_SCHEMA, present, "title"));
    assert_true(schema_has(&THING_SCHEMA, present, "words"));
    assert_true(schema_has(&THING_SCHEMA, present, "person"));
    assert_true(schema_has(&THING_SCHEMA, present, "person.name"));
    assert_false(schema_has(&THING_SCHEMA, present, "person.home.city"));
    assert_false(schema_has(&THING_SCHEMA, present, "id"));
    assert_false(schema_has(&THING_SCHEMA, present, "body"));
    schema_apply(&THING_SCHEMA, present, &change, &thing);
    assert_null(thing.title);
    assert_string_equal(thing.body, "b");
    assert_string_equal(thing.person.name, "n");
    assert_string_equal(thing.person.home.city, "c");
}

static void null_clears_a_whole_object(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct error error;
    uint64_t present;
    struct thing thing = {.title = "t"};
    thing.person.home.city = "c";
    thing.person.home.number = 3;
    thing.person.name = "n";
    assert_true(json_read((struct bytes){"{\"person\":null}", 15}, &THING_SCHEMA, UPDATE, arena,
                          &thing, &present, &error));
    assert_null(thing.person.home.city);
    assert_int_equal(thing.person.home.number, 0);
    assert_null(thing.person.name);
    assert_string_equal(thing.title, "t");
    assert_true(schema_has(&THING_SCHEMA, present, "person.home.number"));
    assert_false(schema_has(&THING_SCHEMA, present, "title"));
}

static const struct field WORDS = FIELD(struct thing, words, .use = STORED, .items = &TEXT_ITEM);
static const struct field PARTS = FIELD(struct thing, parts, .use = STORED, .items = &PART_SCHEMA);

static void stored_lists_come_back(void **state)
{
    static const struct {
        const struct field *field;
        const char *stored, *again; /* again: written anew; NULL: is refused */
    } LISTS[] = {
        {&WORDS, "[]", "[]"},
        {&WORDS, "", "[]"},
        {&WORDS, "[\"a\",\"\",\"longer than any limit\",\"\\\"\"]",
         "[\"a\",\"\",\"longer than any limit\",\"\\\"\"]"},
        {&PARTS, "[{\"file\":\"a name that is long\",\"size\":-7,\"secret\":\"s\"}]",
         "[{\"file\":\"a name that is long\",\"size\":-7,\"secret\":\"s\"}]"},
        {&PARTS, "[{\"from_a_newer_version\":1}]", "[{\"file\":null,\"size\":0}]"},
        {&WORDS, "[1]", NULL},
        {&WORDS, "{}", NULL},
        {&WORDS, "[", NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof LISTS / sizeof *LISTS; i++) {
        AUTO_ARENA arena = arena_create();
        struct error error = {0};
        struct list list;
        bool is_read = json_read_list(LISTS[i].stored, LISTS[i].field, arena, &list, &error);
        assert_int_equal(is_read, LISTS[i].again != NULL);
        if (is_read)
            assert_string_equal(json_write_list(LISTS[i].field, list, arena), LISTS[i].again);
        else
            assert_int_equal(error.code, ERROR_INTERNAL);
    }
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(reads_or_refuses),
        cmocka_unit_test(refusals_are_invalid),
        cmocka_unit_test(a_text_may_stand_for_several),
        cmocka_unit_test(absent_members_stay),
        cmocka_unit_test(present_fields_are_told),
        cmocka_unit_test(null_clears_a_whole_object),
        cmocka_unit_test(stored_lists_come_back),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
