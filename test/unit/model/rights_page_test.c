/* The table in docs/security.md is printed from the one in model/rights.c: this compares the two,
 * and writes it anew when GOLDEN=write is set (make golden). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "case.h"
#include "model/rights.h"

enum { PAGE_BYTES = 256 * 1024 };
static const char BEGIN[] = "<!-- rights: begin -->\n", END[] = "<!-- rights: end -->";
static const char *page_path;

static char *read_page(void)
{
    char *text = calloc(1, PAGE_BYTES);
    FILE *page = fopen(page_path, "r");
    assert_non_null(text);
    assert_non_null(page);
    size_t size = fread(text, 1, PAGE_BYTES - 1, page);
    assert_in_range(size, 1, PAGE_BYTES - 2);
    fclose(page);
    return text;
}

static void write_page(const char *text, const char *begin, const char *end, const char *table)
{
    FILE *page = fopen(page_path, "w");
    assert_non_null(page);
    fprintf(page, "%.*s%s%s", (int)(begin - text), text, table, end);
    fclose(page);
}

static void test_the_page_has_the_table(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct buf buf = BUF(arena, PAGE_BYTES);
    struct error error = {0};
    const char *wish = getenv("GOLDEN");
    rights_print(&buf);
    const char *printed = buf_text(&buf, &error);
    assert_int_equal(error.code, ERROR_NONE);
    char *text = read_page();
    char *begin = strstr(text, BEGIN);
    assert_non_null(begin);
    begin += strlen(BEGIN);
    char *end = strstr(begin, END);
    assert_non_null(end);
    if (wish && strcmp(wish, "write") == 0)
        write_page(text, begin, end, printed);
    else
        assert_string_equal(arena_copy_bytes(arena, begin, (size_t)(end - begin)), printed);
    free(text);
}

int main(int count, char **arguments)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_the_page_has_the_table)};
    page_path = count > 1 ? arguments[1] : "docs/security.md";
    return cmocka_run_group_tests(tests, NULL, NULL);
}
