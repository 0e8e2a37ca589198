/* key.c - outtray key rotate: a new key file, and all secrets sealed anew, while outtrayd runs.
 *
 * The new key takes the place of the former one first, which keeps a name of its own; only then is
 * anything sealed with it. So whatever is interrupted, both are in files, and a key file is tried
 * after the other (base/secret.h). */
#include "base/fault.h"
#include "cli/print.h"
#include "store/sealed_store.h"
#include "store/trail.h"

/* A server that has read the key just before it changed may still seal with the former one: what
 * it has stored until the second pass is found in there. */
enum { PASSES_MOST = 10 };

struct key_rotated {
    const char *former_key;
    int64_t sealed_anew, unopened;
};
static const struct field KEY_FIELDS[] = {
    FIELD(struct key_rotated, former_key, .use = SHOWN),
    FIELD(struct key_rotated, sealed_anew, .use = SHOWN),
    FIELD(struct key_rotated, unopened, .use = SHOWN),
    {0},
};
static const struct schema KEY_ROTATED = SCHEMA(struct key_rotated, KEY_FIELDS);

static bool key_pass(struct cli *cli, const struct secret_key *key, struct sealed_walk *ret_walk,
                     struct error *error)
{
    struct sealed_step step = {.key = key};
    while (!step.walk.is_over) {
        if (!db_write(cli->db, sealed_store_renew, &step, error))
            return false;
        FAULT(SEALED_ANEW);
    }
    *ret_walk = step.walk;
    return true;
}

static bool key_seal_anew(struct cli *cli, const struct secret_key *key,
                          struct key_rotated *rotated, struct error *error)
{
    struct sealed_walk walk = {.former = 1};
    for (int pass = 0; pass < PASSES_MOST && walk.former; pass++) {
        if (!key_pass(cli, key, &walk, error))
            return false;
        rotated->sealed_anew += walk.former;
        rotated->unopened = walk.unopened;
    }
    return true;
}

static bool key_note(struct session *session, void *context, struct error *error)
{
    return trail_note(session, context, error);
}

static bool key_replace(struct cli *cli, struct secret_renewal *renewal,
                        struct key_rotated *rotated, struct error *error)
{
    struct administration act = cli_act(ACT_KEY_ROTATED, NULL, NULL);
    return db_write(cli->db, key_note, &act, error) &&
           secret_key_renew(cli->paths.key, cli->arena, renewal, &rotated->former_key, error);
}

bool key_rotate(struct cli *cli, void *options, struct error *error)
{
    struct secret_key key;
    struct secret_renewal renewal;
    struct key_rotated rotated = {0};
    (void)options;
    if (!secret_key_open(cli->paths.key, &key, error) ||
        !key_replace(cli, &renewal, &rotated, error))
        return false;
    bool is_done = key_seal_anew(cli, &key, &rotated, error);
    secret_key_renewed(&renewal);
    if (!is_done)
        return false;
    if (cli->json) {
        print_object(cli, &KEY_ROTATED, &rotated);
        return true;
    }
    printf("The key is a new one, and %lld secrets are sealed with it. The former key is %s:\n"
           "keep it as long as there are backups from before (outtray restore --key).\n",
           (long long)rotated.sealed_anew, rotated.former_key);
    if (rotated.unopened)
        printf("%lld secrets open with no key that is here; outtray doctor says more.\n",
               (long long)rotated.unopened);
    return true;
}
