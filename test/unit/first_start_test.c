#include "first_start.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/secret.h"
#include "store/account_store.h"
#include "store/identity_store.h"
#include "json/json.h"

static const struct db_codec CODEC = {json_write_list, json_read_list};

static int open_db(void **state)
{
    struct error error;
    *state = db_open(":memory:", &CODEC, &error);
    return !*state;
}

static int close_db(void **state)
{
    db_close(*state);
    return 0;
}

static void makes_all_that_a_first_mail_needs(void **state)
{
    struct db *db = *state;
    AUTO_ARENA arena = arena_create();
    struct first_start made;
    struct token token;
    struct account account;
    struct error error = {0};
    bool is_due = false;
    assert_true(first_start_is_due(db, &is_due, &error) && is_due);
    const struct first_names names = {.email = "\"Ann\" <ann@EXAMPLE.org>"};
    assert_true(first_start_make(db, &names, arena, &made, &error));
    assert_string_equal(made.email, "ann@example.org");

    AUTO_READING session = db_read(db);
    assert_true(identity_store_find_token(session, made.token, clock_now(), arena, &token, &error));
    assert_int_equal(token.scopes, SCOPE_ALL);
    assert_string_equal(token.user_id, made.user_id);
    assert_true(account_store_find_default(session, made.user_id, arena, &account, &error));
    assert_string_equal(account.id, made.account_id);
    assert_string_equal(account.email_address, "ann@example.org");
    assert_string_equal(account.display_name, "Ann");
    assert_int_equal(account.provider, PROVIDER_SANDBOX);
    assert_true(first_start_is_due(db, &is_due, &error) && !is_due);
}

static void is_made_once(void **state)
{
    AUTO_ARENA arena = arena_create();
    struct first_start made, again = {0};
    struct error error;
    assert_true(first_start_make(*state, &(struct first_names){0}, arena, &made, &error));
    assert_false(first_start_make(*state, &(struct first_names){0}, arena, &again, &error));
    assert_int_equal(error.code, ERROR_CONFLICT);
    assert_non_null(strstr(error.message, "outtray token create"));
    assert_null(again.token);
}

static void refuses_what_is_no_address(void **state)
{
    AUTO_ARENA arena = arena_create();
    struct first_start made;
    struct error error;
    bool is_due = false;
    assert_false(
        first_start_make(*state, &(struct first_names){.email = "ann"}, arena, &made, &error));
    assert_int_equal(error.code, ERROR_INVALID);
    assert_true(first_start_is_due(*state, &is_due, &error) && is_due);
}

static void prints_a_line_to_paste(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    const struct first_start made = {.token = "ot_secret", .account_id = "the-id"};
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    first_start_print(&made, "http://127.0.0.1:8025", NULL, arena, out);
    fclose(out);
    assert_non_null(strstr(text, "\n  export TOKEN=ot_secret\n"));
    assert_non_null(strstr(text, "  curl http://127.0.0.1:8025/api/email/send "));
    assert_non_null(strstr(text, "Bearer ot_secret"));
    assert_non_null(strstr(text, "\"from_account_id\": \"the-id\""));
    free(text);
}

/* A folder whose name a shell would take apart. */
static void keeps_the_token_in_a_file(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    const struct first_start made = {.token = "ot_secret", .account_id = "the-id"};
    char folder[] = "/tmp/first start's.XXXXXX", found[64] = "", *text = NULL;
    struct error error;
    struct stat status;
    size_t size = 0;
    assert_non_null(mkdtemp(folder));
    const char *path = arena_format(arena, "%s/first-token", folder);
    assert_int_equal(symlink("/nowhere", path), 0); /* it is not followed */
    assert_true(first_start_keep(&made, path, &error));
    assert_int_equal(lstat(path, &status), 0);
    assert_int_equal(status.st_mode, S_IFREG | 0600);
    FILE *out = open_memstream(&text, &size);
    first_start_print(&made, "http://127.0.0.1:8025", path, arena, out);
    fclose(out);
    assert_null(strstr(text, "ot_secret"));
    assert_non_null(strstr(text, path));
    const char *bearer = strstr(text, "\"Authorization: ");
    assert_non_null(bearer);
    const char *command = arena_format(arena, "echo %.*s",
                                       (int)(strchr(bearer + 1, '"') + 1 - bearer), bearer);
    FILE *shell = popen(command, "re"); /* NOLINT(cert-env33-c): a line of ours */
    assert_non_null(fgets(found, sizeof found, shell));
    pclose(shell);
    assert_string_equal(found, "Authorization: Bearer ot_secret\n");
    free(text);
    assert_int_equal(unlink(path) | rmdir(folder), 0);
    assert_false(first_start_keep(&made, path, &error)); /* the folder is gone */
}

int main(void)
{
    secret_start();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(makes_all_that_a_first_mail_needs, open_db, close_db),
        cmocka_unit_test_setup_teardown(is_made_once, open_db, close_db),
        cmocka_unit_test_setup_teardown(refuses_what_is_no_address, open_db, close_db),
        cmocka_unit_test(prints_a_line_to_paste),
        cmocka_unit_test(keeps_the_token_in_a_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
