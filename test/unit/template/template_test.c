/* Rows for what is filled and what is not; and what holds for any values: a subject stays one
 * header, HTML keeps its elements. */
#include "template/template.h"

#include <gumbo.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "../mime/letter.h"
#include "base/buf.h"
#include "base/text.h"
#include "case.h"
#include "html/tree.h"
#include "template/dictionary.h"

#define NEXT_LINE "\xc2\x85"

static struct field_value VALUES[] = {
    {"name", NULL, FIELD_TYPE_TEXT, "Zoë & Söhne <AG>"},
    {"lines", NULL, FIELD_TYPE_TEXT, "one\r\ntwo\n\nthree"},
    {"total", NULL, FIELD_TYPE_CURRENCY, "1234.5 EUR"},
    {"due_date", NULL, FIELD_TYPE_DATE, "2026-05-20"},
    {"empty", NULL, FIELD_TYPE_TEXT, ""},
    {"absent", NULL, FIELD_TYPE_TEXT, NULL},
    {"again", NULL, FIELD_TYPE_TEXT, "{name} {{name}} {again}"},
    {"half", NULL, FIELD_TYPE_TEXT, "{"},
    {"invoice.number", NULL, FIELD_TYPE_TEXT, "2026-0042"},
    {"name", NULL, FIELD_TYPE_TEXT, "not this one"},
};
static const struct list LIST = {VALUES, COUNT(VALUES)};

static const struct {
    enum template_form form;
    const char *text, *filled;
    const char *unknown; /* separated by spaces */
} ROWS[] = {
    {TEMPLATE_SUBJECT, "", "", ""},
    {TEMPLATE_SUBJECT, "no tokens", "no tokens", ""},
    {TEMPLATE_SUBJECT, "Invoice {invoice.number}", "Invoice 2026-0042", ""},
    {TEMPLATE_SUBJECT, "{name}: {total}", "Zoë & Söhne <AG>: 1.234,50\u00a0€", ""},
    {TEMPLATE_SUBJECT, "{lines}", "one two three", ""},
    {TEMPLATE_SUBJECT, "{b} {a} {b} {empty}{c}{absent}", "{b} {a} {b} {c}{absent}", "b a c absent"},
    {TEMPLATE_SUBJECT, "{{name}", "{{name}", "{{name}"},

    {TEMPLATE_TEXT, "Dear {name},\n{lines}\n", "Dear Zoë & Söhne <AG>,\none\r\ntwo\n\nthree\n", ""},
    {TEMPLATE_TEXT, "due {{due_date}}, {{ due_date }}", "due 20. Mai 2026, 20. Mai 2026", ""},
    {TEMPLATE_TEXT, "{again}", "{name} {{name}} {again}", ""},
    {TEMPLATE_TEXT, "{half}name}", "{name}", ""}, /* looks like a token only afterwards */
    {TEMPLATE_TEXT, "{\"a\": {\"name\": 1}} {} {name", "{\"a\": {\"name\": 1}} {} {name", ""},
    {TEMPLATE_TEXT, "{ name } {first name} {{name} {1st} {n\xC3\xA4me} { 1 } {a;b} {a:b}",
     "{ name } {first name} {{name} {1st} {n\xC3\xA4me} { 1 } {a;b} {a:b}",
     "{ name } {first name} {{name} {1st} {n\xC3\xA4me}"},
    {TEMPLATE_TEXT, "{{unknown}} {{{empty}}}", "{{unknown}} {}", "unknown"},
    {TEMPLATE_TEXT, "{Name}", "{Name}", "Name"},
    {TEMPLATE_TEXT, "{", "{", ""},
    {TEMPLATE_TEXT, "{{{{", "{{{{", ""},
    {TEMPLATE_TEXT, "a{empty}b", "ab", ""},

    {TEMPLATE_HTML, "<p>{name}</p>", "<p>Zoë &amp; Söhne &lt;AG&gt;</p>", ""},
    {TEMPLATE_HTML, "<p>{lines}</p>", "<p>one<br>\ntwo<br>\n<br>\nthree</p>", ""},
    {TEMPLATE_HTML, "<style>a{color} p{name}</style>{x}", "<style>a{color} p{name}</style>{x}",
     "x"},
    {TEMPLATE_HTML, "<!--{name}{y}--><script>{name}</script>{{name}}",
     "<!--{name}{y}--><script>{name}</script>Zoë &amp; Söhne &lt;AG&gt;", ""},
    {TEMPLATE_HTML, "<a href='/i/{invoice.number}' title=\"{name}\">{again}</a>",
     "<a href='/i/2026-0042' title=\"Zoë &amp; Söhne &lt;AG&gt;\">{name} {{name}} {again}</a>", ""},
    {TEMPLATE_HTML, "<a href='{nothing}'>{nothing}", "<a href='{nothing}'>{nothing}", "nothing"},
    {TEMPLATE_HTML, "<b style='{color:red}'>{\"name\":1}", "<b style='{color:red}'>{\"name\":1}",
     ""},
};

static const char *joined(const struct list *names, struct arena *arena)
{
    const char *const *name = names->items, *text = "";
    for (size_t i = 0; i < names->count; i++)
        text = arena_format(arena, "%s%s%s", text, i ? " " : "", name[i]);
    return text;
}

static void test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        struct error error;
        const char *filled = NULL;
        struct list unknown;
        assert_true(template_fill(ROWS[i].text, ROWS[i].form, &LIST, "de", arena, &filled, &unknown,
                                  &error));
        if (!text_equal(filled, ROWS[i].filled))
            fail_msg("%s gave %s", ROWS[i].text, filled);
        assert_string_equal(joined(&unknown, arena), ROWS[i].unknown);
    }
}

static const char *fill_one(const char *text, enum template_form form, const char *value,
                            struct arena *arena)
{
    struct error error;
    const char *filled = NULL;
    struct list unknown;
    struct field_value values[] = {{"x", NULL, FIELD_TYPE_TEXT, value}};
    assert_true(template_fill(text, form, &(struct list){values, 1}, "en", arena, &filled, &unknown,
                              &error));
    return filled;
}

static void test_controls_in_a_subject(void **state)
{
    static const struct {
        const char *value, *subject;
    } VALUE_ROWS[] = {
        {"a\r\nBcc: eve@example.net", "<a Bcc: eve@example.net>"},
        {"\r\n\r\n", "< >"},
        {"a\tb\x7f", "<a b >"},
        {"a" NEXT_LINE "b\u2028c\u2029d\xc2\x9b", "<a b c d >"},
        {"\x01" NEXT_LINE "\x1f\u2029", "< >"},
        {"ü\u00a0\u20ac", "<ü\u00a0\u20ac>"},
        {"\xc2", "<\xc2>"},
        {"\xe2\x80", "<\xe2\x80>"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(VALUE_ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        const char *subject = fill_one("<{x}>", TEMPLATE_SUBJECT, VALUE_ROWS[i].value, arena);
        assert_string_equal(subject, VALUE_ROWS[i].subject);
    }
}

/* Any bytes but NUL, in which what matters comes often. */
static const char *random_value(unsigned *seed, struct arena *arena)
{
    static const char *const PIECES[] = {
        "\r\n",
        "\n",
        "\r",
        "\r\n\r\n",
        "Bcc: eve@example.net",
        ":",
        " ",
        "\t",
        "\x0b",
        "{x}",
        "{{",
        "<",
        ">",
        "\"",
        "'",
        "&lt;",
        "=",
        "/",
        "</a>",
        "<b>",
        "--",
        "-->",
        "<!--",
        "]]>",
        "javascript:",
        "=?utf-8?q?a?=",
        "ü",
        "日",
        "\u2028",
        NEXT_LINE,
        "onload=x",
        "</script>",
        "</style>",
        "`",
        "x",
    };
    struct error error;
    struct buf buf = BUF(arena, 100000);
    unsigned count = (unsigned)rand_r(seed) % 12;
    for (unsigned i = 0; i < count; i++)
        if (rand_r(seed) % 4)
            buf_add(&buf, PIECES[(unsigned)rand_r(seed) % COUNT(PIECES)]);
        else
            buf_add_char(&buf, (char)(1 + rand_r(seed) % 127));
    return buf_text(&buf, &error);
}

/* The names of a message's headers, one a line. */
static const char *header_names(const char *message, struct arena *arena)
{
    struct error error;
    struct buf names = BUF(arena, 10000);
    for (const char *line = message; strncmp(line, "\r\n", 2) != 0; line = strchr(line, '\n') + 1)
        if (*line != ' ' && *line != '\t') {
            buf_add_bytes(&names, line, strcspn(line, ":\r"));
            buf_add_char(&names, '\n');
        }
    return buf_text(&names, &error);
}

static void test_no_value_changes_the_header(void **state)
{
    enum { ROUNDS = 2000 };
    unsigned seed = 1;
    (void)state;
    AUTO_ARENA first = arena_create();
    struct mime_mail mail = letter_small();
    const char *names = header_names(letter_compose(&mail, false, first), first);
    for (int i = 0; i < ROUNDS; i++) {
        AUTO_ARENA arena = arena_create();
        const char *value = random_value(&seed, arena);
        mail.subject = fill_one("Invoice {x} is {x}", TEMPLATE_SUBJECT, value, arena);
        const char *message = letter_compose(&mail, false, arena);
        assert_string_equal(header_names(message, arena), names);
        assert_null(letter_header(message, "Bcc", arena));
        struct mime_mail read = letter_parse(message, arena);
        assert_int_equal(read.cc.count + read.bcc.count, 0);
        assert_string_equal(read.text, mail.text);
        assert_non_null(read.subject);
        assert_true(text_starts(read.subject, "Invoice"));
    }
}

/* Names of elements and attributes as a browser sees them; <br> is what line breaks become. */
static void add_structure(struct buf *buf, const GumboNode *node)
{
    if (node->type != GUMBO_NODE_ELEMENT && node->type != GUMBO_NODE_TEMPLATE) {
        if (node->type == GUMBO_NODE_COMMENT)
            buf_addf(buf, "<!--%s-->", node->v.text.text);
        return;
    }
    const GumboElement *element = &node->v.element;
    if (element->tag == GUMBO_TAG_BR)
        return;
    buf_addf(buf, "<%s", gumbo_normalized_tagname(element->tag));
    for (unsigned i = 0; i < element->attributes.length; i++) {
        const GumboAttribute *attribute = element->attributes.data[i];
        buf_addf(buf, " %s", attribute->name);
        if (text_starts(attribute->name, "on"))
            buf_addf(buf, "=%s", attribute->value);
        assert_false(strcasestr(attribute->name, "href") &&
                     text_starts(attribute->value, "javascript:"));
    }
    buf_add(buf, ">");
    for (unsigned i = 0; i < element->children.length; i++)
        add_structure(buf, element->children.data[i]);
    buf_add(buf, "</>");
}

static const char *structure_of(const char *html, struct arena *arena)
{
    struct error error;
    AUTO_TREE tree;
    struct buf buf = BUF(arena, 100000);
    assert_true(tree_read(html, &tree, &error));
    add_structure(&buf, tree.root);
    return buf_text(&buf, &error);
}

static void test_no_value_changes_the_elements(void **state)
{
    enum { ROUNDS = 300 };
    static const char *const TEMPLATES[] = {
        "<p>Dear {x},</p><a href=\"{x}\" title='{x}'>{x}</a>",
        "<a href={x} title={x}>{x}</a><b style='color:{x}'>{x}</b>",
        "a<{x}b><p>{x}</p>",
        "<pre>{x}</pre><textarea>{x}</textarea><svg><text>{x}<g>{x}</g></text></svg>",
        "<title>{x}</title><select><option value={x}>{x}</select>",
        "<!--{x}--><style>{x}</style><p>{x}<!-- {x} --><script>{x}</script>",
        "<table><tr><td bgcolor={x}>{x}</table><img src='{x}' alt=\"{x}\"{x}>",
        "<p onclick='f(\"{x}\")' {x}={x} {x}>{x}</p>",
    };
    unsigned seed = 1;
    (void)state;
    for (size_t at = 0; at < COUNT(TEMPLATES); at++) {
        AUTO_ARENA first = arena_create();
        const char *expected = structure_of(fill_one(TEMPLATES[at], TEMPLATE_HTML, "x", first),
                                            first);
        for (int i = 0; i < ROUNDS; i++) {
            AUTO_ARENA arena = arena_create();
            const char *value = random_value(&seed, arena);
            const char *filled = fill_one(TEMPLATES[at], TEMPLATE_HTML, value, arena);
            const char *structure = structure_of(filled, arena);
            if (!text_equal(structure, expected))
                fail_msg("%s\nis %s\nnot %s", filled, structure, expected);
        }
    }
}

static const char *repeated(const char *text, size_t count, struct arena *arena)
{
    size_t size = strlen(text);
    char *all = arena_alloc(arena, size * count + 1);
    for (size_t i = 0; i < count; i++)
        memcpy(all + i * size, text, size);
    return all;
}

static void test_a_result_that_is_too_large(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    const char *value = repeated("<", 10 * 1024, arena);
    struct field_value values[] = {{"x", NULL, FIELD_TYPE_TEXT, value}};
    const char *text = repeated("{x}", TEMPLATE_BYTES_MAX / 3, arena);
    for (int form = TEMPLATE_SUBJECT; form <= TEMPLATE_HTML; form++) {
        struct error error = {0};
        const char *filled = "untouched";
        struct list unknown = {NULL, 7};
        assert_false(template_fill(text, (enum template_form)form, &(struct list){values, 1}, "en",
                                   arena, &filled, &unknown, &error));
        assert_int_equal(error.code, ERROR_TOO_LARGE);
        assert_string_equal(filled, "untouched");
        assert_int_equal(unknown.count, 7);
    }
}

/* By one byte: what values add to a small text, and a text that is large by itself. */
static void test_limits_are_exact(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    static const char TOKENS[] = "{a}{b}";
    const size_t added = TEMPLATE_ADDED_BYTES_MAX + strlen(TOKENS);
    const char *longest = repeated("x", TEMPLATE_BYTES_MAX - 3, arena);
    const struct {
        const char *text, *a, *b;
        bool fits;
    } rows[] = {
        {TOKENS, repeated("y", added - 1, arena), "z", true},
        {TOKENS, repeated("y", added - 1, arena), "zz", false},
        {arena_format(arena, "%s{a}", longest), "yyy", "", true},
        {arena_format(arena, "%s{a}", longest), "yyyy", "", false},
        {repeated("x", TEMPLATE_BYTES_MAX + 1, arena), "", "", false},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        for (int form = TEMPLATE_SUBJECT; form <= TEMPLATE_HTML; form++) {
            AUTO_ARENA turn = arena_create();
            struct error error = {0};
            const char *filled;
            struct list unknown;
            struct field_value values[] = {{"a", NULL, FIELD_TYPE_TEXT, rows[i].a},
                                           {"b", NULL, FIELD_TYPE_TEXT, rows[i].b}};
            bool fits = template_fill(rows[i].text, (enum template_form)form,
                                      &(struct list){values, 2}, NULL, turn, &filled, &unknown,
                                      &error);
            assert_int_equal(fits, rows[i].fits);
            assert_int_equal(error.code, fits ? ERROR_NONE : ERROR_TOO_LARGE);
        }
}

/* As large as it may be, and in each way that could cost more than its size. */
static void test_large_ones(void **state)
{
    static const struct {
        const char *before, *piece, *after;
    } TEXTS[] = {
        {"", "{x}", ""},
        {"", "{{", ""},
        {"", "{{ ", ""},
        {"", "{unknown}", ""},
        {"", "<", ""},
        {"<p title=\"", "{x}", "\">"},
        {"<a href='", "{x}", "'>"},
        {"<a href=", "{x}", ">"},
        {"<!--", "--!", ""},
        {"", "<a href='{x}'>", ""},
        {"<script>", "</scrip", ""},
    };
    enum { BYTES = TEMPLATE_BYTES_MAX / 8 };
    (void)state;
    for (size_t i = 0; i < COUNT(TEXTS); i++)
        for (int form = TEMPLATE_TEXT; form <= TEMPLATE_HTML; form++) {
            AUTO_ARENA arena = arena_create();
            const char *many = repeated(TEXTS[i].piece, BYTES / strlen(TEXTS[i].piece), arena);
            const char *text = arena_format(arena, "%s%s%s", TEXTS[i].before, many, TEXTS[i].after);
            const char *filled = fill_one(text, (enum template_form)form, "y", arena);
            assert_true(strlen(filled) >= BYTES / 4);
        }
}

static void test_a_thousand_values(void **state)
{
    enum { MANY = 1000 };
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct error error;
    struct field_value *values = arena_new(arena, struct field_value, MANY);
    struct buf text = BUF(arena, 100000), expected = BUF(arena, 100000);
    struct list unknown;
    const char *filled = NULL;
    for (int i = 0; i < MANY; i++) {
        values[i] = (struct field_value){arena_format(arena, "t%d", i * 7 % MANY), NULL,
                                         FIELD_TYPE_TEXT, arena_format(arena, "v%d", i * 7 % MANY)};
        buf_addf(&text, "{t%d}", i);
        buf_addf(&expected, "v%d", i);
    }
    assert_true(template_fill(buf_text(&text, &error), TEMPLATE_TEXT, &(struct list){values, MANY},
                              "en", arena, &filled, &unknown, &error));
    assert_string_equal(filled, buf_text(&expected, &error));
    assert_int_equal(unknown.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_controls_in_a_subject),
        cmocka_unit_test(test_no_value_changes_the_header),
        cmocka_unit_test(test_no_value_changes_the_elements),
        cmocka_unit_test(test_a_result_that_is_too_large),
        cmocka_unit_test(test_limits_are_exact),
        cmocka_unit_test(test_large_ones),
        cmocka_unit_test(test_a_thousand_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
