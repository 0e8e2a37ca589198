#include "base/sha256.h"

#include <string.h>

#include "case.h"

/* FIPS 180-4's own examples, and a million times "a". */
static const struct {
    const char *text, *hash;
} ROWS[] = {
    {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
};

static void test_in_pieces_of_any_size(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    for (size_t i = 0; i < COUNT(ROWS); i++)
        for (size_t piece = 1; piece < 60; piece++) {
            struct sha256 sha;
            size_t size = strlen(ROWS[i].text);
            sha256_start(&sha);
            for (size_t at = 0; at < size; at += piece)
                sha256_add(&sha, ROWS[i].text + at, piece < size - at ? piece : size - at);
            assert_string_equal(sha256_finish(&sha, arena), ROWS[i].hash);
        }
}

static void test_lists_of_texts(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct sha256 as_netstrings, by_hand;
    sha256_start(&as_netstrings);
    sha256_add_netstring(&as_netstrings, "abc");
    sha256_add_netstring(&as_netstrings, "");
    sha256_add_netstring(&as_netstrings, NULL);
    sha256_add_number(&as_netstrings, -12);
    sha256_start(&by_hand);
    sha256_add(&by_hand, "3:abc,0:,-,3:-12,", 17);
    assert_string_equal(sha256_finish(&as_netstrings, arena), sha256_finish(&by_hand, arena));
}

static void test_a_million_bytes(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    char piece[1000];
    struct sha256 sha;
    memset(piece, 'a', sizeof piece);
    sha256_start(&sha);
    for (int i = 0; i < 1000; i++)
        sha256_add(&sha, piece, sizeof piece);
    assert_string_equal(sha256_finish(&sha, arena),
                        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_in_pieces_of_any_size),
                                       cmocka_unit_test(test_lists_of_texts),
                                       cmocka_unit_test(test_a_million_bytes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
