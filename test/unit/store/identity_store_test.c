#include "store/identity_store.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "case.h"
#include "house.h"

struct making {
    struct house *house;
    unsigned scopes;
    moment expires_at;
    struct token token;
    const char *secret;
};

static bool make_work(struct session *session, void *context, struct error *error)
{
    struct making *making = context;
    making->token = (struct token){
        .scopes = making->scopes,
        .label = "label",
        .created_at = {NOON},
        .expires_at = making->expires_at,
    };
    return identity_store_make_token(session, &making->house->ann, &making->token,
                                     making->house->arena, &making->secret, error);
}

static struct making make(struct house *house, unsigned scopes, int64_t expires_ms)
{
    struct error error = {0};
    struct making making = {.house = house, .scopes = scopes, .expires_at = {expires_ms}};
    assert_true(db_write(house->db, make_work, &making, &error));
    return making;
}

static bool revoke_work(struct session *session, void *context, struct error *error)
{
    return identity_store_revoke_token(session, NULL, context, (moment){NOON + 1}, error);
}

static bool used_work(struct session *session, void *context, struct error *error)
{
    return identity_store_mark_used(session, context, (moment){NOON + 2}, error);
}

static const char *find(struct house *house, const char *secret, int64_t now_ms,
                        struct token *ret_token)
{
    struct error error = {0};
    struct session *session = house_reading(house);
    if (identity_store_find_token(session, secret, (moment){now_ms}, house->arena, ret_token,
                                  &error))
        return NULL;
    assert_int_equal(error.code, ERROR_UNAUTHORIZED);
    return arena_copy(house->arena, error.message);
}

static void test_a_token_opens_until_its_end(void **state)
{
    struct house *house = *state;
    struct token token;
    struct making made = make(house, SCOPE_READ | SCOPE_DRAFT, NOON + 10);
    assert_true(text_starts(made.secret, "ot_") && strlen(made.secret) > 40);
    assert_null(find(house, made.secret, NOON, &token));
    assert_string_equal(token.user_id, house->ann.id);
    assert_string_equal(token.organization_id, house->organization.id);
    assert_int_equal(token.scopes, SCOPE_READ | SCOPE_DRAFT);
    assert_string_not_equal(token.hash, made.secret);
    assert_string_equal(find(house, made.secret, NOON + 10, &token), "the token has expired");
    const char *const strangers[] = {"", "ot_", made.token.hash, made.token.id,
                                     arena_format(house->arena, "%s ", made.secret)};
    for (size_t i = 0; i < COUNT(strangers); i++)
        assert_string_equal(find(house, strangers[i], NOON, &token), "the token is not known here");
}

static void test_what_is_revoked_stays_so(void **state)
{
    struct house *house = *state;
    struct error error = {0};
    struct token token;
    struct making made = make(house, SCOPE_ALL, 0);
    char id[64];
    snprintf(id, sizeof id, "%s", made.token.id);
    assert_true(db_write(house->db, used_work, id, &error));
    assert_null(find(house, made.secret, NOON, &token));
    assert_int_equal(token.last_used_at.ms, NOON + 2);
    assert_true(db_write(house->db, revoke_work, id, &error));
    assert_string_equal(find(house, made.secret, NOON, &token), "the token has been revoked");
    assert_false(db_write(house->db, revoke_work, id, &error));
    assert_int_equal(error.code, ERROR_NOT_FOUND);
}

static bool insert_ann_again(struct session *session, void *context, struct error *error)
{
    struct house *house = context;
    struct user again = house->ann;
    again.id = "again";
    return identity_store_insert_user(session, &again, error);
}

static bool sign_work(struct session *session, void *context, struct error *error)
{
    struct house *house = context;
    struct user signing = house->ann, stranger = house->eve;
    signing.signature_text = "Ann";
    stranger.organization_id = house->organization.id; /* not hers */
    stranger.signature_text = "Eve";
    return identity_store_change_signature(session, &signing, error) &&
           identity_store_change_signature(session, &stranger, error);
}

static void test_users(void **state)
{
    struct house *house = *state;
    struct error error = {0};
    struct user user;
    int64_t count = 0;
    assert_false(db_write(house->db, insert_ann_again, house, &error));
    assert_int_equal(error.code, ERROR_CONFLICT);
    assert_non_null(strstr(error.message, "ann@example.com"));
    assert_true(db_write(house->db, sign_work, house, &error));
    struct session *session = house_reading(house);
    assert_true(identity_store_count_users(session, &count, &error));
    assert_int_equal(count, 3);
    assert_true(
        identity_store_find_user_by_email(session, "ann@example.com", house->arena, &user, &error));
    assert_string_equal(user.signature_text, "Ann");
    struct viewer viewer = house_viewer(&house->eve);
    assert_true(identity_store_find_user(session, &viewer, house->arena, &user, &error));
    assert_null(user.signature_text);
    viewer.organization_id = house->organization.id;
    assert_false(identity_store_find_user(session, &viewer, house->arena, &user, &error));
    assert_int_equal(error.code, ERROR_NOT_FOUND);
    assert_false(
        identity_store_find_user_by_email(session, "no@example.com", house->arena, &user, &error));
}

static void test_the_list_of_tokens(void **state)
{
    struct house *house = *state;
    struct error error = {0};
    struct list tokens;
    for (int i = 0; i < 3; i++)
        make(house, SCOPE_READ, 0);
    struct session *session = house_reading(house);
    assert_true(identity_store_list_tokens(session, 2, house->arena, &tokens, &error));
    assert_int_equal(tokens.count, 2);
    assert_true(identity_store_list_tokens(session, 9, house->arena, &tokens, &error));
    assert_int_equal(tokens.count, 3);
}

#define IN_A_HOUSE(test) cmocka_unit_test_setup_teardown(test, house_start, house_stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_HOUSE(test_a_token_opens_until_its_end),
        IN_A_HOUSE(test_what_is_revoked_stays_so),
        IN_A_HOUSE(test_users),
        IN_A_HOUSE(test_the_list_of_tokens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
