/* Which answers of a token endpoint are a token, which may pass, and which are the end of a grant.
 * Only the last makes a mailbox wait for a person, so everything odd is among the second. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "case.h"
#include "provider/oauth_call.h"

#define SECRET "1//secret-refresh-token"
static const struct url_pair FORM[] = {
    {"grant_type", "refresh_token"},
    {"refresh_token", SECRET, .is_secret = true},
    {"client_id", "the-client"},
    {"client_secret", NULL, .is_secret = true},
    {0},
};

#define AADSTS(number) "\"error_description\":\"AADSTS" number ": So it is. Trace ID: 1\\r\\nMore\""
static const struct {
    int64_t status;
    const char *body;
    enum oauth_answer answer;
    const char *reason; /* a part of it */
} ROWS[] = {
    /* granted */
    {200, "{\"access_token\":\"a\",\"token_type\":\"Bearer\",\"expires_in\":3599}", OAUTH_GRANTED,
     NULL},
    {200, "{\"access_token\":\"a\",\"token_type\":\"bearer\"}", OAUTH_GRANTED, NULL},
    {200, "{\"access_token\":\"a\",\"id_token\":\"x.y.z\",\"more\":{\"of\":[1]}}", OAUTH_GRANTED,
     NULL},
    {200, "{\"access_token\":\"a\",\"refresh_token\":null,\"scope\":null}", OAUTH_GRANTED, NULL},
    {200, "\xEF\xBB\xBF{\"access_token\":\"a\"}", OAUTH_GRANTED, NULL},
    /* 200, and yet nothing to use */
    {200, "{\"access_token\":\"a\",\"expires_in\":\"an hour\"}", OAUTH_LATER,
     "nothing that could be read"},
    {200, "", OAUTH_LATER, "nothing that could be read"},
    {200, "{", OAUTH_LATER, "nothing that could be read"},
    {200, "<html>", OAUTH_LATER, "nothing that could be read"},
    {200, "[]", OAUTH_LATER, "nothing that could be read"},
    {200, "{\"access_token\":7}", OAUTH_LATER, "nothing that could be read"},
    {200, "{}", OAUTH_LATER, "no token that could be used"},
    {200, "{\"error\":\"invalid_grant\"}", OAUTH_LATER, "no token that could be used"},
    {200, "{\"access_token\":\"\"}", OAUTH_LATER, "no token that could be used"},
    {200, "{\"access_token\":\"a\\r\\nX: y\"}", OAUTH_LATER, "no token that could be used"},
    {200, "{\"access_token\":\"a b\"}", OAUTH_LATER, "no token that could be used"},
    {200, "{\"access_token\":\"a\",\"refresh_token\":\"\\u0001\"}", OAUTH_LATER, "no token"},
    {200, "{\"access_token\":\"a\",\"token_type\":\"mac\"}", OAUTH_LATER, "no token"},
    /* the end of the grant */
    {400, "{\"error\":\"invalid_grant\"}", OAUTH_DEAD, "Google's sign-in answered invalid_grant"},
    {400,
     "{\"error\":\"invalid_grant\",\"error_description\":\"Token has been expired or revoked.\"}",
     OAUTH_DEAD, "invalid_grant (Token has been expired or revoked.)"},
    {401, "{\"error\":\"invalid_grant\"}", OAUTH_DEAD, "invalid_grant"},
    {400, "{\"error\":\"interaction_required\"," AADSTS("50076") "}", OAUTH_DEAD,
     "interaction_required (AADSTS50076: So it is. Trace ID: 1)"},
    {400, "{\"error\":\"login_required\"}", OAUTH_DEAD, "login_required"},
    {400, "{\"error\":\"consent_required\"," AADSTS("65001") "}", OAUTH_DEAD, "AADSTS65001"},
    {400, "{\"error\":\"invalid_grant\"," AADSTS("50173") ",\"error_codes\":[50173]}", OAUTH_DEAD,
     "AADSTS50173"},
    {400, "{\"error\":\"invalid_grant\"," AADSTS("700082") "}", OAUTH_DEAD, "AADSTS700082"},
    /* it may pass, or is the operator's to mend */
    {400, "{\"error\":\"invalid_grant\"," AADSTS("50196") "}", OAUTH_LATER, "AADSTS50196"},
    {400, "{\"error\":\"invalid_grant\"," AADSTS("90033") "}", OAUTH_LATER, "AADSTS90033"},
    {400, "{\"error\":\"temporarily_unavailable\"}", OAUTH_LATER, "temporarily_unavailable"},
    {401, "{\"error\":\"invalid_client\"}", OAUTH_HELD, "invalid_client; the operator"},
    {400, "{\"error\":\"unauthorized_client\"}", OAUTH_HELD, "unauthorized_client; the operator"},
    {400, "{\"error\":\"unauthorized_client\"," AADSTS("700016") "}", OAUTH_HELD,
     "unauthorized_client (AADSTS700016: So it is. Trace ID: 1); an administrator"},
    {400, "{\"error\":\"invalid_client\"," AADSTS("7000222") "}", OAUTH_HELD, "; the operator"},
    {400, "{\"error\":\"admin_policy_enforced\"}", OAUTH_HELD, "; an administrator"},
    {403, "{\"error\":\"org_internal\"}", OAUTH_HELD, "; the app is for its own"},
    {401, "{\"error\":\"deleted_client\"}", OAUTH_HELD, "; the operator"},
    {400, "{\"error\":\"access_denied\"," AADSTS("50105") "}", OAUTH_HELD, "; an administrator"},
    {503, "{\"error\":\"invalid_client\"}", OAUTH_LATER, "invalid_client"},
    {429, "{\"error\":\"access_denied\"}", OAUTH_LATER, "access_denied"},
    {400, "{\"error\":\"access_denied\"," AADSTS("90055") "}", OAUTH_LATER, "AADSTS90055"},
    {400, "{\"error\":\"invalid_request\"}", OAUTH_LATER, "invalid_request"},
    {400, "{\"error\":\"something_new\"}", OAUTH_LATER, "something_new"},
    {400, "{\"error\":\"INVALID_GRANT\"}", OAUTH_LATER, "INVALID_GRANT"},
    {400, "{\"error\":{\"code\":400}}", OAUTH_LATER, "status 400"},
    {400, "{\"error\":\"\"}", OAUTH_LATER, "status 400"},
    {400, "{\"error\":\"in valid\"}", OAUTH_LATER, "status 400"},
    {400, "{}", OAUTH_LATER, "status 400"},
    {400, "invalid_grant", OAUTH_LATER, "status 400"},
    {403, "<html>proxy</html>", OAUTH_LATER, "status 403"},
    {408, "{\"error\":\"invalid_grant\"}", OAUTH_LATER, "invalid_grant"},
    {429, "{\"error\":\"invalid_grant\"}", OAUTH_LATER, "invalid_grant"},
    {500, "{\"error\":\"invalid_grant\"}", OAUTH_LATER, "invalid_grant"},
    {503, "", OAUTH_LATER, "status 503"},
    {302, "{\"error\":\"invalid_grant\"}", OAUTH_LATER, "invalid_grant"},
    {302, "", OAUTH_LATER, "status 302"},
    /* what must not be told */
    {400, "{\"error\":\"invalid_grant\",\"error_description\":\"no " SECRET " here\"}", OAUTH_DEAD,
     "Google's sign-in answered invalid_grant"},
    {400, "{\"error\":\"invalid_grant\",\"error_description\":\"\\u0007\"}", OAUTH_DEAD,
     "Google's sign-in answered invalid_grant"},
};

static void test_each_reply_has_its_meaning(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        const struct http_result result = {.phase = HTTP_REPLIED,
                                           .status = ROWS[i].status,
                                           .body = {ROWS[i].body, strlen(ROWS[i].body)}};
        struct oauth_tokens tokens = {0};
        const char *reason = NULL;
        enum oauth_answer answer = oauth_read_reply(&result, PROVIDER_GMAIL, FORM, arena, &tokens,
                                                    &reason);
        if (answer != ROWS[i].answer || !reason != !ROWS[i].reason ||
            (reason && !strstr(reason, ROWS[i].reason)))
            fail_msg("row %zu: %d, %s", i, (int)answer, text_or(reason, "no reason"));
        assert_true((answer == OAUTH_GRANTED) == text_equal(tokens.access_token, "a"));
        if (reason && (strstr(reason, SECRET) || text_has_control(reason)))
            fail_msg("row %zu: %s", i, reason);
    }
}

static void test_all_of_a_grant_is_read(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    static const char BODY[] =
        "{\"access_token\":\"a\",\"refresh_token\":\"r\",\"expires_in\":60,\"scope\":\"s t\"}";
    const struct http_result result = {
        .phase = HTTP_REPLIED, .status = 200, .body = {BODY, sizeof BODY - 1}};
    struct oauth_tokens tokens;
    const char *reason;
    assert_int_equal(oauth_read_reply(&result, PROVIDER_OUTLOOK, FORM, arena, &tokens, &reason),
                     OAUTH_GRANTED);
    assert_string_equal(tokens.refresh_token, "r");
    assert_string_equal(tokens.scopes, "s t");
    assert_int_equal(tokens.expires_in, 60);
}

/* A lifetime that nobody said, or that cannot be, is a short one. */
static void test_a_lifetime_has_its_limits(void **state)
{
    (void)state;
    static const struct {
        const char *said;
        int64_t seconds;
    } LIFETIMES[] = {
        {"0", 300},         {"-5", 300},      {"1", 1},          {"9223372036854775807", 86400},
        {"\"3599\"", 3599}, {"3599.0", 3599}, {"3.599e3", 3599}, {"\"3599.0\"", 3599},
        {"\"-1\"", 300},    {"\"\"", 300},    {"1e300", 86400},  {"null", 300}};
    for (size_t i = 0; i < COUNT(LIFETIMES); i++) {
        AUTO_ARENA arena = arena_create();
        const char *body = arena_format(arena, "{\"access_token\":\"a\",\"expires_in\":%s}",
                                        LIFETIMES[i].said);
        const struct http_result result = {
            .phase = HTTP_REPLIED, .status = 200, .body = {body, strlen(body)}};
        struct oauth_tokens tokens;
        const char *reason;
        assert_int_equal(oauth_read_reply(&result, PROVIDER_GMAIL, FORM, arena, &tokens, &reason),
                         OAUTH_GRANTED);
        assert_int_equal(tokens.expires_in, LIFETIMES[i].seconds);
    }
}

static void test_no_whole_reply_is_no_answer(void **state)
{
    (void)state;
    static const char DEAD[] = "{\"error\":\"invalid_grant\"}";
    const struct http_result results[] = {
        {.phase = HTTP_CONNECTING, .message = "host: it was refused on connecting"},
        {.phase = HTTP_NOT_ASKED, .message = "the URL of the server is not one"},
        {.phase = HTTP_WAITING, .message = "host: it took too long before a reply came"},
        {.phase = HTTP_REPLYING, .status = 400, .body = {DEAD, sizeof DEAD - 1}},
        {.phase = HTTP_REPLIED, .status = 400, .is_cut = true, .body = {DEAD, sizeof DEAD - 1}},
    };
    for (size_t i = 0; i < COUNT(results); i++) {
        AUTO_ARENA arena = arena_create();
        struct oauth_tokens tokens;
        const char *reason = NULL;
        assert_int_equal(
            oauth_read_reply(&results[i], PROVIDER_OUTLOOK, FORM, arena, &tokens, &reason),
            OAUTH_LATER);
        assert_non_null(strstr(reason, "Microsoft's sign-in"));
        if (results[i].message)
            assert_non_null(strstr(reason, results[i].message));
    }
}

static void test_what_a_server_says_is_cut_to_fit(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    char lengthy[301] = {0};
    memset(lengthy, 'x', 300);
    memcpy(lengthy + 199, "\xC3\xA9", 2);
    assert_int_equal(strlen(oauth_quote(lengthy, FORM, arena)), 199);
    assert_string_equal(oauth_quote("one\ntwo", FORM, arena), "one");
    assert_null(oauth_quote("", FORM, arena));
    assert_null(oauth_quote(NULL, FORM, arena));
    assert_null(oauth_quote("\x1B[2J", FORM, arena));
    assert_null(oauth_quote("see " SECRET, FORM, arena));
    assert_string_equal(oauth_quote("the refresh_token of the-client", FORM, arena),
                        "the refresh_token of the-client");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_reply_has_its_meaning),
        cmocka_unit_test(test_all_of_a_grant_is_read),
        cmocka_unit_test(test_a_lifetime_has_its_limits),
        cmocka_unit_test(test_no_whole_reply_is_no_answer),
        cmocka_unit_test(test_what_a_server_says_is_cut_to_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
