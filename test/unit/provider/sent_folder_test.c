/* Which folders are looked into. */
#include "provider/sent_folder.h"

#include "base/text.h"
#include "case.h"
#include "net/imap.h"

enum { LISTED_MOST = 8 };

static const struct {
    struct imap_folder listed[LISTED_MOST];
    const char *chosen[SENT_FOLDERS_MOST];
} ROWS[] = {
    {{{0}}, {0}},
    {{{"INBOX", '/', false}, {"Entw&APw-rfe", '/', false}}, {0}},
    {{{"INBOX", '/', false}, {"Ausgang", '/', true}}, {"Ausgang"}},
    /* What the server says of one counts more than what another is called. */
    {{{"Sent", '/', false}, {"INBOX.Out", '.', true}}, {"INBOX.Out"}},
    {{{"sent", '/', false}, {"INBOX/Sent Items", '/', false}}, {"sent", "INBOX/Sent Items"}},
    {{{"INBOX.Sent", '.', false}, {"INBOX.Sent.2019", '.', false}}, {"INBOX.Sent"}},
    {{{"a.Sent", '/', false}, {"a.Sent", '\0', false}, {"/Sent", '/', false}}, {"/Sent"}},
    {{{"&AMk-l&AOk-ments envoy&AOk-s", '/', false}}, {"&AMk-l&AOk-ments envoy&AOk-s"}},
    {{{"Sent to me", '/', false}, {"Unsent", '/', false}, {"", '/', false}}, {0}},
    {{{"1", '/', true}, {"2", '/', true}, {"3", '/', true}, {"4", '/', true}, {"5", '/', true}},
     {"1", "2", "3", "4"}},
};

static void test_choices(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        const char *names[SENT_FOLDERS_MOST] = {0};
        struct list folders = {(void *)ROWS[i].listed, 0};
        while (folders.count < LISTED_MOST && ROWS[i].listed[folders.count].name)
            folders.count++;
        size_t count = sent_folder_choose(folders, names);
        for (size_t j = 0; j < SENT_FOLDERS_MOST; j++)
            if (!text_equal(names[j], ROWS[i].chosen[j]))
                fail_msg("row %zu, folder %zu: %s", i, j, text_or(names[j], "none"));
        assert_true(count == SENT_FOLDERS_MOST || !ROWS[i].chosen[count]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_choices)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
