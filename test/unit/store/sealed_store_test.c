/* sealed_store_test.c - every column that is sealed is found and sealed anew, and only once. */
#include "store/sealed_store.h"

#include <unistd.h>

#include "base/id.h"
#include "case.h"
#include "house.h"
#include "store/webhook_store.h"

enum { MAILBOXES = 90, SECRETS = 3 * MAILBOXES + 2 };

struct filling {
    struct house *house;
    const struct secret_key *key;
};

static bool fill(struct session *session, void *context, struct error *error)
{
    struct filling *filling = context;
    struct arena *arena = filling->house->arena;
    for (int i = 0; i < MAILBOXES; i++) {
        const char *address = arena_format(arena, "m%d@example.net", i);
        struct account account = filling->house->account;
        account.id = id_new(arena);
        account.email_address = address;
        account.is_default = false;
        account.sealed_password = secret_seal(filling->key, "password", account.id, arena);
        account.sealed_imap_password = secret_seal(filling->key, "imap", account.id, arena);
        account.sealed_refresh_token = secret_seal(filling->key, "token", account.id, arena);
        if (!account_store_insert(session, &account, error))
            return false;
    }
    struct webhook webhook = {
        .id = id_new(arena),
        .organization_id = filling->house->organization.id,
        .user_id = filling->house->ann.id,
        .url = "https://example.com/",
        .is_active = true,
        .version = 1,
        .created_at = {NOON},
        .updated_at = {NOON},
    };
    webhook.sealed_secret = secret_seal(filling->key, "secret", webhook.id, arena);
    webhook.sealed_former_secret = secret_seal(filling->key, "former", webhook.id, arena);
    return webhook_store_insert(session, &webhook, error);
}

static struct sealed_walk count(struct house *house, const struct secret_key *key)
{
    struct sealed_walk walk = {0};
    struct error error;
    while (!walk.is_over)
        if (!sealed_store_count(house_reading(house), key, &walk, &error))
            fail_msg("%s", error.message);
    return walk;
}

static void all_of_it_is_sealed_anew(void **state)
{
    struct house *house = *state;
    const char *path = arena_format(house->arena, "%s/secret.key", house->folder);
    struct secret_key key, stranger = {.bytes = {7}};
    struct secret_renewal renewal;
    struct error error;
    const char *former;
    assert_true(secret_key_open(path, &key, &error));
    struct filling filling = {house, &key};
    if (!db_write(house->db, fill, &filling, &error))
        fail_msg("%s", error.message);
    assert_int_equal(count(house, &key).current, SECRETS);
    assert_int_equal(count(house, &stranger).unopened, SECRETS);
    assert_true(secret_key_renew(path, house->arena, &renewal, &former, &error));
    assert_int_equal(count(house, &key).former, SECRETS);
    struct sealed_step step = {.key = &key};
    assert_true(db_write(house->db, sealed_store_renew, &step, &error)); /* and is interrupted */
    assert_false(step.walk.is_over);
    assert_int_equal(step.walk.former, SEALED_AT_ONCE);
    assert_int_equal(count(house, &key).current, SEALED_AT_ONCE);
    assert_int_equal(count(house, &key).former, SECRETS - SEALED_AT_ONCE);
    step.walk = (struct sealed_walk){0};
    while (!step.walk.is_over)
        assert_true(db_write(house->db, sealed_store_renew, &step, &error));
    assert_int_equal(step.walk.current, SEALED_AT_ONCE);
    assert_int_equal(step.walk.former, SECRETS - SEALED_AT_ONCE);
    const struct sealed_walk walk = count(house, &key);
    assert_int_equal(walk.current, SECRETS);
    assert_int_equal(walk.former | walk.unopened, 0);
    secret_key_renewed(&renewal);
    unlink(former);
    unlink(path);
}

int main(void)
{
    secret_start();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(all_of_it_is_sealed_anew, house_start, house_stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
