#include "store/sign_in_store.h"

#include "base/text.h"
#include "case.h"
#include "house.h"

enum { LASTS = SIGN_IN_LASTS_MS };

static struct sign_in sign_in_of(const struct house *house, const char *hash, int64_t at_ms)
{
    return (struct sign_in){
        .state_hash = hash,
        .organization_id = house->organization.id,
        .user_id = house->ann.id,
        .provider = PROVIDER_OUTLOOK,
        .sealed_verifier = "sealed",
        .redirect_url = "https://o.example/back",
        .created_at = {at_ms},
    };
}

static bool insert_work(struct session *session, void *context, struct error *error)
{
    return sign_in_store_insert(session, context, error);
}

static bool use_up_work(struct session *session, void *context, struct error *error)
{
    return sign_in_store_use_up(session, context, error);
}

static void insert(struct house *house, struct sign_in sign_in)
{
    struct error error;
    if (!db_write(house->db, insert_work, &sign_in, &error))
        fail_msg("%s", error.message);
}

static bool is_there(struct house *house, const char *hash, int64_t now_ms,
                     struct sign_in *ret_sign_in)
{
    struct error error = {0};
    bool found = sign_in_store_find(house_reading(house), hash, (moment){now_ms}, house->arena,
                                    ret_sign_in, &error);
    assert_int_equal(error.code, found ? ERROR_NONE : ERROR_NOT_FOUND);
    return found;
}

static void test_all_of_it_is_found(void **state)
{
    struct house *house = *state;
    struct sign_in found;
    insert(house, sign_in_of(house, "h", NOON));
    assert_true(is_there(house, "h", NOON, &found));
    assert_string_equal(found.user_id, house->ann.id);
    assert_string_equal(found.organization_id, house->organization.id);
    assert_string_equal(found.sealed_verifier, "sealed");
    assert_string_equal(found.redirect_url, "https://o.example/back");
    assert_int_equal(found.provider, PROVIDER_OUTLOOK);
    assert_false(is_there(house, "H", NOON, &found));
    assert_false(is_there(house, "", NOON, &found));
}

static void test_it_is_over_in_ten_minutes(void **state)
{
    struct house *house = *state;
    struct sign_in found;
    insert(house, sign_in_of(house, "h", NOON));
    assert_true(is_there(house, "h", NOON + LASTS - 1, &found));
    assert_false(is_there(house, "h", NOON + LASTS, &found));
}

static void test_it_is_used_once(void **state)
{
    struct house *house = *state;
    struct error error = {0};
    struct sign_in found;
    insert(house, sign_in_of(house, "h", NOON));
    insert(house, sign_in_of(house, "other", NOON));
    assert_true(db_write(house->db, use_up_work, (void *)(uintptr_t) "h", &error));
    assert_false(db_write(house->db, use_up_work, (void *)(uintptr_t) "h", &error));
    assert_int_equal(error.code, ERROR_NOT_FOUND);
    assert_false(is_there(house, "h", NOON, &found));
    assert_true(is_there(house, "other", NOON, &found));
}

static void test_the_old_ones_go_and_the_oldest_of_many(void **state)
{
    struct house *house = *state;
    struct sign_in found, of_bob = sign_in_of(house, "bob", NOON);
    of_bob.user_id = house->bob.id;
    insert(house, of_bob);
    for (int64_t i = 0; i < 33; i++)
        insert(house,
               sign_in_of(house, arena_format(house->arena, "h%lld", (long long)i), NOON + 1 + i));
    assert_false(is_there(house, "h0", NOON + 1, &found));
    assert_true(is_there(house, "h1", NOON + 1, &found));
    assert_true(is_there(house, "bob", NOON + 1, &found)); /* who has one alone */
    insert(house, sign_in_of(house, "late", NOON + LASTS));
    assert_false(is_there(house, "bob", NOON, &found)); /* not only over: gone */
}

struct parking { /* one call, as work */
    enum { PARK, CLAIM, RELEASE, KEEP, FINISH } call;
    const char *hash; /* of the completion */
    int64_t at_ms;
    const struct sign_in *sign_in;
    enum error_code code; /* what it answers with */
};

static bool parking_work(struct session *session, void *context, struct error *error)
{
    const struct parking *parking = context;
    switch (parking->call) {
    case PARK: return sign_in_store_park(session, parking->sign_in, error);
    case CLAIM: return sign_in_store_claim(session, parking->hash, (moment){parking->at_ms}, error);
    case RELEASE: return sign_in_store_release(session, parking->hash, error);
    case KEEP: return sign_in_store_keep(session, parking->hash, "token", error);
    case FINISH: return sign_in_store_finish(session, parking->hash, error);
    }
    return false;
}

static void test_it_is_parked_and_completed_once(void **state)
{
    struct house *house = *state;
    struct sign_in sign_in = sign_in_of(house, "h", NOON), found;
    struct error error = {0};
    insert(house, sign_in);
    sign_in.completion_hash = "c";
    sign_in.sealed_code = "code";
    sign_in.parked_at = (moment){NOON + 5};
    enum { CLAIM_MS = 2 * 60 * 1000 };
    const struct parking calls[] = {
        {PARK, .sign_in = &sign_in},
        {PARK, .sign_in = &sign_in, .code = ERROR_NOT_FOUND},
        {CLAIM, "other", NOON + 5, .code = ERROR_CONFLICT},
        {CLAIM, "c", NOON + 5},
        {CLAIM, "c", NOON + 6, .code = ERROR_CONFLICT},
        {RELEASE, "c"},
        {CLAIM, "c", NOON + 7},
        {CLAIM, "c", NOON + 6 + CLAIM_MS, .code = ERROR_CONFLICT},
        {CLAIM, "c", NOON + 7 + CLAIM_MS},
        {KEEP, "c"},
    };
    for (size_t i = 0; i < COUNT(calls); i++) {
        error = (struct error){0};
        db_write(house->db, parking_work, (void *)&calls[i], &error);
        if (error.code != calls[i].code)
            fail_msg("call %zu: %s", i, error.message);
    }
    assert_false(is_there(house, "h", NOON, &found)); /* it does not come back again */
    const struct {
        const char *hash, *user_id;
        int64_t at_ms;
        bool is_found;
    } rows[] = {
        {"c", NULL, NOON + 5, true},
        {"c", house->ann.id, NOON + 4 + LASTS, true},
        {"c", house->ann.id, NOON + 5 + LASTS, false},
        {"c", house->bob.id, NOON + 5, false},
        {"h", house->ann.id, NOON + 5, false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        error = (struct error){0};
        assert_int_equal(sign_in_store_find_parked(house_reading(house), rows[i].hash,
                                                   rows[i].user_id, (moment){rows[i].at_ms},
                                                   house->arena, &found, &error),
                         rows[i].is_found);
        assert_int_equal(error.code, rows[i].is_found ? ERROR_NONE : ERROR_NOT_FOUND);
    }
    assert_null(found.sealed_code);
    assert_string_equal(found.sealed_refresh_token, "token");
    const struct parking ends[] = {{FINISH, "c"}, {FINISH, "c", .code = ERROR_NOT_FOUND}};
    for (size_t i = 0; i < COUNT(ends); i++) {
        error = (struct error){0};
        db_write(house->db, parking_work, (void *)&ends[i], &error);
        assert_int_equal(error.code, ends[i].code);
    }
}

#define IN_A_HOUSE(test) cmocka_unit_test_setup_teardown(test, house_start, house_stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_HOUSE(test_all_of_it_is_found),
        IN_A_HOUSE(test_it_is_over_in_ten_minutes),
        IN_A_HOUSE(test_it_is_used_once),
        IN_A_HOUSE(test_it_is_parked_and_completed_once),
        IN_A_HOUSE(test_the_old_ones_go_and_the_oldest_of_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
