#include <string.h>

#include "case.h"
#include "mime/address.h"

static void reads_lists(void **state)
{
    (void)state;
    static const struct {
        const char *text, *found;
    } ROWS[] = {
        {NULL, ""},
        {"", ""},
        {"nobody", ""},
        {"a@b.c", "a@b.c"},
        {"a@b.c, \"X, Y\" <d@E.f>", "a@b.c|\"X, Y\" <d@e.f>"},
        {"a@b.c; d@e.f", "a@b.c|d@e.f"},
        {"<@r1,@r2:a@b.c>, X <a@[IPv6:::1]>", "a@b.c|\"X\" <a@[IPv6:::1]>"},
        {"X <a@b.c, Y <d@e.f>", "\"X\" <a@b.c>|\"Y\" <d@e.f>"},
        {"G: a@b.c, X <d@e.f>; , g@h.i", "a@b.c|\"X\" <d@e.f>|g@h.i"},
        {"undisclosed-recipients:;", ""},
        {"a@b.c (Ann)", "\"Ann\" <a@b.c>"},
        {"nobody, a@b.c, @, x@, (a@b), \"a@b", "a@b.c"},
        {"=?utf-8?q?J=C3=B6rg?= <a@b.c>", "\"Jörg\" <a@b.c>"},
        {"\"=?utf-8?q?J=C3=B6rg?=\" <a@b.c>", "\"Jörg\" <a@b.c>"},
        {"=?utf-8?q?x=0D=0Ay?= <a@b.c>", "\"x  y\" <a@b.c>"},
        {"=?utf-8?q?Ann,_Legal:?= =?utf-8?q?(x)?= <a@b.c>", "\"Ann, Legal:(x)\" <a@b.c>"},
        {"=?utf-8?q?X <a@b.c>, =?utf-8?q?Y?= <d@e.f>", "\"=?utf-8?q?X\" <a@b.c>|\"Y\" <d@e.f>"},
        {"Ann <a..b@docomo.example>", "\"Ann\" <a..b@docomo.example>"},
        {"a@under_score.example", "a@under_score.example"},
        {"a@bücher.example", "a@xn--bcher-kva.example"},
        {"x (a [b (c, d@e.f", ""},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        struct list list = mime_address_list(ROWS[i].text, arena);
        const struct address *items = list.items;
        const char *found = "";
        for (size_t j = 0; j < list.count; j++)
            found = arena_format(arena, "%s%s%s", found, j ? "|" : "",
                                 mime_address_text(&items[j], arena));
        assert_string_equal(found, ROWS[i].found);
    }
}

static void survives_long_lists(void **state)
{
    (void)state;
    static const char *const PIECES[] = {
        "a@b.c, ", "(", "<",      "\"", "a:",   "a@b.c", "[",
        "@",       ",", "=?x?q?", "\\", "\"\\", "\\\"",  "=?utf-8?q?=41?= "};
    for (size_t i = 0; i < COUNT(PIECES); i++) {
        AUTO_ARENA arena = arena_create();
        size_t piece = strlen(PIECES[i]), count = 200000 / piece;
        char *text = arena_alloc(arena, piece * count + 1);
        for (size_t j = 0; j < count; j++)
            memcpy(text + j * piece, PIECES[i], piece);
        assert_true(mime_address_list(text, arena).count <= 5000);
    }
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(reads_lists),
        cmocka_unit_test(survives_long_lists),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
