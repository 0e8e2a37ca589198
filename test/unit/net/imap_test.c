/* Folders, searches and header fields: what is said, and what is made of the answers. */
#include <string.h>

#include "base/secret.h"
#include "base/text.h"
#include "case.h"
#include "imap_call.h"
#include "net/smtp.h"

static void test_folders(void **state)
{
    (void)state;
    struct imap_call call = imap_call_in("<o1 LIST \"\" \"*\"\n"
                                         "* LIST (\\Noselect) \"/\" Archive\n"
                                         "* LIST () \"/\" INBOX\n"
                                         "* 3 EXISTS\n"
                                         "* LIST (\\Sent) \"/\" {4}\n"
                                         "Sent\n"
                                         "o1 OK done\n" IMAP_BYE);
    struct list found;
    assert_true(imap_list(call.imap, &found, &call.error));
    assert_int_equal(found.count, 2);
    const struct imap_folder *folders = found.items;
    assert_string_equal(folders[0].name, "INBOX");
    assert_false(folders[0].is_sent);
    assert_string_equal(folders[1].name, "Sent");
    assert_true(folders[1].is_sent);
    imap_call_finish(&call);
}

/* More folders than anybody has are not kept, but they do no harm. */
static void test_very_many_folders(void **state)
{
    (void)state;
    struct imap_call call = imap_call_in("<o1 LIST\nmany:* LIST () \"/\" a\nclose\n");
    struct list found;
    assert_false(imap_list(call.imap, &found, &call.error));
    assert_non_null(strstr(call.error.message, "more than 20000 responses came"));
    imap_call_finish(&call);
}

static void test_a_folder_is_examined(void **state)
{
    (void)state;
    static const struct {
        const char *name, *said;
    } NAMES[] = {
        {"Sent", "o1 EXAMINE \"Sent\""},
        {"&AMk-l&AOk-ments envoy&AOk-s", "o1 EXAMINE \"&AMk-l&AOk-ments envoy&AOk-s\""},
        {"a\"b\\c*%", "o1 EXAMINE \"a\\\"b\\\\c*%\""},
        {"\xC3\x89\xFF{3}", "o1 EXAMINE \"\xC3\x89\xFF{3}\""},
    };
    for (size_t i = 0; i < COUNT(NAMES); i++) {
        struct imap_call call = imap_call_in("<o1 EXAMINE \n* 3 EXISTS\no1 OK done\n" IMAP_BYE);
        assert_true(imap_examine(call.imap, NAMES[i].name, &call.error));
        struct heard heard = imap_call_finish(&call);
        assert_non_null(strstr(heard.commands, NAMES[i].said));
    }
    struct imap_call call = imap_call_in("<o1 EXAMINE\no1 NO not there\n" IMAP_BYE);
    assert_false(imap_examine(call.imap, "\"Sent", &call.error));
    assert_non_null(strstr(call.error.message, "the answer to EXAMINE  was: NO not there"));
    imap_call_finish(&call);
}

static void test_a_search(void **state)
{
    (void)state;
    struct imap_call call = imap_call_in("<o1 UID SEARCH HEADER Message-ID \"<1@example.com>\"\n"
                                         "* SEARCH 7\n* SEARCH 9 12\no1 OK done\n"
                                         "<o2 UID SEARCH HEADER X-A \"b\"\n* SEARCH\no2 OK done\n"
                                         "<o3 UID SEARCH HEADER X-A \"b\"\no3 NO later\n" IMAP_BYE);
    struct imap_uids uids;
    assert_true(imap_search(call.imap, "Message-ID", "<1@example.com>", &uids, &call.error));
    assert_int_equal(uids.count, 3);
    assert_int_equal(uids.items[2], 12);
    assert_true(imap_search(call.imap, "X-A", "b", &uids, &call.error));
    assert_int_equal(uids.count, 0);
    assert_false(imap_search(call.imap, "X-A", "b", &uids, &call.error));
    assert_non_null(strstr(call.error.message, "NO later"));
    imap_call_finish(&call);
}

/* Whatever could be more than one word of a command is not said at all. */
static void test_what_cannot_be_searched_for(void **state)
{
    (void)state;
    char longest[502] = {0};
    memset(longest, 'a', 501);
    const char *values[] = {"",     NULL,        "a\"b",  "a\\b", "a\r\nx LOGOUT",
                            "a\nb", "a\xC3\xA9", "a\x7F", longest};
    struct imap_call call = imap_call_in(IMAP_BYE);
    struct imap_uids uids;
    for (size_t i = 0; i < COUNT(values); i++) {
        assert_false(imap_is_plain(values[i]));
        assert_false(imap_search(call.imap, "X-A", values[i], &uids, &call.error));
        assert_int_equal(call.error.code, ERROR_INVALID);
    }
    longest[500] = '\0';
    assert_true(imap_is_plain(longest));
    imap_call_finish(&call);
}

static void test_fields_of_mail(void **state)
{
    (void)state;
    struct imap_call call = imap_call_in(
        "<o1 UID FETCH 7,9 (BODY.PEEK[HEADER.FIELDS (MESSAGE-ID X-A)])\n"
        "* 1 FETCH (UID 7 BODY[HEADER.FIELDS (MESSAGE-ID X-A)] {8}\nX-A: b\n)\n"
        "* 2 FETCH (FLAGS (\\Seen))\n"
        "* 2 FETCH (BODY[HEADER.FIELDS (MESSAGE-ID X-A)] \"\" UID 9)\n"
        "* 3 FETCH (BODY[HEADER.FIELDS (MESSAGE-ID X-A)] \"nobody asked\")\n"
        "o1 OK done\n" IMAP_BYE);
    struct list heads;
    struct imap_uids none = {0}, uids = {{7, 9}, 2};
    assert_true(imap_fetch_fields(call.imap, &none, "MESSAGE-ID X-A", &heads, &call.error));
    assert_int_equal(heads.count, 0);
    assert_true(imap_fetch_fields(call.imap, &uids, "MESSAGE-ID X-A", &heads, &call.error));
    assert_int_equal(heads.count, 2);
    assert_string_equal(((const char **)heads.items)[0], "X-A: b\r\n");
    assert_string_equal(((const char **)heads.items)[1], "");
    imap_call_finish(&call);
}

/* LOGOUT is said where the server listens, and nothing is waited for. */
static void test_closing(void **state)
{
    (void)state;
    struct imap_call call = imap_call_in("<o1 EXAMINE\nclose\n");
    assert_false(imap_examine(call.imap, "Sent", &call.error));
    imap_close(&call.imap);
    assert_null(call.imap);
    imap_close(&call.imap);
    struct heard heard = imap_call_finish(&call);
    assert_null(strstr(heard.commands, "LOGOUT"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_folders),
        cmocka_unit_test(test_very_many_folders),
        cmocka_unit_test(test_a_folder_is_examined),
        cmocka_unit_test(test_a_search),
        cmocka_unit_test(test_what_cannot_be_searched_for),
        cmocka_unit_test(test_fields_of_mail),
        cmocka_unit_test(test_closing),
    };
    secret_start();
    net_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
