/* The document of all routes, whatever rows there are: that it is JSON, complete, and leads
 * nowhere. docs/openapi.json is a print of it: this compares the two, and writes the file anew
 * when GOLDEN=write is set (make golden).
 *
 * covers: src/api/openapi_view.c src/api/openapi_operation.c src/api/openapi_failure.c
 * src/api/openapi_shared.c */
#include "api/openapi.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/operation.h"
#include "api/shape.h"
#include "base/text.h"
#include "case.h"
#include "json/json_parse.h"

static const char *golden_path;

static struct json *parse(const char *text, struct arena *arena)
{
    struct json *json = NULL;
    struct error error = {0};
    if (!json_parse((struct bytes){text, strlen(text)}, arena, &json, &error))
        fail_msg("%s", error.message);
    return json;
}

static struct json *document(struct arena *arena)
{
    const struct openapi_settings settings = {"http://127.0.0.1:8025", "1.2.3", false};
    return parse(openapi_write(&settings, arena), arena);
}

static const struct json *member(const struct json *json, const char *key, size_t size)
{
    for (const struct json *at = json ? json->first : NULL; at; at = at->next)
        if (at->key && strlen(at->key) == size && memcmp(at->key, key, size) == 0)
            return at;
    return NULL;
}

static const struct json *find(const struct json *json, const char *key)
{
    return member(json, key, strlen(key));
}

static void test_every_route_is_there(void **state)
{
    AUTO_ARENA arena = arena_create();
    const struct json *paths = find(document(arena), "paths");
    (void)state;
    for (const struct route *route = ROUTES; route->method; route++) {
        const struct json *path = find(paths, route->path);
        const struct json *operation = find(path, text_lower(route->method, arena));
        if (!operation)
            fail_msg("%s %s is not there", route->method, route->path);
        assert_string_equal(find(operation, "summary")->text, route->summary);
        const struct json *responses = find(operation, "responses");
        assert_non_null(find(responses, arena_format(arena, "%d", route->status)));
        assert_int_equal(find(operation, "requestBody") != NULL, route->takes != TAKES_NOTHING);
    }
}

static void test_every_operation_has_a_name_of_its_own(void **state)
{
    AUTO_ARENA arena = arena_create();
    (void)state;
    for (const struct route *route = ROUTES; route->method; route++) {
        const char *name = operation_name(route, arena);
        assert_true(*name >= 'a' && *name <= 'z');
        for (const struct route *other = ROUTES; other != route; other++)
            if (text_equal(name, operation_name(other, arena)))
                fail_msg("%s: %s and %s", name, route->path, other->path);
    }
}

/* "#/components/schemas/Draft" */
static bool leads_somewhere(const struct json *document, const char *reference)
{
    const struct json *at = document;
    if (*reference++ != '#')
        return false;
    while (at && *reference == '/') {
        size_t size = strcspn(++reference, "/");
        at = member(at, reference, size);
        reference += size;
    }
    return at;
}

static size_t follow(const struct json *document, const struct json *json)
{
    size_t count = 0;
    if (json->key && text_equal(json->key, "$ref")) {
        if (!leads_somewhere(document, json->text))
            fail_msg("%s leads nowhere", json->text);
        count++;
    }
    bool holds_more = json->kind == JSON_OBJECT || json->kind == JSON_ARRAY;
    for (const struct json *at = holds_more ? json->first : NULL; at; at = at->next)
        count += follow(document, at);
    return count;
}

static void test_every_reference_leads_somewhere(void **state)
{
    AUTO_ARENA arena = arena_create();
    const struct json *json = document(arena);
    (void)state;
    assert_true(follow(json, json) > 100);
}

struct titles {
    struct shape shapes[512];
    size_t count;
};

static void collect(struct titles *titles, struct shape shape, struct arena *arena)
{
    const char *title = shape_title(&shape, arena);
    bool has_fields = shape.view->fields->name;
    if (!title && (has_fields || shape.view->is_flat))
        fail_msg("the view of %s with %s has no title", shape.view->name,
                 has_fields ? field_key(shape.view->fields) : "any names");
    for (size_t i = 0; title && i < titles->count; i++)
        if (titles->shapes[i].view != shape.view &&
            text_equal(title, shape_title(&titles->shapes[i], arena)))
            fail_msg("two views are called %s", title);
    assert_true(titles->count < COUNT(titles->shapes));
    titles->shapes[titles->count++] = shape;
    for (const struct field *field = shape.view->fields; field->name; field++) {
        bool is_list = field->kind == KIND_LIST && !shape.is_form;
        bool is_nested = is_list ? shape_has_objects(&shape, field) : field->kind == KIND_OBJECT;
        if (is_nested && shape_role(&shape, field) == ROLE_PART)
            collect(titles, shape_inside(&shape, field), arena);
    }
}

static void test_every_view_has_a_title_of_its_own(void **state)
{
    AUTO_ARENA arena = arena_create();
    struct titles titles = {.count = 0};
    (void)state;
    for (const struct route *route = ROUTES; route->method; route++) {
        bool is_form = route->takes == TAKES_FORM;
        if (route->reads)
            collect(&titles,
                    is_form ? shape_of_form(route->reads)
                            : shape_of_body(route->reads, route->method),
                    arena);
        if (route->replies)
            collect(&titles, shape_of_reply(route->replies), arena);
    }
}

static char *read_golden(void)
{
    enum { MOST = 8 * 1024 * 1024 };
    char *text = calloc(1, MOST);
    FILE *file = fopen(golden_path, "r");
    assert_non_null(text);
    if (file) {
        text[fread(text, 1, MOST - 1, file)] = '\0';
        fclose(file);
    }
    return text;
}

static void test_the_file_is_a_print_of_it(void **state)
{
    AUTO_ARENA arena = arena_create();
    const struct openapi_settings settings = {"http://127.0.0.1:8025", OUTTRAY_VERSION, true};
    const char *wish = getenv("GOLDEN");
    const char *printed = arena_format(arena, "%s\n", openapi_write(&settings, arena));
    (void)state;
    if (wish && strcmp(wish, "write") == 0) {
        FILE *file = fopen(golden_path, "w");
        assert_non_null(file);
        fputs(printed, file);
        fclose(file);
    }
    char *kept = read_golden();
    size_t same = 0;
    while (kept[same] && kept[same] == printed[same])
        same++;
    if (kept[same] != printed[same])
        fail_msg("differs from byte %zu on, \"%.80s\"; make golden writes it anew", same,
                 printed + same);
    free(kept);
}

int main(int count, char **arguments)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_route_is_there),
        cmocka_unit_test(test_every_operation_has_a_name_of_its_own),
        cmocka_unit_test(test_every_reference_leads_somewhere),
        cmocka_unit_test(test_every_view_has_a_title_of_its_own),
        cmocka_unit_test(test_the_file_is_a_print_of_it),
    };
    golden_path = count > 1 ? arguments[1] : "docs/openapi.json";
    return cmocka_run_group_tests(tests, NULL, NULL);
}
