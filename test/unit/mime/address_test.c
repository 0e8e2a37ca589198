#include "mime/address.h"

#include <string.h>

#include "base/text.h"
#include "case.h"

#define A64 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define A50 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static void reads(void **state)
{
    (void)state;
    static const struct {
        const char *text, *email, *name;
    } ROWS[] = {
        {"a@b.c", "a@b.c", NULL},
        {"  a@b.c  ", "a@b.c", NULL},
        {"<a@b.c>", "a@b.c", NULL},
        {"A.b+C@EXAMPLE.Com", "A.b+C@example.com", NULL},
        {"a@localhost", "a@localhost", NULL},
        {"Ann <a@b.c>", "a@b.c", "Ann"},
        {"Ann B. Cee <a@b.c>", "a@b.c", "Ann B. Cee"},
        {"\"Cee, Ann\" <a@b.c>", "a@b.c", "Cee, Ann"},
        {"\"say \\\"hi\\\" \\\\\" <a@b.c>", "a@b.c", "say \"hi\" \\"},
        {"\"<x@y.z>\" <a@b.c>", "a@b.c", "<x@y.z>"},
        {"\"\" <a@b.c>", "a@b.c", NULL},
        {"Jörg Müller <a@b.c>", "a@b.c", "Jörg Müller"},
        {"日本 <a@b.c>", "a@b.c", "日本"},
        {"=?utf-8?q?J=C3=B6rg?= <a@b.c>", "a@b.c", "Jörg"},
        {"=?iso-8859-1?q?J=F6rg?= =?utf-8?b?w58=?= <a@b.c>", "a@b.c", "Jörgß"},
        {"jörg@b.c", "jörg@b.c", NULL},
        {"a@bücher.example", "a@xn--bcher-kva.example", NULL},
        {"a@BÜCHER.example", "a@xn--bcher-kva.example", NULL},
        {"a@straße.example", "a@xn--strae-oqa.example", NULL}, /* non-transitional */
        {"a@xn--bcher-kva.example", "a@xn--bcher-kva.example", NULL},
        {"a@b。c", "a@b.c", NULL}, /* U+3002 is a dot */
        {"\"a b\"@c.d", "\"a b\"@c.d", NULL},
        {"\"a@b\"@c.d", "\"a@b\"@c.d", NULL},
        {"x <\"a>b\"@c.d>", "\"a>b\"@c.d", "x"},
        {"a@[127.0.0.1]", "a@[127.0.0.1]", NULL},
        {"a@[IPv6:2001:db8::1]", "a@[IPv6:2001:db8::1]", NULL},
        {A64 "@b.c", A64 "@b.c", NULL},
        {"!#$%&'*+-/=?^_`{|}~@b.c", "!#$%&'*+-/=?^_`{|}~@b.c", NULL},
        /* comments (RFC 5322 3.2.2) */
        {"a@b.c (Ann Lee)", "a@b.c", "Ann Lee"},
        {"(Ann) a@b.c", "a@b.c", "Ann"},
        {"a(c)@b.d", "a@b.d", "c"},
        {"a@(c)b.d", "a@b.d", "c"},
        {"a@b.c (Ann (Sales) \\) Lee)", "a@b.c", "Ann (Sales) ) Lee"},
        {"a@b.c (=?utf-8?q?J=C3=B6rg?=)", "a@b.c", "Jörg"},
        {"Ann (Sales) <a@b.c>", "a@b.c", "Ann (Sales)"},
        {"(Sales) Ann <a@b.c>", "a@b.c", "(Sales) Ann"},
        {"Ann <a@b.c> (Sales)", "a@b.c", "Ann"},
        {"<a@b.c> (Sales)", "a@b.c", "Sales"},
        {"Ann <(home) a@b.c (never)>", "a@b.c", "Ann"},
        {"(a <x@y.z>) a@b.c", "a@b.c", "a <x@y.z>"},
        {"a@b.c ()", "a@b.c", NULL},
        /* what other programs make of an address when it is copied */
        {"a@b.c <a@b.c>", "a@b.c", NULL},
        {"A@B.c <a@b.c>", "a@b.c", NULL},
        {"'a@b.c' <a@b.c>", "a@b.c", NULL},
        {"a@b.c<mailto:a@b.c>", "a@b.c", NULL},
        {"a@bücher.example <a@xn--bcher-kva.example>", "a@xn--bcher-kva.example", NULL},
        {"mailto:a@b.c", "a@b.c", NULL},
        {"MailTo:a@b.c", "a@b.c", NULL},
        {"<mailto:a@b.c>", "a@b.c", NULL},
        {"'a@b.c'", "a@b.c", NULL},
        {"a@b.c,", "a@b.c", NULL},
        {"a@b.c ; ", "a@b.c", NULL},
        {"Ann <a@b.c>;", "a@b.c", "Ann"},
        {"a@b.c\t", "a@b.c", NULL},
        {"\ta@b.c", "a@b.c", NULL},
        /* invisible characters at the ends */
        {"\u00A0a@b.c", "a@b.c", NULL},
        {"\uFEFFa@b.c\u200B", "a@b.c", NULL},
        {"\u200E a@b.c \u3000", "a@b.c", NULL},
        {"a@b.c\u00AD,\u2060", "a@b.c", NULL},
        {"Ann <\u200Ba@b.c\u00A0>", "a@b.c", "Ann"},
        {"\u200BAnn\u00A0<a@b.c>", "a@b.c", "Ann"},
        /* against the rules, and certain all the same */
        {"a..b@c", "\"a..b\"@c", NULL},
        {".a@b", "\".a\"@b", NULL},
        {"a.@b", "\"a.\"@b", NULL},
        {"Rita <rita..v@docomo.ne.jp>", "\"rita..v\"@docomo.ne.jp", "Rita"},
        {"\"rita..v\"@docomo.ne.jp", "\"rita..v\"@docomo.ne.jp", NULL},
        {"a@b.", "a@b", NULL},
        {"Kim <a@b.c.>", "a@b.c", "Kim"},
        {"a@b_c.d", "a@b_c.d", NULL},
        {"a @b", "a@b", NULL},
        {"a@ b", "a@b", NULL},
        {"Ann <a @ b.c>", "a@b.c", "Ann"},
        {"\"a\" @b", "a@b", NULL},
        {A64 "a@b.c", A64 "a@b.c", NULL},
        {"=?utf-8?Q?Web_Shop_=3Ca=40b.c=3E?=", "a@b.c", "Web Shop"},
        {"=?utf-8?q?a=40b.c?=", "a@b.c", NULL},
        {"\"Web Shop <a@b.c>\"", "a@b.c", "Web Shop"},
        {"\"a@b.c\"", "a@b.c", NULL},
        {"Jo\u200Dhn <a@b.c>", "a@b.c", "Jo\u200Dhn"}, /* letters of Persian and emoji need it */
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        struct address address;
        struct error error;
        if (!mime_address_read(ROWS[i].text, arena, &address, &error))
            fail_msg("%s", error.message);
        assert_string_equal(address.email, ROWS[i].email);
        assert_true(text_equal(address.name, ROWS[i].name));
        struct address again;
        assert_true(mime_address_read(mime_address_text(&address, arena), arena, &again, &error));
        assert_string_equal(again.email, address.email);
        assert_true(text_equal(again.name, address.name));
    }
}

static void refuses(void **state)
{
    (void)state;
    static const char *const ROWS[] = {
        "",
        " ",
        "a",
        "@",
        "a@",
        "@b",
        "<>",
        "a@b, c@d",
        "a@b; c@d",
        "a@b c@d",
        "=?utf-8?q?a?=",
        "=?utf-8?q?a=40b=0D=0ABcc:_c=40d?=",
        "=?utf-8?q?a=40b,_c=40d?=",
        "\"a@b, c@d\"",
        "\"Ann\"",
        "a@b c",
        "a b@c",
        "x <a@b> y",
        "x <a@b",
        "x a@b>",
        "<a@b> <c@d>",
        "a <<b@c>>",
        "a@b@c",
        "a@b <c@d>",
        "Group: a@b;",
        "undisclosed-recipients:;",
        "<@r1,@r2:a@b>",
        "<@r:a@b>",
        "a@.b",
        "a@b..c",
        "a@-b.c",
        "a@b-.c",
        "a@b/c",
        "a@[127.0.0.1",
        "a@127.0.0.1]",
        "a@[]",
        "a@[300.0.0.1]",
        "a@[IPv6:x]",
        "a@[IPv6:]",
        "\"a@b",
        "\"a\"b@c",
        "Smith, John <a@b>",
        "x@y <a@b>",
        "x: y <a@b>",
        "a\n@b",
        "a@b\r\n",
        "a@b\r\nBcc: c@d",
        "x\ty <a@b>",
        "\"x\x01\" <a@b>",
        "\"a\x7f\"@b",
        "=?utf-8?q?x=0D=0ABcc:_y?= <a@b>",
        "=?utf-8?q?x=00y?= <a@b>",
        "=?utf-8?b?DQo=?=x <a@b>",
        "=?utf-8?q?x=C2=85y?= <a@b>",
        "x\xC2\x85y <a@b>",
        "x\xE2\x80\xA8y <a@b>",
        "\xFF@b.c",
        "a@\xFF",
        "\"\xFF\" <a@b>",
        "a@" A64 ".com",
        "a@xn--\xC3\xA4.com",
        "a@xn--a.com",
        "a@b\xE2\x80\x8B..c",
        "a(c)b@c.d",
        "a@b.c (open",
        "a@b.c )",
        "Ann (open <a@b.c>",
        "Ann) <a@b.c>",
        "a@b.c (x\u2028y)",
        "mailto:a@b.c?subject=x",
        "mailto:",
        "a@b.c <d@e.f>",
        "an\u200Bn@b.c",
        "ann\u00ADlee@b.c",
        "a@b\u200B.c",
        "a@b.c\u3000d@e.f",
        "Ann\u202E <a@b.c>",
        "=?utf-8?q?Ann=E2=81=A6?= <a@b.c>",
        "a@b.c (Ann\u202E)",
        "a@" A50 "." A50 "." A50 "." A50 "." A50,
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        struct address address = {.email = "untouched"};
        struct error error;
        if (mime_address_read(ROWS[i], arena, &address, &error))
            fail_msg("%s was read as %s", ROWS[i], address.email);
        assert_int_equal(error.code, ERROR_INVALID);
        assert_false(text_has_control(error.message));
        assert_true(text_is_utf8(error.message, strlen(error.message)));
        assert_string_equal(address.email, "untouched");
    }
}

static void names_the_text(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct address address;
    struct error error;
    assert_false(mime_address_read("nobody", arena, &address, &error));
    assert_string_equal(error.message, "nobody is not an email address");
    char text[5001] = "";
    memset(text, 'a', 99);
    memcpy(text + 99, "ä", 2); /* the cut would split it */
    memset(text + 101, 'a', 4899);
    assert_false(mime_address_read(text, arena, &address, &error));
    assert_int_equal(strlen(error.message), 99 + strlen(" is not an email address"));
}

static void says_why(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message;
    } ROWS[] = {
        {"an\u200Bn@b.c",
         "an<U+200B>n@b.c has the invisible character U+200B in it: type the address anew"},
        {"Doe, John <a@b.c>",
         "Doe, John <a@b.c> has a comma in its name: put the name in quotes, as in "
         "\"Doe, John\" <john@example.com>"},
        {"x@y.z <a@b.c>", "x@y.z <a@b.c> has two addresses that differ"},
        {"Ann\u202E <a@b.c>",
         "Ann<U+202E> <a@b.c> has a character in its name that turns the direction of writing"},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        struct address address;
        struct error error;
        assert_false(mime_address_read(ROWS[i].text, arena, &address, &error));
        assert_string_equal(error.message, ROWS[i].message);
    }
}

static void splits(void **state)
{
    (void)state;
    static const struct {
        const char *text, *pieces[4];
    } ROWS[] = {
        {"a@b.c; d@e.f", {"a@b.c", "d@e.f"}},
        {"a@b.c,d@e.f,", {"a@b.c", "d@e.f"}},
        {"\"Lee, Ann\" <a@b.c>, d@e.f (x, y); <g@h.i>",
         {"\"Lee, Ann\" <a@b.c>", "d@e.f (x, y)", "<g@h.i>"}},
        {"a@b.c;;d@e.f", {"a@b.c", "d@e.f"}},
        {"a@b.c", {NULL}},
        {"a@b.c,", {NULL}},
        {"Doe, John <a@b.c>", {NULL}},
        {"a@b.c, nobody", {NULL}},
        {"<@r1,@r2:a@b>", {NULL}},
        {"", {NULL}},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        struct list pieces = mime_address_split(ROWS[i].text, arena);
        size_t count = 0;
        for (; ROWS[i].pieces[count]; count++) {
            assert_true(count < pieces.count);
            assert_string_equal(((const char **)pieces.items)[count], ROWS[i].pieces[count]);
        }
        assert_int_equal(pieces.count, count);
    }
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(reads),    cmocka_unit_test(refuses), cmocka_unit_test(names_the_text),
        cmocka_unit_test(says_why), cmocka_unit_test(splits),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
