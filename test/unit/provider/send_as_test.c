#include "provider/send_as.h"

#include <string.h>

#include "base/text.h"
#include "case.h"
#include "gmail_peer.h"

#define PRIMARY \
    "{\"sendAsEmail\":\"ann@example.com\",\"displayName\":\"Ann\",\"replyToAddress\":\"\"," \
    "\"signature\":\"<b>Ann</b>\",\"isPrimary\":true}"
#define ALIAS(email, status, more) \
    "{\"sendAsEmail\":\"" email "\",\"signature\":\"\",\"treatAsAlias\":true," more \
    "\"verificationStatus\":\"" status "\"}"

static bool list(struct web_peer *peer, struct list *ret_list, struct error *error)
{
    return send_as_list(peer->pool, &peer->account, &peer->attempt.credential, peer->arena,
                        ret_list, error);
}

static void test_addresses(void **state)
{
    (void)state;
    static const struct web_says SAYS = {
        200, "{\"sendAs\":[" PRIMARY
             "," ALIAS("desk@example.com", "accepted", "\"isDefault\":true,") "," ALIAS(
                 "new@example.com", "pending", "") "," ALIAS("a b@c", "accepted", "") ",{}]}"};
    struct web_peer *peer = gmail_peer_start(&SAYS, 1);
    struct list found;
    struct error error;
    assert_true(list(peer, &found, &error));
    assert_int_equal(found.count, 3);
    const struct send_as *ann = send_as_find(found, "ANN@example.com");
    assert_true(ann->is_primary && ann->is_verified && !ann->is_default);
    assert_string_equal(ann->name, "Ann");
    assert_string_equal(ann->signature_html, "<b>Ann</b>");
    assert_null(ann->reply_to);
    const struct send_as *desk = send_as_find(found, "desk@example.com");
    assert_true(desk->is_verified && !desk->is_primary);
    assert_null(desk->signature_html);
    assert_ptr_equal(send_as_default(found), desk);
    assert_false(send_as_find(found, "new@example.com")->is_verified);
    assert_null(send_as_find(found, "eve@example.com"));
    web_peer_finish(peer);
    assert_true(text_starts(peer->heard.heads[0], "GET " GMAIL_ME "settings/sendAs HTTP/1.1\r\n"));
}

static void test_without_a_default_it_is_the_mailbox(void **state)
{
    (void)state;
    struct send_as items[] = {{.email = "a@b"}, {.email = "c@d", .is_primary = true}};
    assert_ptr_equal(send_as_default((struct list){items, 2}), &items[1]);
    assert_null(send_as_default((struct list){items, 1}));
    assert_null(send_as_default((struct list){0}));
}

static void test_other_providers_have_none(void **state)
{
    (void)state;
    static const struct web_says SAYS = {500, ""};
    struct web_peer *peer = gmail_peer_start(&SAYS, 1);
    struct list found = {NULL, 9};
    struct error error;
    peer->account.provider = PROVIDER_SMTP;
    assert_true(list(peer, &found, &error));
    assert_int_equal(found.count, 0);
    web_peer_finish(peer);
    assert_int_equal(peer->heard.requests, 0);
}

static void test_failures(void **state)
{
    (void)state;
    static const struct {
        struct web_says says;
        enum error_code code;
    } ROWS[] = {
        {{503, "busy"}, ERROR_UNAVAILABLE},
        {{.end = WEB_RESET}, ERROR_UNAVAILABLE},
        {{200, "{\"sendAs\":7}"}, ERROR_UNAVAILABLE},
        {{429, ""}, ERROR_UNAVAILABLE},
        {{403, GMAIL_ERROR(403, "insufficientPermissions", "no")}, ERROR_PROVIDER},
        {{401, GMAIL_ERROR(401, "authError", "no")}, ERROR_PROVIDER},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct web_peer *peer = gmail_peer_start(&ROWS[i].says, 1);
        struct list found = {NULL, 9};
        struct error error = {0};
        assert_false(list(peer, &found, &error));
        if (error.code != ROWS[i].code || !strstr(error.message, "sendAs.list"))
            fail_msg("row %zu: %s", i, error.message);
        assert_int_equal(found.count, 9);
        web_peer_finish(peer);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_addresses),
        cmocka_unit_test(test_without_a_default_it_is_the_mailbox),
        cmocka_unit_test(test_other_providers_have_none),
        cmocka_unit_test(test_failures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
