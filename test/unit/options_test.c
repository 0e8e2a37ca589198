#include "options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"

struct common {
    const char *data;
    bool json, help;
};
static const struct field COMMON[] = {
    FIELD(struct common, data, .about = "a folder"),
    FIELD(struct common, json),
    FIELD(struct common, help),
    {0},
};
struct own {
    const char *to, *data;
    struct list attach;
    int64_t wait_time;
};
static const struct field OWN[] = {
    FIELD(struct own, to, .use = REQUIRED, .about = "a recipient"),
    FIELD(struct own, data), /* hidden by the table before */
    FIELD(struct own, attach, .items = &TEXT_ITEM, .max = 3, .item_max = 10),
    FIELD(struct own, wait_time, .preset = "25s", .spelling = &SECONDS_SPELLING),
    {0},
};

static const struct {
    const char *arguments[8];
    const char *expected; /* data|json|help|to|attachments|wait|words; or the message */
    bool fails;
} ROWS[] = {
    {{NULL}, "-|0|0|-||0|"},
    {{"--data", "d", "--to", "x"}, "d|0|0|x||0|"},
    {{"--data=", "--json", "one"}, "-|1|0|-||0|one,"},
    {{"--to="}, "--to must not be empty", true},
    {{"--data=a=b"}, "a=b|0|0|-||0|"},
    {{"--json", "one", "--help"}, "-|1|1|-||0|one,"},
    {{"--json=false", "-h"}, "-|0|1|-||0|"},
    {{"--wait-time", "5m"}, "-|0|0|-||300|"},
    {{"--wait_time=5m"}, "-|0|0|-||300|"},
    {{"--attach", "a", "--attach=b"}, "-|0|0|-|a,b,|0|"},
    {{"--data", "--json"}, "--json|0|0|-||0|"},
    {{"-", "--", "--data", "-h"}, "-|0|0|-||0|-,--data,-h,"},
    {{"--", "--"}, "-|0|0|-||0|--,"},
    {{"--nothing"}, "there is no option --nothing", true},
    {{"--nothing=3"}, "there is no option --nothing", true},
    {{"-x"}, "there is no option -x", true},
    {{"--=x"}, "there is no option --", true},
    {{"---data", "x"}, "there is no option ---data", true},
    {{"--data"}, "--data needs a value", true},
    {{"--json=perhaps"}, "--json must be true or false", true},
    {{"--wait-time", "soon"},
     "--wait-time must be a time such as 30s, 5m, 72h or 3d, at least 0",
     true},
};

static bool read_all(char *const *arguments, struct arena *arena, struct common *common,
                     struct own *own, struct buf *words, struct error *error)
{
    const struct option_table tables[] = {{COMMON, common}, {OWN, own}, {0}};
    struct options options = {.arguments = arguments, .tables = tables};
    struct option option;
    while (options_next(&options, arena, &option, error)) {
        if (!option.text)
            return true;
        if (!option.field)
            buf_addf(words, "%s,", option.text);
        else if (!option_read(&option, arena, error))
            return false;
    }
    return false;
}

static const char *joined(struct list texts, struct arena *arena)
{
    const char *all = "";
    for (size_t i = 0; i < texts.count; i++)
        all = arena_format(arena, "%s%s,", all, ((const char **)texts.items)[i]);
    return all;
}

static void takes_command_lines_apart(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        AUTO_ARENA arena = arena_create();
        struct common common = {0};
        struct own own = {0};
        struct error error = {0};
        struct buf words = BUF(arena, 1000);
        const char *got = error.message;
        bool is_read = read_all((char *const *)ROWS[i].arguments, arena, &common, &own, &words,
                                &error);
        if (is_read)
            got = arena_format(arena, "%s|%d|%d|%s|%s|%lld|%s", text_or(common.data, "-"),
                               common.json, common.help, text_or(own.to, "-"),
                               joined(own.attach, arena), (long long)own.wait_time,
                               words.size ? buf_text(&words, &error) : "");
        assert_string_equal(got, ROWS[i].expected);
        assert_int_equal(!is_read, ROWS[i].fails);
        assert_null(own.data);
    }
}

static void asks_for_what_is_required(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct own own = {0};
    struct error error;
    assert_false(options_check(OWN, &own, arena, &error));
    assert_string_equal(error.message, "--to is needed");
    own.to = "x";
    assert_true(options_check(OWN, &own, arena, &error));
}

static void prints_a_help(void **state)
{
    (void)state;
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    options_print(OWN, out);
    fclose(out);
    assert_non_null(strstr(text, "  --to                       (required) a recipient\n"));
    assert_non_null(strstr(text, "  --wait-time "));
    assert_non_null(strstr(text, "[25s]\n"));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_command_lines_apart),
        cmocka_unit_test(asks_for_what_is_required),
        cmocka_unit_test(prints_a_help),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
