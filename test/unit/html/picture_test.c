#include "html/picture.h"

#include "base/text.h"
#include "case.h"
#include "html/html.h"

static void test_what_may_stay(void **state)
{
    (void)state;
    static const struct {
        const char *src, *source;
    } ROWS[] = {
        {"cid:a@b", "cid:a@b"},
        {" CID:a@b\n", "cid:a@b"},
        {"cid:", "cid:"},
        {"https://x.example/pixel.gif", NULL},
        {"//x.example/pixel.gif", NULL},
        {"logo.png", NULL},
        {"", NULL},
        {"javascript:alert(1)", NULL},
        {"blob:x", NULL},
        {"data:image/png;base64,AAA=", "data:image/png;base64,AAA="},
        {"data:image/jpg;base64,AAAA", "data:image/jpeg;base64,AAAA"},
        {"data:image/pjpeg;base64,AAAA", "data:image/jpeg;base64,AAAA"},
        {"DATA:IMAGE/GIF;BASE64,AAAA", "data:image/gif;base64,AAAA"},
        {"data:image/x-ms-bmp;base64,AAAA", "data:image/bmp;base64,AAAA"},
        {"data:image/avif;base64,AAAA", "data:image/avif;base64,AAAA"},
        {"data:image/png;charset=utf-8;base64,AAAA", "data:image/png;base64,AAAA"},
        {"data:image/png;name=\"a.png\"; base64 ,AAAA", "data:image/png;base64,AAAA"},
        {"data: image/png ;base64,AAAA", "data:image/png;base64,AAAA"},
        {"data:image/png;base64,AA\r\n AA\tAA AA", "data:image/png;base64,AAAAAAAA"},
        {"data:image/png;base64,AA%20AA%0D%0AAA%3d%3D", "data:image/png;base64,AAAAAA=="},
        {"data:image/png;base64,AA%2BA%2fAA", "data:image/png;base64,AA+A/AA="},
        {"data:image/png;base64,AAA", "data:image/png;base64,AAA="},
        {"data:image/png;base64,AA", "data:image/png;base64,AA=="},
        {"data:image/png;base64,", "data:image/png;base64,"},
        {"data:image/png;base64,A", NULL},
        {"data:image/png;base64,A=AA", NULL},
        {"data:image/png;base64,AA===", NULL},
        {"data:image/png;base64,A<AA", NULL},
        {"data:image/png;base64,AA%3CA", NULL},
        {"data:image/png;base64", NULL},
        {"data:image/png,AAAA", NULL},
        {"data:image/png;base64x,AAAA", NULL},
        {"data:image/svg+xml;base64,AAAA", NULL},
        {"data:image/svg+xml;base64,iVBORw0KGgoA", NULL},
        {"data:text/html;base64,AAAA", NULL},
        {"data:;base64,iVBORw0KGgoA", "data:image/png;base64,iVBORw0KGgoA"},
        {"data:application/octet-stream;base64,/9j/AAAA", "data:image/jpeg;base64,/9j/AAAA"},
        {"data:image/*;base64,R0lGODlh", "data:image/gif;base64,R0lGODlh"},
        {"data:;base64,PHN2Zz4=", NULL},
        {"da\tta:image/png;base64,AAAA", "data:image/png;base64,AAAA"},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        const char *source = picture_source(ROWS[i].src, NULL, arena);
        if (!text_equal(source, ROWS[i].source))
            fail_msg("%s gave %s", ROWS[i].src, text_or(source, "nothing"));
        if (source)
            assert_string_equal(picture_source(source, NULL, arena), source);
    }
}

static void test_files_that_came_along(void **state)
{
    (void)state;
    struct html_file files[] = {
        {"one@x", "logo.png", "logo.png"}, {"two@x", "https://x.example/mail/head%20er.gif", NULL},
        {"{AB-12}", NULL, "Foto 1.jpg"},   {"a b", "cid:my image", NULL},
        {NULL, "none.png", "none.png"},    {"pic<&>\"", NULL, NULL},
    };
    const struct list list = {files, COUNT(files)};
    static const struct {
        const char *src, *source;
    } ROWS[] = {
        {"cid:one@x", "cid:one@x"},
        {"cid:%6Fne@x", "cid:%6Fne@x"},
        {"cid:ONE@X", "cid:one@x"},
        {"cid:<one@x>", "cid:one@x"},
        {"cid:%3Cone@x%3E", "cid:one@x"},
        {"cid: one@x", "cid:one@x"},
        {"cid://one@x", "cid:one@x"},
        {"cid:%7BAB-12%7D", "cid:%7BAB-12%7D"},
        {"cid:{ab-12}", "cid:%7BAB-12%7D"},
        {"cid:logo.png", "cid:one@x"},
        {"cid:Foto%201.jpg", "cid:%7BAB-12%7D"},
        {"cid:elsewhere", "cid:elsewhere"},
        {"cid:PIC<&>\"", "cid:pic%3C%26%3E%22"},
        {"logo.png", "cid:one@x"},
        {"LOGO.PNG", "cid:one@x"},
        {"./images/logo.png", "cid:one@x"},
        {"file:///C:/Users/x/logo.png", "cid:one@x"},
        {"C:\\Users\\x\\logo.png", "cid:one@x"},
        {"Foto 1.jpg", "cid:%7BAB-12%7D"},
        {"Foto%201.jpg", "cid:%7BAB-12%7D"},
        {"https://x.example/mail/head%20er.gif", "cid:two@x"},
        {"https://x.example/mail/head er.gif", "cid:two@x"},
        {"https://y.example/logo.png", NULL},
        {"//y.example/logo.png", NULL},
        {"\\\\y.example\\logo.png", NULL},
        {"none.png", NULL},
        {"other.png", NULL},
        {"", NULL},
        {"javascript:logo.png", "cid:one@x"}, /* and nothing of what it was stays */
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        const char *source = picture_source(ROWS[i].src, &list, arena);
        if (!text_equal(source, ROWS[i].source))
            fail_msg("%s gave %s", ROWS[i].src, text_or(source, "nothing"));
        if (source)
            assert_string_equal(picture_source(source, &list, arena), source);
    }
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(test_what_may_stay),
        cmocka_unit_test(test_files_that_came_along),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
