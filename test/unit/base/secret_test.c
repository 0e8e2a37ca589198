#include "base/secret.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "case.h"

static char folder[64], path[96];

static int make_folder(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/secret_test.XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof path, "%s/key", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(folder); /* fails, and with it the test, when a draft was left behind */
}

static void random_texts_differ(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    char *token = secret_random("ot_", 32, arena);
    assert_true(text_starts(token, "ot_"));
    assert_int_equal(strlen(token), 3 + 43);
    assert_int_equal(strspn(token + 3, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                       "0123456789-_"),
                     43);
    assert_string_not_equal(token, secret_random("ot_", 32, arena));
    for (int i = 0; i < 1000; i++)
        assert_true(secret_random_below(7) < 7);
}

static void hashes(void **state)
{
    (void)state;
    static const struct {
        const char *text, *hash;
    } ROWS[] = {
        {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        assert_string_equal(secret_sha256(ROWS[i].text, strlen(ROWS[i].text), arena), ROWS[i].hash);
        struct sha256 sha;
        sha256_start(&sha);
        for (const char *at = ROWS[i].text; *at; at++)
            sha256_add(&sha, at, 1);
        assert_string_equal(sha256_finish(&sha, arena), ROWS[i].hash);
    }
}

static void compares(void **state)
{
    (void)state;
    assert_true(secret_equal("abcd", "abcx", 3));
    assert_false(secret_equal("abcd", "abcx", 4));
}

static void the_key_is_made_once_for_the_owner_alone(void **state)
{
    (void)state;
    struct secret_key made, read;
    struct error error = {0};
    assert_true(secret_key_open(path, &made, &error));
    struct stat status;
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    assert_int_equal(status.st_size, SECRET_KEY_SIZE);
    assert_true(secret_key_open(path, &read, &error));
    assert_true(secret_key_equal(&made, &read));
}

static void refuses_what_is_no_key(void **state)
{
    (void)state;
    struct secret_key key = {0};
    struct error error = {0};
    static const struct {
        size_t size;
        mode_t mode;
        const char *why;
    } ROWS[] = {
        {SECRET_KEY_SIZE, 0640, "may be read by others"},
        {SECRET_KEY_SIZE, 0604, "may be read by others"},
        {SECRET_KEY_SIZE - 1, 0600, "not a key file"},
        {SECRET_KEY_SIZE + 1, 0600, "not a key file"},
        {0, 0600, "not a key file"},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        char bytes[SECRET_KEY_SIZE + 1] = "0123456789";
        int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
        assert_int_equal(write(file, bytes, ROWS[i].size), ROWS[i].size);
        assert_int_equal(fchmod(file, ROWS[i].mode), 0);
        close(file);
        assert_false(secret_key_open(path, &key, &error));
        assert_non_null(strstr(error.message, ROWS[i].why));
        unlink(path);
    }
    assert_int_equal(symlink("/etc/hostname", path), 0);
    assert_false(secret_key_open(path, &key, &error));
    assert_false(secret_key_open("/nowhere/at/all/key", &key, &error));
    static char long_path[5000];
    memset(long_path, 'k', sizeof long_path - 1);
    assert_false(secret_key_open(long_path, &key, &error));
}

static void *open_key(void *argument)
{
    struct error error = {0};
    return secret_key_open(path, argument, &error) ? argument : NULL;
}

static void many_that_start_at_once_get_one_key(void **state)
{
    (void)state;
    enum { THREADS = 8, ROUNDS = 30 };
    for (int round = 0; round < ROUNDS; round++) {
        pthread_t threads[THREADS];
        struct secret_key keys[THREADS];
        for (size_t i = 0; i < THREADS; i++)
            assert_int_equal(pthread_create(&threads[i], NULL, open_key, &keys[i]), 0);
        void *opened[THREADS];
        for (size_t i = 0; i < THREADS; i++)
            pthread_join(threads[i], &opened[i]);
        for (size_t i = 0; i < THREADS; i++) {
            assert_non_null(opened[i]);
            assert_true(secret_key_equal(&keys[i], &keys[0]));
        }
        unlink(path);
    }
}

static void what_is_sealed_opens_only_with_its_key_and_record(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct secret_key key = {0}, other = {0};
    struct error error = {0};
    secret_random_bytes(key.bytes, sizeof key.bytes);
    secret_random_bytes(other.bytes, sizeof other.bytes);
    static const char *const TEXTS[] = {"", "p", "pässword with spaces"};
    for (size_t i = 0; i < COUNT(TEXTS); i++) {
        char *text = NULL, *sealed = secret_seal(&key, TEXTS[i], "account-1", arena);
        assert_string_not_equal(sealed, secret_seal(&key, TEXTS[i], "account-1", arena));
        assert_true(secret_open(&key, sealed, "account-1", arena, &text, &error));
        assert_string_equal(text, TEXTS[i]);
        assert_false(secret_open(&key, sealed, "account-2", arena, &text, &error));
        assert_false(secret_open(&other, sealed, "account-1", arena, &text, &error));
        for (size_t at = 0; at < strlen(sealed); at += 7) {
            char *changed = arena_copy(arena, sealed);
            changed[at] = changed[at] == 'A' ? 'B' : 'A';
            assert_false(secret_open(&key, changed, "account-1", arena, &text, &error));
            changed[at] = '\0';
            assert_false(secret_open(&key, changed, "account-1", arena, &text, &error));
        }
        if (*TEXTS[i])
            assert_null(strstr(error.message, TEXTS[i]));
    }
}

/* The test cases 1 and 2 of RFC 4231 have short keys, which HMAC fills up with zeros. */
static void macs_are_hmac_sha256(void **state)
{
    (void)state;
    static const struct {
        const char *key;
        size_t key_size;
        const char *text, *mac;
    } ROWS[] = {
        {"\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b", 20,
         "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
        {"Jefe", 4, "what do ya want for nothing?",
         "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        struct secret_key key = {0};
        memcpy(key.bytes, ROWS[i].key, ROWS[i].key_size);
        assert_string_equal(secret_mac(&key, ROWS[i].text, arena), ROWS[i].mac);
        assert_true(secret_mac_holds(&key, ROWS[i].text, ROWS[i].mac));
    }
}

/* RFC 4231, cases 1, 2 and 6: keys shorter and longer than a block. */
static void hmacs_take_keys_of_any_size(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    static unsigned char ones[20], long_key[131];
    memset(ones, 0x0b, sizeof ones);
    memset(long_key, 0xaa, sizeof long_key);
    const struct {
        struct bytes key;
        const char *text, *hmac;
    } ROWS[] = {
        {{ones, 20},
         "Hi There",
         "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
        {{"Jefe", 4},
         "what do ya want for nothing?",
         "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
        {{long_key, 131},
         "Test Using Larger Than Block-Size Key - Hash Key First",
         "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        unsigned char hmac[SECRET_HMAC_SIZE];
        secret_hmac(ROWS[i].key, (struct bytes){ROWS[i].text, strlen(ROWS[i].text)}, hmac);
        assert_string_equal(text_hex(hmac, sizeof hmac, arena), ROWS[i].hmac);
    }
}

static void a_mac_holds_for_one_key_and_one_text(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct secret_key key = {0}, other = {0};
    secret_random_bytes(key.bytes, sizeof key.bytes);
    secret_random_bytes(other.bytes, sizeof other.bytes);
    char *mac = secret_mac(&key, "text", arena);
    assert_true(secret_mac_holds(&key, "text", mac));
    assert_false(secret_mac_holds(&key, "texts", mac));
    assert_false(secret_mac_holds(&key, "tex", mac));
    assert_false(secret_mac_holds(&other, "text", mac));
    for (size_t at = 0; at < strlen(mac); at++) {
        char *changed = arena_copy(arena, mac);
        changed[at] = changed[at] == '0' ? '1' : '0';
        assert_false(secret_mac_holds(&key, "text", changed));
        changed[at] = '\0';
        assert_false(secret_mac_holds(&key, "text", changed));
        changed[at] = '-';
        assert_false(secret_mac_holds(&key, "text", changed));
    }
    assert_false(secret_mac_holds(&key, "text", arena_format(arena, "%s0", mac)));
    assert_false(secret_mac_holds(&key, "text", arena_format(arena, "%s%s", mac, mac)));
}

static void each_purpose_has_its_key(void **state)
{
    (void)state;
    struct secret_key key = {0}, other = {0};
    secret_random_bytes(key.bytes, sizeof key.bytes);
    secret_random_bytes(other.bytes, sizeof other.bytes);
    struct secret_key one = secret_derive(&key, "download");
    assert_memory_equal(one.bytes, secret_derive(&key, "download").bytes, SECRET_KEY_SIZE);
    assert_memory_not_equal(one.bytes, secret_derive(&key, "other").bytes, SECRET_KEY_SIZE);
    assert_memory_not_equal(one.bytes, secret_derive(&other, "download").bytes, SECRET_KEY_SIZE);
    assert_memory_not_equal(one.bytes, key.bytes, SECRET_KEY_SIZE);
}

int main(void)
{
    secret_start();
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(random_texts_differ),
        cmocka_unit_test(hashes),
        cmocka_unit_test(compares),
        cmocka_unit_test_setup_teardown(the_key_is_made_once_for_the_owner_alone, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(refuses_what_is_no_key, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(many_that_start_at_once_get_one_key, make_folder,
                                        remove_folder),
        cmocka_unit_test(what_is_sealed_opens_only_with_its_key_and_record),
        cmocka_unit_test(macs_are_hmac_sha256),
        cmocka_unit_test(hmacs_take_keys_of_any_size),
        cmocka_unit_test(a_mac_holds_for_one_key_and_one_text),
        cmocka_unit_test(each_purpose_has_its_key),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
