/* Access tokens for many threads: one refresh, durable before it is believed.
 * covers: src/grant/renewal.c */
#include "grant/grant.h"

#include <pthread.h>
#include <semaphore.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "case.h"
#include "house.h"
#include "token_server.h"

struct scene { /* one mailbox, and a sign-in that answers as it is told */
    struct house *house;
    struct arena *arena;
    struct secret_key key;
    struct provider_settings settings;
    struct account account;
    struct grants *grants;
    struct token_server *server;
    const struct token_answer *answers; /* in turn; the last one for all that come then */
    unsigned count;
    char forms[8][256];                                 /* what was asked */
    void (*meanwhile)(struct scene *, unsigned number); /* during each request; or NULL */
};

static struct token_answer answer(void *context, unsigned number, const char *form)
{
    struct scene *scene = context;
    if (number < COUNT(scene->forms))
        snprintf(scene->forms[number], sizeof scene->forms[number], "%s", form);
    if (scene->meanwhile)
        scene->meanwhile(scene, number);
    return scene->answers[number < scene->count ? number : scene->count - 1];
}

static bool change_work(struct session *session, void *context, struct error *error)
{
    return account_store_change(session, context, error);
}

/* As a sign-in keeps it, or as nobody has signed in (NULL). */
static void sign_in(struct scene *scene, struct account *account, const char *refresh_token)
{
    AUTO_ARENA arena = arena_create();
    struct error error;
    struct account changed = *account;
    changed.needs_sign_in = false;
    changed.sealed_refresh_token = refresh_token
                                       ? secret_seal(&scene->key, refresh_token, account->id, arena)
                                       : NULL;
    if (!db_write(scene->house->db, change_work, &changed, &error))
        fail_msg("%s", error.message);
}

static struct scene scene_start(struct house *house, const struct token_answer *answers,
                                unsigned count)
{
    return (struct scene){
        .house = house, .arena = arena_create(), .answers = answers, .count = count};
}

/* The scene must stay where it is from here on. */
static void scene_open(struct scene *scene, enum provider_kind kind)
{
    int port;
    secret_random_bytes(scene->key.bytes, sizeof scene->key.bytes);
    scene->server = token_server_start(answer, scene, &port);
    const char *url = arena_format(scene->arena, "http://127.0.0.1:%d/token", port);
    scene->settings = (struct provider_settings){
        .google = {"http://127.0.0.1:1/", url, "id", "secret"},
        .microsoft = {"http://127.0.0.1:1/", url, "id", "secret"},
        .web_timeout_ms = 20000,
    };
    scene->account = house_account(scene->house, &scene->house->ann, "ann@gmail.example", kind);
    sign_in(scene, &scene->account, "r1");
    scene->grants = grants_create(&scene->settings, &scene->key, scene->house->db);
}

static void scene_close(struct scene *scene)
{
    grants_destroy(scene->grants);
    token_server_finish(scene->server);
    arena_destroy(scene->arena);
}

static struct account look(struct scene *scene)
{
    struct error error;
    struct account account;
    AUTO_READING session = db_read(scene->house->db);
    assert_true(account_store_find_any(session, scene->account.id, scene->arena, &account, &error));
    return account;
}

static const char *refresh_token_of(struct scene *scene)
{
    struct error error;
    struct account account = look(scene);
    char *text;
    assert_true(secret_open(&scene->key, account.sealed_refresh_token, account.id, scene->arena,
                            &text, &error));
    return text;
}

/* The token, or NULL and the answer. */
static const char *ask(struct scene *scene, const char *refused, enum grant_answer *ret_answer)
{
    const char *token = NULL, *reason = NULL;
    *ret_answer = grants_token(scene->grants, &scene->account, refused, scene->arena, &token,
                               &reason);
    assert_true((*ret_answer == GRANT_GIVEN) == (token != NULL));
    assert_true((*ret_answer == GRANT_GIVEN) == text_is_empty(reason));
    return token;
}

static void assert_given(struct scene *scene, const char *refused, const char *token,
                         unsigned requests)
{
    enum grant_answer how;
    const char *given = ask(scene, refused, &how);
    assert_int_equal(how, GRANT_GIVEN);
    assert_string_equal(given, token);
    assert_int_equal(token_server_count(scene->server), requests);
}

static void assert_answer(struct scene *scene, enum grant_answer wanted, unsigned requests)
{
    enum grant_answer how;
    ask(scene, NULL, &how);
    assert_int_equal(how, wanted);
    assert_int_equal(token_server_count(scene->server), requests);
}

static void assert_asked_with(const struct scene *scene, unsigned number, const char *token)
{
    const char *wanted = arena_format(scene->arena, "&refresh_token=%s&", token);
    if (!strstr(scene->forms[number], wanted))
        fail_msg("%s", scene->forms[number]);
}

/* The database refuses from now on what changes this column, as a full disk would. */
static void run_sql(const struct scene *scene, const char *text)
{
    sqlite3 *handle;
    const char *path = arena_format(scene->arena, "%s/outtray.db", scene->house->folder);
    assert_int_equal(sqlite3_open(path, &handle), SQLITE_OK);
    sqlite3_busy_timeout(handle, 20000);
    assert_int_equal(sqlite3_exec(handle, text, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(handle);
}

static void refuse_writes(const struct scene *scene, const char *column)
{
    run_sql(scene, arena_format(scene->arena,
                                "CREATE TRIGGER refusal BEFORE UPDATE OF %s ON accounts "
                                "BEGIN SELECT RAISE(FAIL, 'no'); END",
                                column));
}

static void allow_writes(const struct scene *scene)
{
    run_sql(scene, "DROP TRIGGER refusal");
}

#define GIVEN(token) \
    { \
        200, "{\"access_token\":\"" token "\",\"expires_in\":3600}" \
    }
#define ROTATED(token, refresh) \
    { \
        200, "{\"access_token\":\"" token "\",\"refresh_token\":\"" refresh \
             "\",\"expires_in\":3600}" \
    }
#define DEAD \
    { \
        400, "{\"error\":\"invalid_grant\",\"error_description\":\"It is over.\"}" \
    }
#define BUSY \
    { \
        503, "busy" \
    }

static void test_a_token_is_kept_until_it_is_refused(void **state)
{
    static const struct token_answer ANSWERS[] = {GIVEN("a1"), GIVEN("a2")};
    struct scene scene = scene_start(*state, ANSWERS, COUNT(ANSWERS));
    scene_open(&scene, PROVIDER_GMAIL);
    assert_given(&scene, NULL, "a1", 1);
    assert_given(&scene, NULL, "a1", 1);
    assert_given(&scene, "another", "a1", 1);
    assert_given(&scene, "a1", "a2", 2);
    assert_given(&scene, "a1", "a2", 2);
    assert_asked_with(&scene, 1, "r1");
    scene_close(&scene);
}

/* What was refused is not handed out again because there is nothing better. */
static void test_a_refused_token_is_gone(void **state)
{
    static const struct token_answer ANSWERS[] = {GIVEN("a1"), BUSY, GIVEN("a2")};
    struct scene scene = scene_start(*state, ANSWERS, COUNT(ANSWERS));
    scene_open(&scene, PROVIDER_GMAIL);
    enum grant_answer how;
    assert_given(&scene, NULL, "a1", 1);
    ask(&scene, "a1", &how);
    assert_int_equal(how, GRANT_LATER);
    assert_given(&scene, NULL, "a2", 3);
    scene_close(&scene);
}

static void test_a_short_life_is_used_for_its_first_half(void **state)
{
    static const struct token_answer ANSWERS[] = {
        {200, "{\"access_token\":\"a1\",\"expires_in\":1}"}, GIVEN("a2")};
    struct scene scene = scene_start(*state, ANSWERS, COUNT(ANSWERS));
    scene_open(&scene, PROVIDER_GMAIL);
    enum grant_answer how;
    assert_given(&scene, NULL, "a1", 1);
    while (text_equal(ask(&scene, NULL, &how), "a1"))
        clock_sleep_ms(10);
    assert_given(&scene, NULL, "a2", 2);
    scene_close(&scene);
}

enum { CROWD = 100 };
struct crowd {
    struct scene *scene;
    pthread_barrier_t start;
    const char *refused;
    enum grant_answer wanted;
    atomic_uint right;
};

static void *run_one(void *argument)
{
    struct crowd *crowd = argument;
    AUTO_ARENA arena = arena_create();
    const char *token = NULL, *reason = NULL;
    pthread_barrier_wait(&crowd->start);
    enum grant_answer how = grants_token(crowd->scene->grants, &crowd->scene->account,
                                         crowd->refused, arena, &token, &reason);
    if (how == crowd->wanted && (how == GRANT_GIVEN ? text_equal(token, "a2") : reason != NULL))
        atomic_fetch_add(&crowd->right, 1);
    return NULL;
}

static void run_crowd(struct scene *scene, const char *refused, enum grant_answer wanted)
{
    struct crowd crowd = {.scene = scene, .refused = refused, .wanted = wanted};
    pthread_t threads[CROWD];
    pthread_barrier_init(&crowd.start, NULL, CROWD);
    for (size_t i = 0; i < CROWD; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, run_one, &crowd), 0);
    for (size_t i = 0; i < CROWD; i++)
        pthread_join(threads[i], NULL);
    pthread_barrier_destroy(&crowd.start);
    assert_int_equal(atomic_load(&crowd.right), CROWD);
}

static void test_a_hundred_threads_make_one_refresh(void **state)
{
    static const struct token_answer ANSWERS[] = {ROTATED("a1", "r2"), ROTATED("a2", "r3")};
    struct scene scene = scene_start(*state, ANSWERS, COUNT(ANSWERS));
    scene_open(&scene, PROVIDER_OUTLOOK);
    assert_given(&scene, NULL, "a1", 1);
    run_crowd(&scene, "a1", GRANT_GIVEN);
    assert_int_equal(token_server_count(scene.server), 2);
    assert_asked_with(&scene, 1, "r2");
    assert_string_equal(refresh_token_of(&scene), "r3");
    scene_close(&scene);
}

static void test_a_hundred_threads_learn_of_one_death(void **state)
{
    static const struct token_answer ANSWERS[] = {DEAD};
    struct scene scene = scene_start(*state, ANSWERS, COUNT(ANSWERS));
    scene_open(&scene, PROVIDER_GMAIL);
    run_crowd(&scene, NULL, GRANT_DEAD);
    assert_int_equal(token_server_count(scene.server), 1);
    scene_close(&scene);
}

static void test_a_rotated_token_is_durable_before_its_access_token_is_used(void **state)
{
    static const struct token_answer ANSWERS[] = {ROTATED("a1", "r2"), GIVEN("a2")};
    struct scene scene = scene_start(*state, ANSWERS, COUNT(ANSWERS));
    scene_open(&scene, PROVIDER_OUTLOOK);
    refuse_writes(&scene, "sealed_refresh_token");
    assert_answer(&scene, GRANT_LATER, 1);
    assert_string_equal(refresh_token_of(&scene), "r1");
    assert_answer(&scene, GRANT_LATER, 1); /* the new one is kept: nobody is asked again */
    allow_writes(&scene);
    assert_given(&scene, NULL, "a1", 1);
    assert_string_equal(refresh_token_of(&scene), "r2");
    assert_given(&scene, "a1", "a2", 2);
    assert_asked_with(&scene, 1, "r2");
    scene_close(&scene);
}

static void test_whoever_signs_in_wins_over_what_could_not_be_stored(void **state)
{
    static const struct token_answer ANSWERS[] = {ROTATED("a1", "r2"), GIVEN("a2")};
    struct scene scene = scene_start(*state, ANSWERS, COUNT(ANSWERS));
    scene_open(&scene, PROVIDER_OUTLOOK);
    refuse_writes(&scene, "sealed_refresh_token");
    assert_answer(&scene, GRANT_LATER, 1);
    allow_writes(&scene);
    sign_in(&scene, &scene.account, "new"); /* in another process, so nothing is forgotten here */
    assert_given(&scene, NULL, "a2", 2);
    assert_asked_with(&scene, 1, "new");
    assert_string_equal(refresh_token_of(&scene), "new");
    scene_close(&scene);
}

static void sign_in_once(struct scene *scene, unsigned number)
{
    if (number == 0)
        sign_in(scene, &scene->account, "new");
}

static void test_whoever_signs_in_meanwhile_wins(void **state)
{
    static const struct token_answer ROWS[][2] = {
        {ROTATED("a1", "r2"), GIVEN("a2")},
        {DEAD, GIVEN("a2")},
    };
    struct scene scene = scene_start(*state, ROWS[0], 2);
    scene.meanwhile = sign_in_once;
    scene_open(&scene, PROVIDER_OUTLOOK);
    assert_given(&scene, NULL, "a2", 2);
    assert_asked_with(&scene, 0, "r1");
    assert_asked_with(&scene, 1, "new");
    assert_string_equal(refresh_token_of(&scene), "new");
    scene_close(&scene);

    scene = scene_start(*state, ROWS[1], 2);
    scene.meanwhile = sign_in_once;
    scene_open(&scene, PROVIDER_GMAIL);
    assert_given(&scene, NULL, "a2", 2);
    assert_false(look(&scene).needs_sign_in);
    scene_close(&scene);
}

static void seal_anew_once(struct scene *scene, unsigned number)
{
    if (number == 0)
        sign_in(scene, &scene->account, "r1"); /* the same token, in other words */
}

/* outtray key rotate does so: it is no new sign-in, and what the provider has said holds. */
static void test_what_is_sealed_anew_meanwhile_is_the_same_grant(void **state)
{
    static const struct token_answer ROWS[][2] = {
        {ROTATED("a1", "r2"), GIVEN("a2")},
        {DEAD, GIVEN("a2")},
    };
    struct scene scene = scene_start(*state, ROWS[0], 2);
    scene.meanwhile = seal_anew_once;
    scene_open(&scene, PROVIDER_OUTLOOK);
    assert_given(&scene, NULL, "a1", 1);
    assert_string_equal(refresh_token_of(&scene), "r2");
    scene_close(&scene);

    scene = scene_start(*state, ROWS[1], 2);
    scene.meanwhile = seal_anew_once;
    scene_open(&scene, PROVIDER_GMAIL);
    assert_answer(&scene, GRANT_DEAD, 1);
    assert_true(look(&scene).needs_sign_in);
    scene_close(&scene);
}

static void test_a_dead_grant_is_written_down_and_asked_about_no_more(void **state)
{
    static const struct token_answer ANSWERS[] = {DEAD, GIVEN("a1")};
    struct scene scene = scene_start(*state, ANSWERS, COUNT(ANSWERS));
    scene_open(&scene, PROVIDER_GMAIL);
    assert_answer(&scene, GRANT_DEAD, 1);
    struct account account = look(&scene);
    assert_true(account.needs_sign_in);
    assert_string_equal(account.pause_reason,
                        "Google's sign-in answered invalid_grant (It is over.)");
    assert_answer(&scene, GRANT_DEAD, 1);
    sign_in(&scene, &scene.account, "new");
    assert_given(&scene, NULL, "a1", 2);
    scene_close(&scene);
}

static void test_a_death_that_cannot_be_stored_is_no_death_yet(void **state)
{
    static const struct token_answer ANSWERS[] = {DEAD};
    struct scene scene = scene_start(*state, ANSWERS, COUNT(ANSWERS));
    scene_open(&scene, PROVIDER_GMAIL);
    refuse_writes(&scene, "needs_sign_in");
    assert_answer(&scene, GRANT_LATER, 1);
    assert_answer(&scene, GRANT_LATER, 1); /* and the provider is not asked again */
    allow_writes(&scene);
    assert_answer(&scene, GRANT_DEAD, 1);
    assert_true(look(&scene).needs_sign_in);
    scene_close(&scene);
}

static enum grant_answer refuse(struct scene *scene, const char *refused)
{
    const char *reason = NULL;
    enum grant_answer how = grants_refuse(scene->grants, &scene->account, refused, "401",
                                          scene->arena, &reason);
    assert_false(text_is_empty(reason));
    return how;
}

/* Also of a refresh token that was rotated; and whoever comes second learns the same. */
static void test_a_grant_whose_new_tokens_are_refused_is_dead(void **state)
{
    static const struct token_answer ROWS[][3] = {
        {GIVEN("a1"), GIVEN("a2"), GIVEN("a3")},
        {ROTATED("a1", "r2"), ROTATED("a2", "r3"), GIVEN("a3")},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct scene scene = scene_start(*state, ROWS[i], COUNT(ROWS[i]));
        scene_open(&scene, i ? PROVIDER_OUTLOOK : PROVIDER_GMAIL);
        assert_given(&scene, NULL, "a1", 1);
        assert_given(&scene, "a1", "a2", 2);
        assert_int_equal(refuse(&scene, "a2"), GRANT_DEAD);
        struct account account = look(&scene);
        assert_true(account.needs_sign_in);
        assert_string_equal(account.pause_reason, "401");
        assert_int_equal(refuse(&scene, "a2"), GRANT_DEAD);
        assert_answer(&scene, GRANT_DEAD, 2);
        sign_in(&scene, &scene.account, "new");
        assert_given(&scene, NULL, "a3", 3);
        scene_close(&scene);
    }
}

/* Seen to fail with whatever refresh token is there in the place of the one that was used. */
static void test_whoever_signs_in_wins_over_a_refusal(void **state)
{
    static const struct token_answer ANSWERS[] = {GIVEN("a1"), GIVEN("a2")};
    struct scene scene = scene_start(*state, ANSWERS, COUNT(ANSWERS));
    scene_open(&scene, PROVIDER_GMAIL);
    assert_given(&scene, NULL, "a1", 1);
    sign_in(&scene, &scene.account, "new"); /* in another process, so nothing is forgotten here */
    assert_int_equal(refuse(&scene, "a1"), GRANT_LATER);
    assert_false(look(&scene).needs_sign_in);
    assert_given(&scene, NULL, "a2", 2);
    assert_asked_with(&scene, 1, "new");
    assert_int_equal(refuse(&scene, "a1"), GRANT_LATER); /* there is a better one by now */
    assert_false(look(&scene).needs_sign_in);
    assert_given(&scene, NULL, "a2", 2);
    scene_close(&scene);
}

static void test_a_refusal_that_cannot_be_stored_is_no_death_yet(void **state)
{
    static const struct token_answer ANSWERS[] = {GIVEN("a1")};
    struct scene scene = scene_start(*state, ANSWERS, COUNT(ANSWERS));
    scene_open(&scene, PROVIDER_GMAIL);
    assert_given(&scene, NULL, "a1", 1);
    refuse_writes(&scene, "needs_sign_in");
    assert_int_equal(refuse(&scene, "a1"), GRANT_LATER);
    assert_answer(&scene, GRANT_LATER, 1); /* and the provider is not asked again */
    allow_writes(&scene);
    assert_answer(&scene, GRANT_DEAD, 1);
    assert_string_equal(look(&scene).pause_reason, "401");
    scene_close(&scene);
}

static void test_trouble_is_not_death(void **state)
{
    static const struct token_answer ANSWERS[] = {BUSY, {200, "<html>"}, GIVEN("a1")};
    struct scene scene = scene_start(*state, ANSWERS, COUNT(ANSWERS));
    scene_open(&scene, PROVIDER_GMAIL);
    assert_answer(&scene, GRANT_LATER, 1);
    assert_answer(&scene, GRANT_LATER, 2);
    assert_false(look(&scene).needs_sign_in);
    assert_given(&scene, NULL, "a1", 3);
    scene_close(&scene);
}

static void forget_once(struct scene *scene, unsigned number)
{
    if (number == 0)
        grants_forget(scene->grants, scene->account.id);
}

static void test_what_is_forgotten_does_not_count(void **state)
{
    static const struct token_answer ANSWERS[] = {GIVEN("a1"), GIVEN("a2"), GIVEN("a3")};
    struct scene scene = scene_start(*state, ANSWERS, COUNT(ANSWERS));
    scene.meanwhile = forget_once;
    scene_open(&scene, PROVIDER_GMAIL);
    grants_forget(scene.grants, "nobody");
    assert_given(&scene, NULL, "a2", 2); /* the first was forgotten before it had come */
    grants_forget(scene.grants, scene.account.id);
    assert_given(&scene, NULL, "a3", 3);
    scene_close(&scene);
}

static void test_nobody_is_asked_where_there_is_nothing_to_ask_with(void **state)
{
    static const struct token_answer ANSWERS[] = {GIVEN("a1")};
    struct scene scene = scene_start(*state, ANSWERS, COUNT(ANSWERS));
    scene_open(&scene, PROVIDER_GMAIL);
    const struct secret_key key = scene.key;
    secret_random_bytes(scene.key.bytes, sizeof scene.key.bytes);
    sign_in(&scene, &scene.account, "r1"); /* sealed under another key than grants has */
    assert_answer(&scene, GRANT_LATER, 0);
    scene.key = key;
    sign_in(&scene, &scene.account, NULL);
    assert_answer(&scene, GRANT_DEAD, 0);
    assert_true(look(&scene).needs_sign_in);
    scene.account.is_active = false;
    sign_in(&scene, &scene.account, "r1");
    assert_answer(&scene, GRANT_DEAD, 0);
    scene.account.id = "nobody";
    assert_answer(&scene, GRANT_DEAD, 0);
    scene_close(&scene);
}

struct held { /* a request that is answered when the test says so */
    sem_t has_come, may_go;
};
static struct held held;

static void hold_first(struct scene *scene, unsigned number)
{
    (void)scene;
    if (number == 0) {
        sem_post(&held.has_come);
        sem_wait(&held.may_go);
    }
}

static void *ask_in_thread(void *argument)
{
    enum grant_answer how;
    struct scene *scene = argument;
    AUTO_ARENA arena = arena_create();
    const char *token = NULL, *reason = NULL;
    how = grants_token(scene->grants, &scene->account, NULL, arena, &token, &reason);
    return how == GRANT_GIVEN && text_equal(token, "a1") ? argument : NULL;
}

static void test_one_mailbox_does_not_wait_for_another(void **state)
{
    static const struct token_answer ANSWERS[] = {GIVEN("a1"), GIVEN("a2")};
    struct scene scene = scene_start(*state, ANSWERS, COUNT(ANSWERS));
    pthread_t thread;
    void *is_right = NULL;
    sem_init(&held.has_come, 0, 0);
    sem_init(&held.may_go, 0, 0);
    scene.meanwhile = hold_first;
    scene_open(&scene, PROVIDER_GMAIL);
    pthread_create(&thread, NULL, ask_in_thread, &scene);
    sem_wait(&held.has_come);
    struct account other = house_account(scene.house, &scene.house->bob, "bob@gmail.example",
                                         PROVIDER_GMAIL);
    sign_in(&scene, &other, "other");
    const char *token = NULL, *reason = NULL;
    assert_int_equal(grants_token(scene.grants, &other, NULL, scene.arena, &token, &reason),
                     GRANT_GIVEN);
    assert_string_equal(token, "a2");
    sem_post(&held.may_go);
    pthread_join(thread, &is_right);
    assert_non_null(is_right);
    scene_close(&scene);
}

#define IN_A_HOUSE(test) cmocka_unit_test_setup_teardown(test, house_start, house_stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_HOUSE(test_a_token_is_kept_until_it_is_refused),
        IN_A_HOUSE(test_a_refused_token_is_gone),
        IN_A_HOUSE(test_a_short_life_is_used_for_its_first_half),
        IN_A_HOUSE(test_a_hundred_threads_make_one_refresh),
        IN_A_HOUSE(test_a_hundred_threads_learn_of_one_death),
        IN_A_HOUSE(test_a_rotated_token_is_durable_before_its_access_token_is_used),
        IN_A_HOUSE(test_whoever_signs_in_wins_over_what_could_not_be_stored),
        IN_A_HOUSE(test_whoever_signs_in_meanwhile_wins),
        IN_A_HOUSE(test_what_is_sealed_anew_meanwhile_is_the_same_grant),
        IN_A_HOUSE(test_a_dead_grant_is_written_down_and_asked_about_no_more),
        IN_A_HOUSE(test_a_death_that_cannot_be_stored_is_no_death_yet),
        IN_A_HOUSE(test_a_grant_whose_new_tokens_are_refused_is_dead),
        IN_A_HOUSE(test_whoever_signs_in_wins_over_a_refusal),
        IN_A_HOUSE(test_a_refusal_that_cannot_be_stored_is_no_death_yet),
        IN_A_HOUSE(test_trouble_is_not_death),
        IN_A_HOUSE(test_what_is_forgotten_does_not_count),
        IN_A_HOUSE(test_nobody_is_asked_where_there_is_nothing_to_ask_with),
        IN_A_HOUSE(test_one_mailbox_does_not_wait_for_another),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
