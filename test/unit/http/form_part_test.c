#include "http/form_part.h"

#include <string.h>

#include "base/text.h"
#include "case.h"

#define NAMED "Content-Disposition: form-data; name=\"f\""
#define NOT_EXTENDED \
    "has a name in Content-Disposition that is not percent-encoded UTF-8 (RFC 8187)"
#define NOT_TEXT "has a name in Content-Disposition that is not UTF-8 without control characters"
#define ENCODED "has a Content-Transfer-Encoding, which forms do not have (RFC 7578, 4.7)"
#define FILENAME(text) NAMED "; filename=" text "\r\n"

static bool read(const char *head, size_t size, struct arena *arena, struct form_part *ret_part,
                 struct error *error)
{
    char *whole = arena_alloc(arena, size + 3);
    memcpy(whole, head, size);
    memcpy(whole + size, "\r\n", 2);
    return form_part_read(whole, size + 2, 7, ret_part, error);
}

static void reads_headers(void **state)
{
    (void)state;
    static const struct {
        const char *head, *name, *filename, *content_type;
    } ROWS[] = {
        {NAMED "\r\n", "f", NULL, NULL},
        {"content-disposition:FORM-DATA;NAME=f\r\n", "f", NULL, NULL},
        {"Content-Disposition:\tform-data;\r\n name=\"f\";\r\n\tfilename=a\r\n", "f", "a", NULL},
        {"X-Other: y\r\n" NAMED "; size=3\r\nContent-Length: 3\r\n", "f", NULL, NULL},
        /* files' names */
        {FILENAME("\"a.pdf\""), "f", "a.pdf", NULL},
        {FILENAME("a.pdf"), "f", "a.pdf", NULL},
        {FILENAME("\"\""), "f", "", NULL},
        {FILENAME(""), "f", "", NULL},
        {FILENAME("\"Gr\xC3\xBC\xC3\x9F"
                  "e.txt\""),
         "f",
         "Gr\xC3\xBC\xC3\x9F"
         "e.txt",
         NULL},
        {FILENAME("\"a%22b%22.txt\""), "f", "a\"b\".txt", NULL},
        {FILENAME("\"a\\\"b\\\\\\\".txt\""), "f", "a\"b_\".txt", NULL},
        {FILENAME("\"100%25%20%2.txt\""), "f", "100%25%20%2.txt", NULL},
        {FILENAME("\"%\""), "f", "%", NULL},
        {FILENAME("\"a;b=c.txt\""), "f", "a;b=c.txt", NULL},
        {FILENAME("\"../../etc/passwd\""), "f", "passwd", NULL},
        {FILENAME("\"C:\\Users\\me\\a.txt\""), "f", "a.txt", NULL},
        {FILENAME("\"/a\\b/c\\d\""), "f", "d", NULL},
        {FILENAME("\"folder/\""), "f", "", NULL},
        {FILENAME("\"..\""), "f", "", NULL},
        {FILENAME("\"a/.\""), "f", "", NULL},
        {FILENAME("\"...\""), "f", "...", NULL},
        {NAMED "; filename*=UTF-8''Gr%C3%BC%c3%9fe.txt\r\n", "f",
         "Gr\xC3\xBC\xC3\x9F"
         "e.txt",
         NULL},
        {NAMED "; filename=\"plain\"; filename*=utf-8'de'%22%25\r\n", "f", "\"%", NULL},
        {NAMED "; filename*=utf-8''x%2Fy; filename=\"plain\"\r\n", "f", "x_y", NULL},
        {NAMED "; filename*=UTF-8''\r\n", "f", "", NULL},
        {"Content-Disposition: form-data; name*=UTF-8''%C3%BC; name=u\r\n", "\xC3\xBC", NULL, NULL},
        {"Content-Disposition: form-data; name=\"a%22/b\"\r\n", "a\"/b", NULL, NULL},
        /* types */
        {NAMED "\r\nContent-Type: Text/PLAIN; charset=utf-8\r\n", "f", NULL, "text/plain"},
        {NAMED "\r\nContent-Type: image/svg+xml\r\n", "f", NULL, "image/svg+xml"},
        /* of a file, with its parameters */
        {FILENAME("a") "Content-Type: Text/CSV; charset=ISO-8859-1\r\n", "f", "a",
         "text/csv; charset=ISO-8859-1"},
        {FILENAME("a") "Content-Type: text/csv  ; charset=\"utf-8\"\r\n", "f", "a",
         "text/csv  ; charset=\"utf-8\""},
        {FILENAME("a") "Content-Type: text/csv;\r\n", "f", "a", "text/csv;"},
        {FILENAME("a") "Content-Type: text/csv; charset\r\n", "f", "a", "text/csv"},
        {NAMED "\r\nContent-Type: text\r\n", "f", NULL, NULL},
        {NAMED "\r\nContent-Type: text/\r\n", "f", NULL, NULL},
        {NAMED "\r\nContent-Type: /plain\r\n", "f", NULL, NULL},
        {NAMED "\r\nContent-Type: text/plain/x\r\n", "f", NULL, NULL},
        {NAMED "\r\nContent-Type: text/pl ain\r\n", "f", NULL, NULL},
        {NAMED "\r\nContent-Type: text/pl\xC3\xBCin\r\n", "f", NULL, NULL},
        {NAMED "\r\nContent-Type:\r\n", "f", NULL, NULL},
        {FILENAME("a") "Content-Type: multipart/related; boundary=b\r\n", "f", "a",
         "multipart/related"},
        /* encodings that are none */
        {NAMED "\r\nContent-Transfer-Encoding: binary\r\n", "f", NULL, NULL},
        {NAMED "\r\nContent-Transfer-Encoding: 8BIT\r\n", "f", NULL, NULL},
        {NAMED "\r\nContent-Transfer-Encoding:7bit \r\n", "f", NULL, NULL},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        struct form_part part;
        struct error error = {0};
        print_message("# row %zu\n", i);
        assert_true(read(ROWS[i].head, strlen(ROWS[i].head), arena, &part, &error));
        assert_string_equal(part.name, ROWS[i].name);
        assert_string_equal(text_or(part.filename, "-"), text_or(ROWS[i].filename, "-"));
        assert_string_equal(text_or(part.content_type, "-"), text_or(ROWS[i].content_type, "-"));
    }
}

static void refuses_headers(void **state)
{
    (void)state;
    static const struct {
        const char *head, *message; /* behind "part 7 " */
    } ROWS[] = {
        {"", "has no Content-Disposition"},
        {"Content-Type: text/plain\r\n", "has no Content-Disposition"},
        {"Content-Disposition: form-data\r\n", "has no name in Content-Disposition"},
        {"Content-Disposition: form-data; filename=a\r\n", "has no name in Content-Disposition"},
        {"Content-Disposition: form-data; name=\"\"\r\n", "has no name in Content-Disposition"},
        {"Content-Disposition: attachment; name=f\r\n",
         "has a Content-Disposition that is not form-data"},
        {"Content-Disposition:\r\n", "has a Content-Disposition that is not form-data"},
        {"Content-Disposition: form-data; name=\"f\r\n",
         "has a Content-Disposition that cannot be read"},
        {NAMED "; filename=a b\r\n", "has a Content-Disposition that cannot be read"},
        {NAMED "; name=\"g\"\r\n", "has a name twice in Content-Disposition"},
        {FILENAME("a; FileName=a"), "has a name twice in Content-Disposition"},
        {NAMED "; filename*0=a\r\n",
         "has a filename in pieces, which forms do not have (RFC 7578, 4.2)"},
        {NAMED "; filename*=a\r\n", NOT_EXTENDED},
        {NAMED "; filename*=UTF-8'a\r\n", NOT_EXTENDED},
        {NAMED "; filename*=iso-8859-1''%FC; filename=u\r\n", NOT_EXTENDED},
        {NAMED "; filename*=UTF-8''%C3%B\r\n", NOT_EXTENDED},
        {NAMED "; filename*=UTF-8''a%00\r\n", NOT_EXTENDED},
        {NAMED "; filename*=UTF-8''%FC\r\n", NOT_TEXT},
        {NAMED "; filename*=UTF-8''%0A\r\n", NOT_TEXT},
        {FILENAME("\"a%0D%0Ab\""), NOT_TEXT},
        {FILENAME("\"a%0ab\""), NOT_TEXT},
        {FILENAME("\"\xFC\""), NOT_TEXT},
        {FILENAME("\"a\tb\""), NOT_TEXT},
        {"Content-Disposition: form-data; name=\"a\x7F\"\r\n", NOT_TEXT},
        {NAMED "\r\n" NAMED "\r\n", "has a header twice that may be there once"},
        {NAMED "\r\nContent-Type: a/b\r\ncontent-type: a/b\r\n",
         "has a header twice that may be there once"},
        {NAMED "\r\nno colon\r\n", "has a header line without a colon"},
        {"--b\r\n", "has a header line without a colon"},
        {NAMED "\r\n: x\r\n", "has a header whose name is not a token"},
        {" " NAMED "\r\n", "has a header whose name is not a token"},
        {NAMED "\r\nContent-Type : x\r\n", "has a header whose name is not a token"},
        {NAMED "\r\nContent-Transfer-Encoding: base64\r\n", ENCODED},
        {NAMED "\r\nContent-Transfer-Encoding:\r\n", ENCODED},
        {NAMED "\r\nContent-Type: multipart/mixed; boundary=c\r\n",
         "has parts of its own; send each file as a part of the form (RFC 7578, 4.3)"},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        struct form_part part;
        struct error error = {0};
        print_message("# row %zu\n", i);
        assert_false(read(ROWS[i].head, strlen(ROWS[i].head), arena, &part, &error));
        assert_int_equal(error.code, ERROR_INVALID);
        assert_string_equal(error.field, "");
        assert_string_equal(error.message, arena_format(arena, "part 7 %s", ROWS[i].message));
    }
}

static void refuses_nul(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct form_part part;
    struct error error = {0};
    static const char head[] = NAMED "; filename=\"a\0b\"\r\n";
    assert_false(read(head, sizeof head - 1, arena, &part, &error));
    assert_string_equal(error.message, "part 7 has a header with a NUL in it");
}

static void long_types_are_none(void **state)
{
    (void)state;
    for (size_t size = 127; size <= 128; size++) {
        AUTO_ARENA arena = arena_create();
        struct form_part part;
        struct error error = {0};
        char *type = arena_alloc(arena, size + 1);
        memset(type, 'x', size);
        type[1] = '/';
        const char *head = arena_format(arena, NAMED "\r\nContent-Type: %s\r\n", type);
        assert_true(read(head, strlen(head), arena, &part, &error));
        assert_string_equal(text_or(part.content_type, "-"), size == 127 ? type : "-");
    }
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(reads_headers),
        cmocka_unit_test(refuses_headers),
        cmocka_unit_test(refuses_nul),
        cmocka_unit_test(long_types_are_none),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
