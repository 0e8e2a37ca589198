#include "model/identity.h"

#include "base/arena.h"
#include "base/text.h"
#include "case.h"

static void test_when_a_token_holds(void **state)
{
    static const struct {
        moment expires_at, revoked_at;
        int64_t now_ms;
        const char *fault;
    } ROWS[] = {
        {{0}, {0}, 1000, NULL},
        {{1001}, {0}, 1000, NULL},
        {{1000}, {0}, 1000, "the token has expired"},
        {{999}, {0}, 1000, "the token has expired"},
        {{0}, {1}, 1000, "the token has been revoked"},
        {{0}, {5000}, 1000, "the token has been revoked"},
        {{500}, {400}, 1000, "the token has been revoked"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct token token = {.expires_at = ROWS[i].expires_at, .revoked_at = ROWS[i].revoked_at};
        const char *fault = token_fault(&token, (moment){ROWS[i].now_ms});
        assert_true(text_equal(fault, ROWS[i].fault));
    }
}

static void test_scopes_have_names(void **state)
{
    static const struct {
        const char *name;
        unsigned scope;
    } ROWS[] = {
        {"inbox:read", SCOPE_READ},
        {"inbox:write", SCOPE_WRITE},
        {"inbox:draft", SCOPE_DRAFT},
        {"inbox:approve", SCOPE_APPROVE},
        {"admin", SCOPE_ADMIN},
        {"inbox:all", SCOPE_ORGANIZATION},
        {"", 0},
        {"inbox", 0},
        {"INBOX:READ", 0},
        {"inbox:read ", 0},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++)
        assert_int_equal(scope_read(ROWS[i].name), ROWS[i].scope);
}

static void test_names_of_scopes(void **state)
{
    static const struct {
        unsigned scopes;
        const char *names;
    } ROWS[] = {
        {SCOPE_NONE, ""},
        {SCOPE_DRAFT, "inbox:draft"},
        {SCOPE_ADMIN | SCOPE_READ, "inbox:read admin"},
        {SCOPE_ALL, "inbox:read inbox:write inbox:draft inbox:approve admin inbox:all"},
        {1U << 20, ""},
    };
    (void)state;
    AUTO_ARENA arena = arena_create();
    for (size_t i = 0; i < COUNT(ROWS); i++)
        assert_string_equal(scope_names(ROWS[i].scopes, arena), ROWS[i].names);
}

static void test_how_often_a_token_may_call(void **state)
{
    static const struct {
        struct token token;
        int64_t setting, per_minute;
    } ROWS[] = {
        {{.scopes = SCOPE_READ}, 6000, 6000},
        {{.scopes = SCOPE_READ}, 0, 0},
        {{.scopes = SCOPE_READ, .requests_per_minute = 7}, 6000, 7},
        {{.scopes = SCOPE_READ, .requests_per_minute = 7}, 0, 7},
        {{.scopes = SCOPE_ALL}, 6000, TOKEN_REQUESTS_PER_MINUTE_MOST},
        {{.scopes = SCOPE_ALL}, 0, 0},
        {{.scopes = SCOPE_ALL, .requests_per_minute = 7}, 6000, 7},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++)
        assert_int_equal(token_requests_per_minute(&ROWS[i].token, ROWS[i].setting),
                         ROWS[i].per_minute);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_when_a_token_holds),
        cmocka_unit_test(test_scopes_have_names),
        cmocka_unit_test(test_names_of_scopes),
        cmocka_unit_test(test_how_often_a_token_may_call),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
