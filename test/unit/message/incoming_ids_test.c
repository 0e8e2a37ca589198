#include "message/incoming_ids.h"

#include "base/text.h"
#include "case.h"

static void reads(void **state)
{
    (void)state;
    static const struct {
        const char *message_id, *in_reply_to, *references, *reported;
        const char *own, *answered, *referred;
    } ROWS[] = {
        {NULL, NULL, NULL, NULL, NULL, NULL, NULL},
        /* a report refers to the mail that it is about */
        {"<a@b>", NULL, NULL, "<c@d> <> <e@f>", "<a@b>", NULL, "<c@d> <e@f>"},
        {"<a@b>", "<i@j>", "<g@h>", "<c@d>", "<a@b>", "<i@j>", "<g@h> <c@d>"},
        {"<a@b>", "<c@d>", "<e@f> <c@d>", NULL, "<a@b>", "<c@d>", "<e@f> <c@d>"},
        {"<3a53>", "<3b>", NULL, NULL, "<3a53>", "<3b>", NULL},
        {"<\xC3\xA4@b>", "<\xC3\xA4@b>", "<\xC3\xA4@b> <c@d> <>", NULL, NULL, NULL, "<c@d>"},
        /* several: the last is the parent, the others count all the same */
        {NULL, "<a@b> <c@d>", NULL, NULL, NULL, "<c@d>", "<a@b>"},
        {NULL, "<a@b> <c@d>", "<e@f>", NULL, NULL, "<c@d>", "<e@f> <a@b>"},
        {NULL, "<a@b> <c@d>", "<a@b> <c@d>", NULL, NULL, "<c@d>", "<c@d> <a@b>"},
        /* whose mail it answers */
        {NULL, "<Rita@x.example> <a@b>", NULL, NULL, NULL, "<a@b>", NULL},
        {NULL, "<a@b> <you@x.example>", NULL, NULL, NULL, "<a@b>", NULL},
        {NULL, "<list@x.example> <cc@x.example> <a@b>", NULL, NULL, NULL, "<a@b>", NULL},
    };
    struct address to = {"you@x.example", NULL}, cc = {"cc@x.example", NULL},
                   reply_to = {"list@x.example", NULL};
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        const struct mime_mail mail = {
            .from = {"rita@x.example", NULL},
            .to = {&to, 1},
            .cc = {&cc, 1},
            .reply_to = {&reply_to, 1},
            .message_id = ROWS[i].message_id,
            .in_reply_to = ROWS[i].in_reply_to,
            .references = ROWS[i].references,
            .reported = ROWS[i].reported,
        };
        struct email email = {0};
        incoming_ids_read(&mail, arena, &email);
        if (!text_equal(email.message_id, ROWS[i].own) ||
            !text_equal(email.in_reply_to, ROWS[i].answered) ||
            !text_equal(email.reference_ids, ROWS[i].referred))
            fail_msg("row %zu: %s, %s", i, text_or(email.in_reply_to, "none"),
                     text_or(email.reference_ids, "none"));
    }
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {cmocka_unit_test(reads)};
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
