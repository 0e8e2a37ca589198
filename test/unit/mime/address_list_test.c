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
        {"Ann <a..b@docomo.example>", "\"Ann\" <\"a..b\"@docomo.example>"},
        {"a.@b.c, .a@b.c., a@b..c", "\"a.\"@b.c|\".a\"@b.c|a@b.c"},
        {"a @b.c, a@ b.c, <a @ b.c>, a . b@c . d", "a@b.c|a@b.c|a@b.c|a.b@c.d"},
        {"a(x)@b.c, a@(x)b.c (Ann)", "\"x\" <a@b.c>|\"Ann\" <a@b.c>"},
        /* nothing between them */
        {"a@b.c d@e.f", "a@b.c|d@e.f"},
        {"Ann a@b.c Dee d@e.f junk", "\"Ann\" <a@b.c>|\"Dee\" <d@e.f>"},
        {"<a@b.c> <d@e.f>", "a@b.c|d@e.f"},
        {"Ann <a@b.c> Dee <d@e.f> x", "\"Ann\" <a@b.c>|\"Dee  x\" <d@e.f>"},
        {"Ann <nick> <a@b.c>", "\"Ann\" <a@b.c>"},
        /* a mailbox taken for a name */
        {"=?utf-8?Q?Web_Shop_=3Ca=40b.c=3E?=", "\"Web Shop\" <a@b.c>"},
        {"=?utf-8?Q?Web_Shop_=3Ca=40b.c=3E?=, d@e.f", "\"Web Shop\" <a@b.c>|d@e.f"},
        {"=?utf-8?Q?Shop,_Web_=3Ca=40b.c=3E?=", "\"Web\" <a@b.c>"},
        {"=?utf-8?Q?a=40b.c=2C_d=40e.f?=", "a@b.c|d@e.f"},
        {"=?utf-8?q?a=40b.c?=", "a@b.c"},
        {"Ann <=?utf-8?q?a=40b.c?=>", "\"Ann\" <a@b.c>"},
        {"\"Ann <a@b.c>\"", "\"Ann\" <a@b.c>"},
        {"\"a@b.c\"", "a@b.c"},
        {"'a@b.c'", "a@b.c"},
        {"=?utf-8?q?x_=3Cevil=40x.y=3E?= <a@b.c>", "\"x <evil@x.y>\" <a@b.c>"},
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

static void splits(void **state)
{
    (void)state;
    static const struct {
        const char *text, *pieces;
    } ROWS[] = {
        {"", ""},
        {"a@b.c", ""},
        {"a@b.c, d@e.f", "a@b.c|d@e.f"},
        {"a@b.c; \"X, Y\" <d@e.f>", "a@b.c|\"X, Y\" <d@e.f>"},
        {"a@b.c d@e.f", "a@b.c|d@e.f"},
        {"a@b.c  d@e.f,g@h.i", "a@b.c|d@e.f|g@h.i"},
        {"Ann <a@b.c> Dee <d@e.f>", "Ann <a@b.c>|Dee <d@e.f>"},
        {"a@b.c (Ann Lee)", ""},
        {"a @b.c", ""},
        {"a@ b.c", ""},
        {"a@b.c <a@b.c>", ""},
        {"Smith, John <a@b.c>", ""},
        {"x y a@b.c", ""},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        struct list list = mime_address_split(ROWS[i].text, arena);
        const char *found = "";
        for (size_t j = 0; j < list.count; j++)
            found = arena_format(arena, "%s%s%s", found, j ? "|" : "",
                                 ((const char *const *)list.items)[j]);
        assert_string_equal(found, ROWS[i].pieces);
    }
}

static void survives_long_lists(void **state)
{
    (void)state;
    static const char *const PIECES[] = {"a@b.c, ", "(",
                                         "<",       "\"",
                                         "a:",      "a@b.c",
                                         "[",       "@",
                                         ",",       "=?x?q?",
                                         "\\",      "\"\\",
                                         "\\\"",    "=?utf-8?q?=41?= ",
                                         "a@b.c ",  "<a@b.c> ",
                                         "<a> ",    "=?utf-8?q?=40?=,",
                                         "a@",      " @ . "};
    for (size_t i = 0; i < COUNT(PIECES); i++) {
        AUTO_ARENA arena = arena_create();
        size_t piece = strlen(PIECES[i]), count = 200000 / piece;
        char *text = arena_alloc(arena, piece * count + 1);
        for (size_t j = 0; j < count; j++)
            memcpy(text + j * piece, PIECES[i], piece);
        assert_true(mime_address_list(text, arena).count <= 5000);
        mime_address_split(text, arena);
    }
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(reads_lists),
        cmocka_unit_test(splits),
        cmocka_unit_test(survives_long_lists),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
