#include "provider/gmail_thread.h"

#include <string.h>

#include "base/text.h"
#include "case.h"
#include "gmail_peer.h"
#include "provider/thread_find.h"

static bool find(struct web_peer *peer, const char *message_id, const char **ret_thread_id,
                 struct error *error)
{
    return thread_find(peer->pool, &peer->account, &peer->attempt.credential, message_id,
                       peer->arena, ret_thread_id, error);
}

static void test_which_thread(void **state)
{
    static const struct {
        struct web_says says;
        const char *thread_id;
    } ROWS[] = {
        {{200, "{\"messages\":[{\"id\":\"m1\",\"threadId\":\"t7\"}]}"}, "t7"},
        {{200, "{\"messages\":[{\"id\":\"m1\"},{\"id\":\"m2\",\"threadId\":\"t8\"}]}"}, "t8"},
        {{200, "{\"messages\":[{\"id\":\"m1\",\"threadId\":\"a b\"}]}"}, NULL},
        {{200, "{\"messages\":[]}"}, NULL},
        {{200, "{\"resultSizeEstimate\":0}"}, NULL},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct web_peer *peer = gmail_peer_start(&ROWS[i].says, 1);
        const char *found = "none";
        struct error error;
        assert_true(find(peer, "<p+1@kunde.example>", &found, &error));
        assert_true(text_equal(found, ROWS[i].thread_id));
        web_peer_finish(peer);
        assert_true(text_starts(peer->heard.heads[0],
                                "GET " GMAIL_ME "messages?q=rfc822msgid%3Ap%2B"
                                "1%40kunde.example&"));
    }
}

/* Nothing is asked for what would be another question. */
static void test_what_cannot_be_searched_for(void **state)
{
    static const struct web_says SAYS = {500, ""};
    static const char *const IDS[] = {NULL, "", "p@kunde.example", "<a b@c>", "<a\"b@c>", "<{a@c>"};
    (void)state;
    struct web_peer *peer = gmail_peer_start(&SAYS, 1);
    for (size_t i = 0; i < COUNT(IDS); i++) {
        const char *found = "none";
        struct error error;
        assert_true(find(peer, IDS[i], &found, &error));
        assert_null(found);
    }
    web_peer_finish(peer);
    assert_int_equal(peer->heard.requests, 0);
}

static void test_failures(void **state)
{
    static const struct {
        struct web_says says;
        enum error_code code;
    } ROWS[] = {
        {{503, "busy"}, ERROR_UNAVAILABLE},
        {{.end = WEB_RESET}, ERROR_UNAVAILABLE},
        {{200, "{\"messages\":7}"}, ERROR_UNAVAILABLE},
        {{429, ""}, ERROR_UNAVAILABLE},
        {{403, GMAIL_ERROR(403, "insufficientPermissions", "no")}, ERROR_PROVIDER},
        {{401, GMAIL_ERROR(401, "authError", "no")}, ERROR_PROVIDER},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct web_peer *peer = gmail_peer_start(&ROWS[i].says, 1);
        const char *found = NULL;
        struct error error = {0};
        assert_false(find(peer, "<p@kunde.example>", &found, &error));
        if (error.code != ROWS[i].code || !strstr(error.message, "messages.list"))
            fail_msg("row %zu: %s", i, error.message);
        web_peer_finish(peer);
    }
}

static void test_who_needs_it(void **state)
{
    (void)state;
    for (enum provider_kind kind = 0; PROVIDER_NAMES[kind]; kind++) {
        const struct account account = {.provider = kind};
        assert_int_equal(thread_find_is_needed(&account), kind == PROVIDER_GMAIL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_which_thread),
        cmocka_unit_test(test_what_cannot_be_searched_for),
        cmocka_unit_test(test_failures),
        cmocka_unit_test(test_who_needs_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
