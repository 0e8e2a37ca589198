/* What Graph's refusals mean, row by row; and what of its replies is believed. */
#include <string.h>

#include "base/secret.h"
#include "base/text.h"
#include "case.h"
#include "outlook_peer.h"

static bool note(void *context)
{
    *(bool *)context = true;
    return true;
}

static const struct {
    int status;
    const char *code; /* NULL: nothing that Graph would say */
    int64_t retry_after;
    enum web_meaning meaning, of_sending;
    int64_t pause_ms;
} ROWS[] = {
    {400, "ErrorInvalidRecipients", 0, WEB_REFUSED, WEB_REFUSED, 0},
    {400, "ErrorInvalidIdMalformed", 0, WEB_REFUSED, WEB_REFUSED, 0},
    {400, "ErrorMimeContentInvalidBase64String", 0, WEB_REFUSED, WEB_REFUSED, 0},
    {400, "ErrorMessageSizeExceeded", 0, WEB_REFUSED, WEB_REFUSED, 0},
    {400, "RequestBroker--ParseUri", 0, WEB_REFUSED, WEB_REFUSED, 0},
    {400, NULL, 0, WEB_LATER, WEB_UNCLEAR, 0},
    {401, "InvalidAuthenticationToken", 0, WEB_SIGN_IN, WEB_SIGN_IN, 0},
    {401, NULL, 0, WEB_LATER, WEB_UNCLEAR, 0},
    {403, "ErrorAccessDenied", 0, WEB_ACCOUNT, WEB_ACCOUNT, 0},
    {403, "ErrorSendAsDenied", 0, WEB_ACCOUNT, WEB_ACCOUNT, 0},
    {403, "ErrorQuotaExceeded", 0, WEB_ACCOUNT, WEB_ACCOUNT, 0},
    {403, "ErrorMessageSubmissionBlocked", 0, WEB_ACCOUNT, WEB_ACCOUNT, 0},
    {403, "TenantNotAllowed", 0, WEB_ACCOUNT, WEB_ACCOUNT, 0},
    {403, "ErrorAccountSuspend", 0, WEB_ACCOUNT, WEB_ACCOUNT, 0},
    {403, "ErrorMailboxMoveInProgress", 0, WEB_ACCOUNT, WEB_ACCOUNT, 60000},
    {400, "ErrorMailboxStoreUnavailable", 0, WEB_ACCOUNT, WEB_ACCOUNT, 60000},
    {400, "ErrorSubmissionQuotaExceeded", 0, WEB_ACCOUNT, WEB_ACCOUNT, 3600000},
    {400, "ErrorSubmissionQuotaExceeded", 7200, WEB_ACCOUNT, WEB_ACCOUNT, 7200000},
    {507, "ErrorQuotaExceeded", 0, WEB_ACCOUNT, WEB_UNCLEAR, 0},
    {403, NULL, 0, WEB_LATER, WEB_UNCLEAR, 0},
    {404, "ErrorItemNotFound", 0, WEB_GONE, WEB_GONE, 0},
    {404, "MailboxNotEnabledForRESTAPI", 0, WEB_ACCOUNT, WEB_ACCOUNT, 0},
    {404, "MailboxNotSupportedForRESTAPI", 0, WEB_ACCOUNT, WEB_ACCOUNT, 0},
    {404, NULL, 0, WEB_LATER, WEB_UNCLEAR, 0},
    {408, "RequestTimeout", 0, WEB_LATER, WEB_UNCLEAR, 0},
    {409, "ErrorIrresolvableConflict", 0, WEB_LATER, WEB_UNCLEAR, 0},
    {412, "ErrorIrresolvableConflict", 0, WEB_LATER, WEB_UNCLEAR, 0},
    {413, "RequestEntityTooLarge", 0, WEB_REFUSED, WEB_REFUSED, 0},
    {423, "Locked", 0, WEB_LATER, WEB_UNCLEAR, 0},
    {429, "ApplicationThrottled", 5, WEB_HOLD, WEB_HOLD, 5000},
    {429, "MailboxConcurrency", 0, WEB_HOLD, WEB_HOLD, 10000},
    {429, NULL, 0, WEB_HOLD, WEB_HOLD, 10000},
    {500, "ErrorInternalServerTransientError", 0, WEB_LATER, WEB_UNCLEAR, 0},
    {502, NULL, 0, WEB_LATER, WEB_UNCLEAR, 0},
    {503, "ErrorServerBusy", 0, WEB_LATER, WEB_UNCLEAR, 0},
    {503, "ErrorServerBusy", 5, WEB_HOLD, WEB_UNCLEAR, 5000},
    {503, NULL, 5, WEB_HOLD, WEB_UNCLEAR, 5000},
    {504, "GatewayTimeout", 0, WEB_LATER, WEB_UNCLEAR, 0},
    {504, "GatewayTimeout", 5, WEB_HOLD, WEB_UNCLEAR, 5000},
    {509, "BandwidthLimitExceeded", 0, WEB_HOLD, WEB_UNCLEAR, 10000},
    {302, NULL, 0, WEB_LATER, WEB_UNCLEAR, 0},
};

static struct web_says says_of(size_t row, struct arena *arena)
{
    const char *code = ROWS[row].code;
    return (struct web_says){
        .status = ROWS[row].status,
        .body = code ? arena_format(arena, "{\"error\":{\"code\":\"%s\",\"message\":\"no\"}}", code)
                     : "<html>",
        .headers = ROWS[row].retry_after ? arena_format(arena, "Retry-After: %lld\r\n",
                                                        (long long)ROWS[row].retry_after)
                                         : NULL,
    };
}

static void ask(size_t row, bool is_sending)
{
    static const struct web_says NOTHING;
    bool is_noted = false;
    struct web_answer answer;
    struct web_peer *peer = outlook_peer_start(&NOTHING, 1);
    const struct web_says says = says_of(row, peer->arena);
    web_peer_say(peer, &says, 1);
    struct outlook outlook = outlook_open(peer->pool, &peer->attempt);
    struct web_call call = outlook_call(&outlook, "x", "POST", "/x", NULL, NULL);
    call.commit = is_sending ? note : NULL;
    call.commit_context = &is_noted;
    assert_false(outlook_ask(&outlook, &call, &answer));
    assert_int_equal(is_noted, is_sending);
    enum web_meaning meaning = is_sending ? ROWS[row].of_sending : ROWS[row].meaning;
    if (answer.meaning != meaning || answer.pause_ms != ROWS[row].pause_ms)
        fail_msg("%d %s: %d, %lld ms", ROWS[row].status, text_or(ROWS[row].code, ""),
                 (int)answer.meaning, (long long)answer.pause_ms);
    if (!text_equal(answer.reason, ROWS[row].code))
        fail_msg("%d: %s", ROWS[row].status, text_or(answer.reason, "no word"));
    outlook_close(peer->pool, &outlook);
    web_peer_finish(peer);
}

static void test_what_refusals_mean(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        ask(i, false);
        ask(i, true);
    }
}

static void test_which_errors_are_graphs(void **state)
{
    (void)state;
    static const struct {
        const char *body, *reason;
    } rows[] = {
        {"{\"error\":{\"code\":\"ErrorItemNotFound\",\"message\":\"m\"}}", "ErrorItemNotFound"},
        {"{\"error\":{\"code\":\"A\",\"innerError\":{\"code\":\"B\",\"date\":\"d\"}},\"x\":[1]}",
         "A"},
        {"{\"error\":{\"code\":\"\",\"message\":\"m\"}}", NULL},
        {"{\"error\":{\"code\":\"no code\"}}", NULL},
        {"{\"error\":{\"code\":7}}", NULL},
        {"{\"error\":\"invalid_grant\"}", NULL},
        {"{}", NULL},
        {"", NULL},
    };
    AUTO_ARENA arena = arena_create();
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct web_refusal refusal = {0};
        outlook_read_refusal((struct bytes){rows[i].body, strlen(rows[i].body)}, arena, &refusal);
        if (!text_equal(refusal.reason, rows[i].reason))
            fail_msg("row %zu: %s", i, text_or(refusal.reason, "none"));
    }
}

static void test_ids(void **state)
{
    (void)state;
    assert_true(outlook_is_id("AAkALg/+0aA_-=="));
    static const char *const NO_IDS[] = {NULL, "", "a b", "a\r\nb", "\xC3\xA4"};
    for (size_t i = 0; i < COUNT(NO_IDS); i++)
        assert_false(outlook_is_id(NO_IDS[i]));
    assert_true(outlook_is_message_id("<a@b>"));
    static const char *const NO_MESSAGE_IDS[] = {NULL,    "",      "<>",        "a@b",
                                                 "<a b>", "<a\n>", "<\xC3\xA4>"};
    for (size_t i = 0; i < COUNT(NO_MESSAGE_IDS); i++)
        assert_false(outlook_is_message_id(NO_MESSAGE_IDS[i]));
    AUTO_ARENA arena = arena_create();
    const struct outlook outlook = {.web = {.arena = arena}};
    assert_string_equal(outlook_message_path(&outlook, "A/+=?%", "/send"),
                        "/messages/A%2F%2B%3D%3F%25/send");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_refusals_mean),
        cmocka_unit_test(test_which_errors_are_graphs),
        cmocka_unit_test(test_ids),
    };
    secret_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
