#include "mime/automatic.h"

#include "base/text.h"
#include "case.h"

static void knows_what_programs_write(void **state)
{
    (void)state;
    static const struct {
        enum head_field field;
        const char *value;
        bool is_automatic;
    } ROWS[] = {
        {HEAD_SUBJECT, "Automatic reply: x", false},
        {HEAD_AUTO_SUBMITTED, "auto-replied", true},
        {HEAD_AUTO_SUBMITTED, "auto-replied (vacation); owner-email=\"a@b\"", true},
        {HEAD_AUTO_SUBMITTED, "auto-generated", true},
        {HEAD_AUTO_SUBMITTED, "Auto-Notified; x=y", true},
        {HEAD_AUTO_SUBMITTED, "no", false},
        {HEAD_AUTO_SUBMITTED, " No (a person)", false},
        {HEAD_AUTO_SUBMITTED, "no;x=y", false},
        {HEAD_AUTO_SUBMITTED, "", false},
        {HEAD_AUTO_SUBMITTED, "not", true},
        {HEAD_X_AUTOREPLY, "yes", true},
        {HEAD_X_AUTOREPLY, "no", false},
        {HEAD_X_AUTORESPOND, "Re: x", true},
        {HEAD_X_AUTORESPONSE, "1", true},
        {HEAD_X_AUTOREPLY_FROM, "a@b", true},
        {HEAD_X_MAIL_AUTOREPLY, "yes", true},
        {HEAD_PRECEDENCE, "auto_reply", true},
        {HEAD_PRECEDENCE, "bulk", false},
        {HEAD_PRECEDENCE, "list", false},
        {HEAD_PRECEDENCE, "junk", false},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct head head = {0};
        head.values[ROWS[i].field] = ROWS[i].value;
        if (automatic_is(&head) != ROWS[i].is_automatic)
            fail_msg("row %zu", i);
    }
}

static void finds_where_lists_take_posts(void **state)
{
    (void)state;
    static const struct {
        const char *value, *address;
    } ROWS[] = {
        {NULL, NULL},
        {"", NULL},
        {"NO", NULL},
        {"NO (posting not allowed)", NULL},
        {"<mailto:list@x.example>", "list@x.example"},
        {"<MAILTO:list@X.example?subject=x> (members)", "list@x.example"},
        {"<https://x.example/post>, <mailto:list@x.example>", "list@x.example"},
        {"<mailto:my%2Dlist%40x.example>", "my-list@x.example"},
        {"<mailto:a%0Ab@x.example>", "a%0Ab@x.example"},
        {"<mailto:>", NULL},
        {"<https://x.example/post>", NULL},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        const char *address = automatic_list_post(ROWS[i].value, arena);
        if (!text_equal(address, ROWS[i].address))
            fail_msg("row %zu: %s", i, text_or(address, "none"));
    }
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(knows_what_programs_write),
        cmocka_unit_test(finds_where_lists_take_posts),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
