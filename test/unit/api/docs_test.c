/* The page of /docs, whatever rows there are: every operation is on it, every link leads to a
 * place of it, nothing of it comes from elsewhere.
 *
 * covers: src/api/docs_call.c src/api/docs_field.c src/api/docs_operation.c */
#include "api/docs.h"

#include <string.h>

#include "api/docs_page.h"
#include "base/text.h"
#include "case.h"

static const struct openapi_settings SETTINGS = {"http://127.0.0.1:8025/<&>", "1.2.3", false};

static size_t count_of(const char *page, const char *text)
{
    size_t count = 0;
    for (const char *at = strstr(page, text); at; at = strstr(at + 1, text))
        count++;
    return count;
}

static void test_every_operation_is_there(void **state)
{
    AUTO_ARENA arena = arena_create();
    const char *page = docs_write(&SETTINGS, arena);
    (void)state;
    for (const struct route *route = ROUTES; route->method; route++) {
        const char *name = operation_name(route, arena);
        if (count_of(page, arena_format(arena, "id=\"%s\"", name)) != 1)
            fail_msg("%s is not there once", name);
    }
}

static void test_every_link_leads_somewhere(void **state)
{
    AUTO_ARENA arena = arena_create();
    const char *page = docs_write(&SETTINGS, arena);
    (void)state;
    for (const char *at = strstr(page, "href=\""); at; at = strstr(at, "href=\"")) {
        at += strlen("href=\"");
        const char *target = arena_copy_bytes(arena, at, strcspn(at, "\""));
        if (text_equal(target, "/openapi.json"))
            continue;
        assert_int_equal(*target, '#');
        if (!strstr(page, arena_format(arena, "id=\"%s\"", target + 1)))
            fail_msg("%s leads nowhere", target);
    }
}

static void test_nothing_comes_from_elsewhere(void **state)
{
    static const char *const NEVER[] = {"<script", "<img", "<link", "<iframe", "src=",
                                        "@import", "url(", "{{",    "onclick", "style=\""};
    AUTO_ARENA arena = arena_create();
    const char *page = docs_write(&SETTINGS, arena);
    (void)state;
    for (size_t i = 0; i < COUNT(NEVER); i++)
        if (strstr(page, NEVER[i]))
            fail_msg("%s", NEVER[i]);
}

static void test_text_is_escaped(void **state)
{
    AUTO_ARENA arena = arena_create();
    const char *page = docs_write(&SETTINGS, arena);
    (void)state;
    assert_null(strstr(page, "8025/<"));
    assert_non_null(strstr(page, "http://127.0.0.1:8025/&lt;&amp;&gt;"));
}

struct thing {
    const char *text;
    struct list files;
};

static void test_calls(void **state)
{
    static const struct field BODY_FIELDS[] = {
        FIELD(struct thing, text, .use = CREATE, .example = "\"it's\""),
        {0},
    };
    static const struct schema BODY = SCHEMA(struct thing, BODY_FIELDS);
    static const struct field FORM_FIELDS[] = {
        FIELD(struct thing, files, .json = "file", .use = CREATE, .example = "@a.pdf"),
        {0},
    };
    static const struct schema FORM = SCHEMA(struct thing, FORM_FIELDS);
    static const struct field QUERY_FIELDS[] = {
        FIELD(struct thing, text, .json = "a", .use = REQUIRED),
        FIELD(struct thing, text, .json = "b"),
        {0},
    };
    static const struct schema QUERY = SCHEMA(struct thing, QUERY_FIELDS);
    static const struct {
        struct route route;
        const char *call;
    } ROWS[] = {
        {{.method = "GET", .path = "/a/{id}/{kind_of}", .query = &QUERY},
         "curl &quot;http://h/a/$ID/$KIND_OF?a=$A&quot;"},
        {{.method = "POST",
          .path = "/a",
          .right = {THING_MAIL, ACT_READ},
          .takes = TAKES_JSON,
          .reads = &BODY},
         "curl -X POST &quot;http://h/a&quot; \\\n"
         "  -H &quot;Authorization: Bearer $TOKEN&quot; \\\n"
         "  -H &#39;Content-Type: application/json&#39; \\\n"
         "  -d &#39;{\n  &quot;text&quot;: &quot;it&#39;\\&#39;&#39;s&quot;\n}&#39;"},
        {{.method = "POST", .path = "/a", .takes = TAKES_FORM, .reads = &FORM},
         "curl -X POST &quot;http://h/a&quot; \\\n  -F file=@a.pdf"},
        {{.method = "POST", .path = "/a", .takes = TAKES_MESSAGE},
         "curl -X POST &quot;http://h/a&quot; \\\n"
         "  -H &#39;Content-Type: message/rfc822&#39; --data-binary @mail.eml"},
    };
    const struct openapi_settings settings = {"http://h", "1", false};
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        struct error error;
        struct docs docs = {BUF(arena, 4096), arena, &settings};
        docs_add_call(&docs, &ROWS[i].route);
        assert_string_equal(buf_text(&docs.buf, &error),
                            arena_format(arena, "<pre>%s</pre>\n", ROWS[i].call));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_operation_is_there),
        cmocka_unit_test(test_every_link_leads_somewhere),
        cmocka_unit_test(test_nothing_comes_from_elsewhere),
        cmocka_unit_test(test_text_is_escaped),
        cmocka_unit_test(test_calls),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
