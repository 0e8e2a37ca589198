#include "mime/message_id.h"

#include "case.h"

static void test_ids(void **state)
{
    static const struct {
        const char *text;
        bool is_one, are_some;
    } ROWS[] = {
        {"<a@b>", true, true},
        {"<me@kunde.example>", true, true},
        {"<CAF=x+7_y.$1@mail.gmail.com>", true, true},
        {"<a@b@c>", true, true},
        {"<\"a\"@[127.0.0.1]>", true, true},
        {"", false, false},
        {" ", false, false},
        {"hello world", false, false},
        {"me@kunde.example", false, false},
        {"<me@kunde.example", false, false},
        {"me@kunde.example>", false, false},
        {"<>", false, false},
        {"<@>", false, false},
        {"<a@>", true, true},
        {"<@b>", true, true},
        {"<abc>", true, true},
        {"<a,b@c>", true, true},
        {"<a b@c>", false, false},
        {"<a<b@c>", false, false},
        {"<\xC3\xA4@x.example>", false, false},
        {"<a@b>x", false, false},
        {"x<a@b>", false, false},
        {"<a@b> (comment)", false, false},
        {"<a@b><c@d>", false, false},
        {"<a@b>,<c@d>", false, false},
        {"<a@b>, <c@d>", false, false},
        {"<a@b> <c@d>", false, true},
        {" <a@b> \t<c@d>  <e@f> ", false, true},
        {"<a@b> c@d", false, false},
        {"<a@b>\r\n <c@d>", false, false},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++)
        if (mime_is_message_id(ROWS[i].text) != ROWS[i].is_one ||
            mime_are_message_ids(ROWS[i].text) != ROWS[i].are_some)
            fail_msg("row %zu: %s", i, ROWS[i].text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ids),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
