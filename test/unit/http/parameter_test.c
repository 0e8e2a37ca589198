#include "http/parameter.h"

#include "base/arena.h"
#include "case.h"

static void reads_parameters(void **state)
{
    (void)state;
    static const struct {
        const char *text, *read; /* the value, then ;name[value] for each; ! when it is broken */
    } ROWS[] = {
        {"", ""},
        {"  a/b  ", "a/b"},
        {"a ;", "a"},
        {" a/b ;c=d", "a/b;c[d]"},
        {"a;b=c;d=\"e\"", "a;b[c];d[e]"},
        {"a;\tb = c ; d\t=\t\"e\" ;", "a;b[c];d[e]"},
        {"a;;b=c; ;", "a;b[c]"},
        {"a;b=;c=\"\"", "a;b[];c[]"},
        {"a;b=\"x;y=\\\"z\\\"\"", "a;b[x;y=\"z\"]"},
        {"a;b=\"C:\\new\\\\x\\\\\"", "a;b[C:\\new\\x\\]"},
        {"a;b=C:\\new\\x", "a;b[C:\\new\\x]"},
        {"a;b=x=y", "a;b[x=y]"},
        {"a;b*=utf-8''%20", "a;b*[utf-8''%20]"},
        {"a;b=\xC3\xBC;c=\"\xFF\"", "a;b[\xC3\xBC];c[\xFF]"},
        {"; b=c", ";b[c]"},
        {"a;b", "a!"},
        {"a;b=c;d", "a;b[c]!"},
        {"a;=c", "a!"},
        {"a;b c=d", "a!"},
        {"a;b(=d", "a!"},
        {"a;b=c d", "a!"},
        {"a;b=c\"d\"", "a!"},
        {"a;b=\"c\"d", "a!"},
        {"a;b=\"c\" d=e", "a!"},
        {"a;b=\"c", "a!"},
        {"a;b=\"c\\\"", "a!"},
        {"a;b=\"", "a!"},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        const char *name;
        char *rest, *value;
        enum parameter found;
        const char *read = parameter_begin(arena_copy(arena, ROWS[i].text), &rest);
        while ((found = parameter_next(&rest, &name, &value)) == PARAMETER_FOUND)
            read = arena_format(arena, "%s;%s[%s]", read, name, value);
        read = arena_format(arena, "%s%s", read, found == PARAMETER_BROKEN ? "!" : "");
        assert_string_equal(read, ROWS[i].read);
    }
}

static void knows_tokens(void **state)
{
    (void)state;
    static const char *const TOKENS[] = {"a", "x-y.z", "filename*", "!#$%&'*+-.^_`|~"},
                             *const OTHERS[] = {"", "a b", "a/b", "a;", "\"a\"", "\xC3\xBC", "a\t"};
    for (size_t i = 0; i < COUNT(TOKENS); i++)
        assert_true(parameter_is_token(TOKENS[i]));
    for (size_t i = 0; i < COUNT(OTHERS); i++)
        assert_false(parameter_is_token(OTHERS[i]));
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(reads_parameters),
        cmocka_unit_test(knows_tokens),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
