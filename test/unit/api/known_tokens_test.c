#include "case.h"

#include <pthread.h>
#include <string.h>

#include "api/known_tokens.h"
#include "base/clock.h"
#include "base/secret.h"

static struct token token_of(const char *secret, struct arena *arena)
{
    return (struct token){
        .id = "01890000-0000-7000-8000-000000000001",
        .organization_id = "01890000-0000-7000-8000-000000000002",
        .user_id = "01890000-0000-7000-8000-000000000003",
        .hash = secret_sha256(secret, strlen(secret), arena),
        .scopes = SCOPE_READ | SCOPE_WRITE,
        .expires_at = {5},
        .last_used_at = {6},
    };
}

static void what_was_put_is_found(void **state)
{
    AUTO_ARENA arena = arena_create();
    struct known_tokens *known = known_tokens_create();
    struct token put = token_of("a", arena), other = token_of("b", arena), found = {0};
    (void)state;
    assert_false(known_tokens_find(known, put.hash, arena, &found));
    known_tokens_put(known, &put);
    assert_true(known_tokens_find(known, put.hash, arena, &found));
    assert_string_equal(found.id, put.id);
    assert_string_equal(found.organization_id, put.organization_id);
    assert_string_equal(found.user_id, put.user_id);
    assert_int_equal(found.scopes, put.scopes);
    assert_int_equal(found.expires_at.ms, 5);
    assert_int_equal(found.last_used_at.ms, 6);
    assert_false(known_tokens_find(known, other.hash, arena, &found));
    known_tokens_destroy(known);
}

/* Whoever revokes a token waits that long before he says so: nothing older may be believed. */
static void it_is_forgotten_in_time(void **state)
{
    AUTO_ARENA arena = arena_create();
    struct known_tokens *known = known_tokens_create();
    struct token put = token_of("a", arena), found;
    (void)state;
    int64_t begun_ms = clock_steady_ms();
    known_tokens_put(known, &put);
    while (known_tokens_find(known, put.hash, arena, &found))
        assert_true(clock_steady_ms() - begun_ms < 2 * IDENTITY_REVOKED_AFTER_MS);
    assert_true(clock_steady_ms() - begun_ms >= IDENTITY_REVOKED_AFTER_MS);
    known_tokens_destroy(known);
}

/* More tokens than places: each is itself or unknown, never another. */
static void none_is_taken_for_another(void **state)
{
    AUTO_ARENA arena = arena_create();
    struct known_tokens *known = known_tokens_create();
    struct token found;
    (void)state;
    for (int i = 0; i < 3000; i++) {
        struct token put = token_of(arena_format(arena, "%d", i), arena);
        put.id = arena_format(arena, "%036d", i);
        known_tokens_put(known, &put);
    }
    for (int i = 0; i < 3000; i++) {
        struct token put = token_of(arena_format(arena, "%d", i), arena);
        if (known_tokens_find(known, put.hash, arena, &found))
            assert_string_equal(found.id, arena_format(arena, "%036d", i));
    }
    known_tokens_destroy(known);
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(what_was_put_is_found),
        cmocka_unit_test(it_is_forgotten_in_time),
        cmocka_unit_test(none_is_taken_for_another),
    };
    secret_start();
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
