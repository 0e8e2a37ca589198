#include "http/form_boundary.h"

#include <string.h>

#include "case.h"

#define TEN "0123456789"
#define SEVENTY TEN TEN TEN TEN TEN TEN TEN
#define BLANKS16 "                "
#define BLANKS64 BLANKS16 BLANKS16 BLANKS16 BLANKS16

static void reads_content_types(void **state)
{
    (void)state;
    static const struct {
        const char *type, *boundary; /* NULL: it fails */
        enum error_code code;
    } ROWS[] = {
        {"multipart/form-data; boundary=b", "b", 0},
        {"Multipart/Form-Data;BOUNDARY=b", "b", 0},
        {" multipart/form-data ; charset=utf-8; boundary=b ; x=\"y\"", "b", 0},
        {"multipart/form-data; boundary=----=_Part_1_2.3", "----=_Part_1_2.3", 0},
        {"multipart/form-data; boundary=\"a (b), c: d/e = 'f'?\"", "a (b), c: d/e = 'f'?", 0},
        {"multipart/form-data; boundary=" SEVENTY, SEVENTY, 0},
        {NULL, NULL, ERROR_UNSUPPORTED},
        {"", NULL, ERROR_UNSUPPORTED},
        {"application/json", NULL, ERROR_UNSUPPORTED},
        {"multipart/mixed; boundary=b", NULL, ERROR_UNSUPPORTED},
        {"multipart/form-datax; boundary=b", NULL, ERROR_UNSUPPORTED},
        {"multipart/form-data boundary=b", NULL, ERROR_UNSUPPORTED},
        {"multipart/form-data", NULL, ERROR_INVALID},
        {"multipart/form-data; boundary", NULL, ERROR_INVALID},
        {"multipart/form-data; boundary=", NULL, ERROR_INVALID},
        {"multipart/form-data; boundary=\"\"", NULL, ERROR_INVALID},
        {"multipart/form-data; boundary=" SEVENTY "0", NULL, ERROR_INVALID},
        {"multipart/form-data; boundary=b; boundary=b", NULL, ERROR_INVALID},
        {"multipart/form-data; boundary=b; x", NULL, ERROR_INVALID},
        {"multipart/form-data; boundary=\"b\\\"\"", NULL, ERROR_INVALID},
        {"multipart/form-data; boundary=\"b ", NULL, ERROR_INVALID},
        {"multipart/form-data; boundary=\"b \"", NULL, ERROR_INVALID},
        {"multipart/form-data; boundary=b\xC3\xBC", NULL, ERROR_INVALID},
        {"multipart/form-data; boundary=b_{1}", NULL, ERROR_INVALID},
        {"multipart/form-data; boundary*=UTF-8''b", NULL, ERROR_INVALID},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        struct form_boundary boundary;
        struct error error = {0};
        bool is_read = form_boundary_read(ROWS[i].type, arena, &boundary, &error);
        assert_int_equal(error.code, ROWS[i].code);
        assert_int_equal(is_read, ROWS[i].boundary != NULL);
        if (!is_read)
            continue;
        assert_int_equal(boundary.size, 4 + strlen(ROWS[i].boundary));
        assert_memory_equal(boundary.start, "\r\n--", 4);
        assert_memory_equal(boundary.start + 4, ROWS[i].boundary, boundary.size - 4);
    }
}

static struct form_boundary boundary_of(const char *text)
{
    struct form_boundary boundary = {.size = 4 + strlen(text)};
    memcpy(boundary.start, "\r\n--", 4);
    memcpy(boundary.start + 4, text, strlen(text));
    return boundary;
}

static void judges_lines(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum form_line line;
        size_t size;
    } ROWS[] = {
        {"\r", FORM_LINE_PARTIAL, 0},
        {"\r\n--bo", FORM_LINE_PARTIAL, 0},
        {"\r\n--bound", FORM_LINE_PARTIAL, 0},
        {"\r\n--bound\r", FORM_LINE_PARTIAL, 0},
        {"\r\n--bound \t", FORM_LINE_PARTIAL, 0},
        {"\r\n--bound-", FORM_LINE_PARTIAL, 0},
        {"\r\n--bound--", FORM_LINE_PARTIAL, 0},
        {"\r\n--bound-- ", FORM_LINE_PARTIAL, 0},
        {"\r\n--bound--\r", FORM_LINE_PARTIAL, 0},
        {"\r\n--bound\r\n", FORM_LINE_NEXT, 11},
        {"\r\n--bound\r\nmore", FORM_LINE_NEXT, 11},
        {"\r\n--bound \t\r\nmore", FORM_LINE_NEXT, 13},
        {"\r\n--bound--\r\n", FORM_LINE_LAST, 13},
        {"\r\n--bound-- \r\nmore", FORM_LINE_LAST, 14},
        {"\r\n--bound" BLANKS64 "\r\n", FORM_LINE_NEXT, 75},
        {"\r\n--bound--" BLANKS64 "\r\n", FORM_LINE_LAST, 77},
        {"\r\n--bound" BLANKS64 " ", FORM_LINE_OTHER, 0},
        {"\r\n--bound--" BLANKS64 " ", FORM_LINE_OTHER, 0},
        {"\r\n--bound\n", FORM_LINE_BARE, 0},
        {"\r\n--bound \n", FORM_LINE_BARE, 0},
        {"\r\n--bound--\n", FORM_LINE_BARE, 0},
        {"\r\r\n--bound\r\n", FORM_LINE_OTHER, 0},
        {"\r\n-bound\r\n", FORM_LINE_OTHER, 0},
        {"\r\n--Bound\r\n", FORM_LINE_OTHER, 0},
        {"\r\n--bounD", FORM_LINE_OTHER, 0},
        {"\r\n--boundary\r\n", FORM_LINE_OTHER, 0},
        {"\r\n--bound-\r\n", FORM_LINE_OTHER, 0},
        {"\r\n--bound-\n", FORM_LINE_OTHER, 0},
        {"\r\n--bound---\r\n", FORM_LINE_OTHER, 0},
        {"\r\n--bound --\r\n", FORM_LINE_OTHER, 0},
        {"\r\n--bound x\r\n", FORM_LINE_OTHER, 0},
        {"\r\n--bound\rx", FORM_LINE_OTHER, 0},
        {"\r\n--bound\r\r\n", FORM_LINE_OTHER, 0},
    };
    struct form_boundary boundary = boundary_of("bound");
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        size_t size, text_size = strlen(ROWS[i].text);
        const char *text = arena_copy_bytes(arena, ROWS[i].text, text_size);
        enum form_line line = form_boundary_judge(&boundary, text, text_size, &size);
        assert_int_equal(line, ROWS[i].line);
        if (ROWS[i].size)
            assert_int_equal(size, ROWS[i].size);
    }
}

/* What is partial must have room where it is held, with the CR LF that may be lacking. */
static void a_partial_line_fits(void **state)
{
    (void)state;
    struct form_boundary boundary = boundary_of(SEVENTY);
    static const char text[] = "\r\n--" SEVENTY "--" BLANKS64 "\r";
    size_t size;
    assert_int_equal(form_boundary_judge(&boundary, text, sizeof text - 1, &size),
                     FORM_LINE_PARTIAL);
    assert_true(sizeof text - 1 + 2 <= FORM_LINE_MAX);
}

static void finds_lines(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t at; /* from the end, when it is not there: 0 */
    } ROWS[] = {
        {"", 0},
        {"abc", 0},
        {"\r\n--bound", 9},
        {"abc\r\n--bound", 9},
        {"abc\r\n--boundx\r\n--bound", 19},
        {"abc\r\n--bounx", 0},
        {"abc\r\n--boun", 8},
        {"abc\r", 1},
        {"abc\r\r", 1},
        {"\r\n--\r\n--", 4},
        {"\r\n--\r\n-x", 0},
        {"\r\n-", 3},
    };
    struct form_boundary boundary = boundary_of("bound");
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        const char *end = ROWS[i].text + strlen(ROWS[i].text);
        assert_ptr_equal(form_boundary_find(&boundary, ROWS[i].text, end), end - ROWS[i].at);
    }
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(reads_content_types),
        cmocka_unit_test(judges_lines),
        cmocka_unit_test(a_partial_line_fits),
        cmocka_unit_test(finds_lines),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
