#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "case.h"
#include "provider/providers.h"

#define MAIL "Subject: Hello\r\n\r\nGood morning.\r\n"

struct sandbox {
    char folder[64];
    struct arena *arena;
    struct provider_settings settings;
    struct provider_pool *pool;
    struct account account;
    struct email email;
    struct address to[2];
    struct spool *message;
    int commits;
    bool may_commit;
    bool was_out_at_commit;
};

static size_t count(struct sandbox *sandbox, const char *subfolder)
{
    DIR *listing = opendir(
        arena_format(sandbox->arena, "%s/sandbox/a@example.com/%s", sandbox->folder, subfolder));
    size_t files = 0;
    if (!listing)
        return 0;
    for (struct dirent *entry; (entry = readdir(listing));)
        files += entry->d_name[0] != '.';
    closedir(listing);
    return files;
}

static bool commit(void *context)
{
    struct sandbox *sandbox = context;
    sandbox->commits++;
    sandbox->was_out_at_commit = count(sandbox, "new");
    return sandbox->may_commit;
}

static int start(void **state)
{
    static struct sandbox sandbox;
    struct error error = {0};
    sandbox = (struct sandbox){
        .folder = "/tmp/sandbox-test-XXXXXX",
        .arena = arena_create(),
        .account = {.id = "account", .email_address = "a@example.com"},
        .email = {.id = "email", .message_id = "<1@example.com>", .provider_thread_id = "thread"},
        .to = {{"b@example.org", NULL}, {"c@example.org", NULL}},
        .may_commit = true,
    };
    if (!mkdtemp(sandbox.folder))
        return -1;
    sandbox.email.to_recipients = (struct list){sandbox.to, 2};
    sandbox.settings.sandbox_folder = arena_format(sandbox.arena, "%s/sandbox", sandbox.folder);
    sandbox.pool = provider_pool_create(&sandbox.settings);
    sandbox.message = spool_create(sandbox.folder, 1 << 20);
    *state = &sandbox;
    return spool_write(sandbox.message, MAIL, strlen(MAIL), &error) ? 0 : -1;
}

static int stop(void **state)
{
    struct sandbox *sandbox = *state;
    char command[192];
    provider_pool_destroy(sandbox->pool);
    spool_destroy(sandbox->message);
    arena_destroy(sandbox->arena);
    snprintf(command, sizeof command, "chmod -R u+w '%s'; rm -rf '%s'", sandbox->folder,
             sandbox->folder);
    return system(command);
}

static struct outcome send(struct sandbox *sandbox)
{
    struct outcome outcome = {.kind = OUTCOME_COUNT};
    struct attempt attempt = {
        .account = &sandbox->account,
        .email = &sandbox->email,
        .message = sandbox->message,
        .arena = sandbox->arena,
        .commit = commit,
        .context = sandbox,
    };
    SANDBOX_PROVIDER.send(sandbox->pool, &attempt, &outcome);
    return outcome;
}

static void test_delivers_into_a_maildir(void **state)
{
    struct sandbox *sandbox = *state;
    char content[100] = "";
    struct outcome outcome = send(sandbox);
    assert_int_equal(outcome.kind, OUTCOME_SENT);
    assert_string_equal(outcome.provider_message_id, "sandbox-email");
    assert_string_equal(outcome.provider_thread_id, "thread");
    assert_string_equal(outcome.message_id, "<1@example.com>");
    assert_null(outcome.reason);
    assert_int_equal(sandbox->commits, 1);
    assert_false(sandbox->was_out_at_commit);
    FILE *file = fopen(
        arena_format(sandbox->arena, "%s/sandbox/a@example.com/new/email.eml", sandbox->folder),
        "r");
    assert_non_null(file);
    content[fread(content, 1, sizeof content - 1, file)] = 0;
    fclose(file);
    assert_string_equal(content, MAIL);
    assert_int_equal(count(sandbox, "tmp"), 0);
    assert_int_equal(count(sandbox, "cur"), 0);
}

static void test_the_folder_of_a_further_organization(void **state)
{
    struct sandbox *sandbox = *state;
    sandbox->account.organization_id = "organization";
    sandbox->account.is_apart = true;
    assert_int_equal(send(sandbox).kind, OUTCOME_SENT);
    assert_int_equal(count(sandbox, "new"), 0);
    assert_int_equal(
        access(arena_format(sandbox->arena, "%s/sandbox/organization/a@example.com/new/email.eml",
                            sandbox->folder),
               R_OK),
        0);
}

static void test_one_email_lies_there_once(void **state)
{
    send(*state);
    assert_int_equal(send(*state).kind, OUTCOME_SENT);
    assert_int_equal(count(*state, "new"), 1);
}

static void test_what_each_tag_does(void **state)
{
    static const struct {
        const char *recipient;
        enum outcome_kind kind;
        const char *reason;
        bool is_delivered;
    } ROWS[] = {
        {"b+refused@example.org", OUTCOME_REFUSED, "550", false},
        {"b+later@example.org", OUTCOME_TRY_LATER, "451", false},
        {"b+signin@example.org", OUTCOME_SIGN_IN_AGAIN, "535", false},
        {"b+unknown@example.org", OUTCOME_UNKNOWN, "did not answer", true},
        {"b+lost@example.org", OUTCOME_UNKNOWN, "nor answered", false},
        {"b+other@example.org", OUTCOME_SENT, NULL, true},
        {"refused@example.org", OUTCOME_SENT, NULL, true},
        {"b@refused.example", OUTCOME_SENT, NULL, true},
    };
    struct sandbox *sandbox = *state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        sandbox->to[1].email = ROWS[i].recipient;
        sandbox->email.id = ROWS[i].recipient;
        size_t before = count(sandbox, "new");
        struct outcome outcome = send(sandbox);
        assert_int_equal(outcome.kind, ROWS[i].kind);
        assert_int_equal(count(sandbox, "new") - before, ROWS[i].is_delivered);
        assert_int_equal(!outcome.reason, !ROWS[i].reason);
        if (outcome.reason)
            assert_non_null(strstr(outcome.reason, ROWS[i].reason));
    }
}

/* P1: what could not be noted must not leave. */
static void test_without_commit_nothing_leaves(void **state)
{
    struct sandbox *sandbox = *state;
    sandbox->may_commit = false;
    struct outcome outcome = send(sandbox);
    assert_int_equal(outcome.kind, OUTCOME_TRY_LATER);
    assert_non_null(outcome.reason);
    assert_int_equal(count(sandbox, "new"), 0);
    sandbox->may_commit = true;
    assert_int_equal(send(sandbox).kind, OUTCOME_SENT);
}

static void test_a_folder_that_cannot_be_made(void **state)
{
    struct sandbox *sandbox = *state;
    sandbox->settings.sandbox_folder = "/proc/none";
    provider_pool_destroy(sandbox->pool);
    sandbox->pool = provider_pool_create(&sandbox->settings);
    struct outcome outcome = send(sandbox);
    assert_int_equal(outcome.kind, OUTCOME_TRY_LATER);
    assert_int_equal(sandbox->commits, 0);
}

static void test_connecting(void **state)
{
    struct sandbox *sandbox = *state;
    struct error error = {0};
    assert_true(SANDBOX_PROVIDER.check(&sandbox->settings, &sandbox->account, NULL, sandbox->arena,
                                       &error));
    sandbox->account.email_address = "../a@example.com";
    assert_false(SANDBOX_PROVIDER.check(&sandbox->settings, &sandbox->account, NULL, sandbox->arena,
                                        &error));
    assert_int_equal(error.code, ERROR_INVALID);
    assert_string_equal(error.field, "emailAddress");
}

#define IN_A_SANDBOX(test) cmocka_unit_test_setup_teardown(test, start, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_SANDBOX(test_delivers_into_a_maildir),
        IN_A_SANDBOX(test_the_folder_of_a_further_organization),
        IN_A_SANDBOX(test_one_email_lies_there_once),
        IN_A_SANDBOX(test_what_each_tag_does),
        IN_A_SANDBOX(test_without_commit_nothing_leaves),
        IN_A_SANDBOX(test_a_folder_that_cannot_be_made),
        IN_A_SANDBOX(test_connecting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
