/* Which folders, mails and header fields a server tells of. */
#include "net/imap_response.h"

#include <string.h>

#include "base/text.h"
#include "case.h"

static struct bytes of(const char *response)
{
    return (struct bytes){response, strlen(response)};
}

static const struct {
    const char *response;
    const char *name; /* NULL: it is none */
    char delimiter;
    bool is_sent;
} FOLDERS[] = {
    {"* LIST (\\HasNoChildren \\Sent) \"/\" \"Sent Items\"", "Sent Items", '/', true},
    {"* LIST (\\hasnochildren \\SENT) \".\" INBOX.Sent", "INBOX.Sent", '.', true},
    {"* list () NIL Sent", "Sent", '\0', false},
    {"* LIST () \"\\\\\" {4}\r\nSent", "Sent", '\\', false},
    {"* LIST () \"/\" \"a \\\"b\\\\c\"", "a \"b\\c", '/', false},
    {"* LIST () \"/\" &AMk-l&AOk-ments", "&AMk-l&AOk-ments", '/', false},
    {"* LIST () \"/\" \"\xC3\x89\xFF\"", "\xC3\x89\xFF", '/', false},
    {"* LIST () \"/\" \"Sent\" (\"CHILDINFO\" (\"SUBSCRIBED\"))", "Sent", '/', false},
    {"* LIST () \"/\" NIL", "NIL", '/', false}, /* RFC 3501: a folder may be called so */
    {"* LIST (\\Noselect) \"/\" Sent", NULL, 0, false},
    {"* LIST (\\NonExistent \\Sent) \"/\" Sent", NULL, 0, false},
    {"* LIST () \"/\" {7}\r\na\r\nb c\\", NULL, 0, false},
    {"* LIST () \"/\" \"\"", NULL, 0, false},
    {"* LIST () \"/\"", NULL, 0, false},
    {"* LIST (\\Sent", NULL, 0, false},
    {"* LIST \\Sent \"/\" Sent", NULL, 0, false},
    {"* LIST () \"/\" (Sent)", NULL, 0, false},
    {"* LSUB () \"/\" Sent", NULL, 0, false},
    {"* OK LIST () \"/\" Sent", NULL, 0, false},
    {"", NULL, 0, false},
};

static void test_folders(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    for (size_t i = 0; i < COUNT(FOLDERS); i++) {
        struct imap_folder folder = {0};
        bool is_one = imap_response_folder(of(FOLDERS[i].response), arena, &folder);
        if (is_one != (FOLDERS[i].name != NULL) || !text_equal(folder.name, FOLDERS[i].name) ||
            folder.delimiter != FOLDERS[i].delimiter || folder.is_sent != FOLDERS[i].is_sent)
            fail_msg("row %zu: %s", i, text_or(folder.name, "none"));
    }
}

static void test_a_long_name_is_none(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    char response[1000] = "* LIST () \"/\" ";
    memset(response + strlen(response), 'a', 501);
    struct imap_folder folder;
    assert_false(imap_response_folder(of(response), arena, &folder));
    response[strlen(response) - 1] = '\0';
    assert_true(imap_response_folder(of(response), arena, &folder));
}

static void test_uids(void **state)
{
    (void)state;
    static const struct {
        const char *response;
        size_t count;
        uint32_t first, last;
    } ROWS[] = {
        {"* SEARCH", 0, 0, 0},
        {"* SEARCH 4", 1, 4, 4},
        {"* search 2 84 882 ", 3, 2, 882},
        {"* SEARCH 2 x 3", 1, 2, 2},
        {"* SEARCH 0 1", 0, 0, 0},
        {"* SEARCH 5000000000 1", 0, 0, 0},
        {"* SEARCH 1 2 (MODSEQ 3)", 2, 1, 2},
        {"* ESEARCH UID 1:9", 0, 0, 0},
        {"* 1 2 SEARCH", 0, 0, 0},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct imap_uids uids = {0};
        imap_response_uids(of(ROWS[i].response), &uids);
        if (uids.count != ROWS[i].count || uids.items[0] != ROWS[i].first ||
            (uids.count && uids.items[uids.count - 1] != ROWS[i].last))
            fail_msg("row %zu: %zu", i, uids.count);
    }
}

/* A server that finds everything: the newest mail has the highest UID. */
static void test_the_highest_uids_are_kept(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct imap_uids uids = {0};
    imap_response_uids(of("* SEARCH 100 99 98"), &uids);
    for (int i = 1; i <= 90; i++)
        imap_response_uids(of(arena_format(arena, "* SEARCH %d", i)), &uids);
    assert_int_equal(uids.count, IMAP_UIDS_MOST);
    uint64_t sum = 0;
    for (size_t i = 0; i < uids.count; i++)
        sum += uids.items[i];
    assert_int_equal(sum, 100 + 99 + 98 + 13 * 84); /* and 78 to 90 */
}

static const struct {
    const char *response, *fields;
} FETCHES[] = {
    {"* 5 FETCH (UID 7 BODY[HEADER.FIELDS (MESSAGE-ID)] {6}\r\na: b\r\n)", "a: b\r\n"},
    {"* 5 FETCH (BODY[HEADER.FIELDS (MESSAGE-ID X-A)] \"\" UID 7)", ""},
    {"* 5 FETCH (FLAGS (\\Seen (x)) body[header.fields (\"A\")] {4}\r\nb: c)", "b: c"},
    {"* 5 FETCH (BODY[HEADER.FIELDS (A)]<0> {4}\r\nb: c)", "b: c"},
    {"* 5 FETCH (BODY[HEADER.FIELDS (A)] NIL)", NULL},
    {"* 5 FETCH (BODY[] {1}\r\nx BODY[TEXT] {1}\r\ny)", NULL},
    {"* 5 FETCH (FLAGS (\\Seen))", NULL},
    {"* 5 FETCH (FLAGS (((((", NULL},
    {"* 5 FETCH (", NULL},
    {"* 5 FETCH", NULL},
    {"* 5 EXISTS", NULL},
    {"* OK FETCH (BODY[HEADER.FIELDS (A)]", NULL},
    {"x 5 FETCH (BODY[HEADER.FIELDS (A)] \"a\")", NULL},
};

static void test_fields(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    for (size_t i = 0; i < COUNT(FETCHES); i++) {
        const char *fields = imap_response_fields(of(FETCHES[i].response), arena);
        if (!text_equal(fields, FETCHES[i].fields))
            fail_msg("row %zu: %s", i, text_or(fields, "none"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_folders), cmocka_unit_test(test_a_long_name_is_none),
        cmocka_unit_test(test_uids),    cmocka_unit_test(test_the_highest_uids_are_kept),
        cmocka_unit_test(test_fields),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
