/* secret_ring_test.c - a key file that is replaced while it is in use: both keys open what they
 * sealed, and the new one seals. */
#include "base/secret_ring.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "case.h"

static char folder[64], path[96];

static int make_folder(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/secret_ring_test.XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof path, "%s/key", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    char command[128];
    snprintf(command, sizeof command, "rm -r '%s'", folder);
    return system(command); /* NOLINT(cert-env33-c): a path that the test made */
}

static struct secret_key open_key(const char *file)
{
    struct secret_key key;
    struct error error;
    if (!secret_key_open(file, &key, &error))
        fail_msg("%s", error.message);
    return key;
}

static const char *renew(struct arena *arena)
{
    struct secret_renewal renewal;
    struct error error;
    const char *former;
    if (!secret_key_renew(path, arena, &renewal, &former, &error))
        fail_msg("%s", error.message);
    secret_key_renewed(&renewal);
    return former;
}

static bool opens(const struct secret_key *key, const char *sealed)
{
    AUTO_ARENA arena = arena_create();
    struct error error;
    char *text;
    return secret_open(key, sealed, "id", arena, &text, &error) && text_equal(text, "text");
}

static void both_keys_open_and_the_new_one_seals(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    const struct secret_key key = open_key(path);
    const char *sealed[3];
    char *mac = NULL;
    const struct secret_key purpose = secret_derive(&key, "download");
    for (size_t i = 0; i < COUNT(sealed); i++) {
        sealed[i] = secret_seal(&key, "text", "id", arena);
        if (!i)
            mac = secret_mac(&purpose, "text", arena);
        assert_true(secret_is_current(&key, sealed[i], "id"));
        if (i + 1 == COUNT(sealed))
            break;
        const char *former = renew(arena);
        struct stat status;
        assert_int_equal(stat(former, &status), 0);
        assert_int_equal(status.st_mode, S_IFREG | 0600);
        assert_int_equal(status.st_size, SECRET_KEY_SIZE);
        assert_false(secret_is_current(&key, sealed[i], "id"));
        assert_true(secret_key_equal(&key, &key));
        const struct secret_key old = open_key(former); /* as for restore --key */
        assert_true(opens(&old, sealed[i]));
        assert_false(secret_key_equal(&key, &old));
    }
    for (size_t i = 0; i < COUNT(sealed); i++)
        assert_true(opens(&key, sealed[i]));
    assert_true(secret_mac_holds(&purpose, "text", mac)); /* a link that is still good */
    assert_string_not_equal(secret_mac(&purpose, "text", arena), mac);
}

/* As a server that runs while outtray rotates: it reads the files when it finds them changed. */
static void another_process_notices(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    const struct secret_key key = open_key(path);
    const char *before = secret_seal(&key, "text", "id", arena);
    pid_t child = fork();
    if (child == 0) {
        renew(arena);
        const struct secret_key mine = open_key(path);
        int file = open(arena_format(arena, "%s/sealed", folder), O_WRONLY | O_CREAT, 0600);
        const char *after = secret_seal(&mine, "text", "id", arena);
        _exit(write(file, after, strlen(after)) != (ssize_t)strlen(after));
    }
    int status;
    char after[512] = "";
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    int file = open(arena_format(arena, "%s/sealed", folder), O_RDONLY);
    assert_true(read(file, after, sizeof after - 1) > 0);
    close(file);
    assert_true(opens(&key, after));
    assert_true(opens(&key, before));
    assert_true(secret_is_current(&key, after, "id"));
    assert_true(secret_is_current(&key, secret_seal(&key, "text", "id", arena), "id"));
}

static void only_one_rotates_at_a_time(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    open_key(path);
    struct secret_renewal renewal, other;
    struct error error;
    const char *former;
    assert_true(secret_key_renew(path, arena, &renewal, &former, &error));
    assert_false(secret_key_renew(path, arena, &other, &former, &error));
    assert_int_equal(error.code, ERROR_CONFLICT);
    assert_string_equal(error.message, "the key is being rotated by another process");
    secret_key_renewed(&renewal);
    renew(arena);
}

/* Files beside it that are no former keys: of another name, of another key's name, open to others.
 */
static void only_its_former_keys_count(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    const struct secret_key key = open_key(path);
    const char *sealed = secret_seal(&key, "text", "id", arena);
    const char *former = renew(arena);
    assert_true(opens(&key, sealed));
    static const char *const NAMES[] = {"key.0123456789abcdef", "key.former",
                                        "yek.0123456789abcdef"};
    for (size_t i = 0; i < COUNT(NAMES); i++) {
        const char *name = arena_format(arena, "%s/%s", folder, NAMES[i]);
        assert_int_equal(rename(former, name), 0);
        renew(arena);
        assert_false(opens(&key, sealed));
        assert_int_equal(rename(name, former), 0);
        renew(arena);
        assert_true(opens(&key, sealed));
    }
    assert_int_equal(chmod(former, 0640), 0);
    renew(arena);
    assert_false(opens(&key, sealed));
}

static void it_is_locked_and_a_child_has_none_of_it(void **state)
{
    (void)state;
    struct error error;
    open_key(path);
    struct secret_ring *ring = secret_ring_of(path, &error);
    assert_true(secret_ring_is_locked(ring));
    size_t count;
    const unsigned char(*keys)[SECRET_KEY_SIZE] = secret_ring_take(ring, &count);
    assert_int_equal(count, 1);
    static const unsigned char NONE[SECRET_KEY_SIZE];
    assert_memory_not_equal(keys[0], NONE, SECRET_KEY_SIZE);
    pid_t child = fork();
    if (child == 0)
        _exit(memcmp(keys[0], NONE, SECRET_KEY_SIZE) != 0);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    secret_ring_give(ring);
    secret_ring_wipe();
    assert_memory_equal(keys[0], NONE, SECRET_KEY_SIZE);
}

int main(void)
{
    secret_start();
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test_setup_teardown(both_keys_open_and_the_new_one_seals, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(another_process_notices, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(only_one_rotates_at_a_time, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(only_its_former_keys_count, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(it_is_locked_and_a_child_has_none_of_it, make_folder,
                                        remove_folder),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
