#include "base/spool.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "case.h"

static char folder[64];

static int make_folder(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/spool_test.XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    return rmdir(folder); /* fails when a spool left a name in it */
}

static unsigned char byte_at(uint64_t offset)
{
    return (unsigned char)(offset * 31 + offset / 251);
}

static struct spool *filled(uint64_t size, size_t piece)
{
    struct spool *spool = spool_create(folder, size);
    unsigned char data[70000];
    struct error error = {0};
    for (uint64_t at = 0; at < size; at += piece) {
        size_t some = size - at < piece ? (size_t)(size - at) : piece;
        for (size_t i = 0; i < some; i++)
            data[i] = byte_at(at + i);
        assert_true(spool_write(spool, data, some, &error));
    }
    assert_int_equal(spool_size(spool), size);
    return spool;
}

static const uint64_t SIZES[] = {
    0, 1, 1023, 1024, SPOOL_MEMORY_SIZE - 1, SPOOL_MEMORY_SIZE, SPOOL_MEMORY_SIZE + 1, 700001,
};

static void what_was_written_can_be_read_from_any_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(SIZES); i++) {
        AUTO_SPOOL spool = filled(SIZES[i], i % 2 ? 997 : 70000);
        unsigned char data[5000];
        uint64_t at = 0;
        int64_t got;
        while ((got = spool_read(spool, at, data, sizeof data)) > 0)
            for (int64_t k = 0; k < got; k++)
                assert_int_equal(data[k], byte_at(at++));
        assert_int_equal(got, 0);
        assert_int_equal(at, SIZES[i]);
        assert_int_equal(spool_read(spool, SIZES[i] + 1, data, sizeof data), 0);
    }
}

static void all_of_it_comes_with_a_nul(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(SIZES); i++) {
        AUTO_SPOOL spool = filled(SIZES[i], 4096);
        AUTO_ARENA arena = arena_create();
        struct bytes bytes = {0};
        struct error error = {0};
        assert_true(spool_bytes(spool, SIZES[i], arena, &bytes, &error));
        assert_int_equal(bytes.size, SIZES[i]);
        const unsigned char *data = bytes.data;
        for (size_t k = 0; k < bytes.size; k++)
            assert_int_equal(data[k], byte_at(k));
        assert_int_equal(data[bytes.size], 0);
        if (SIZES[i]) {
            assert_false(spool_bytes(spool, SIZES[i] - 1, arena, &bytes, &error));
            assert_int_equal(error.code, ERROR_TOO_LARGE);
        }
    }
}

static void the_limit_is_exact(void **state)
{
    (void)state;
    static const uint64_t LIMITS[] = {0, 10, SPOOL_MEMORY_SIZE + 10};
    for (size_t i = 0; i < COUNT(LIMITS); i++) {
        AUTO_SPOOL spool = filled(LIMITS[i], 60000);
        struct error error = {0};
        assert_true(spool_write(spool, "", 0, &error));
        assert_false(spool_write(spool, "x", 1, &error));
        assert_int_equal(error.code, ERROR_TOO_LARGE);
        assert_false(spool_write(spool, "x", SIZE_MAX, &error));
        assert_int_equal(spool_size(spool), LIMITS[i]);
    }
}

static size_t names_in_folder(void)
{
    size_t names = 0;
    DIR *listing = opendir(folder);
    while (readdir(listing))
        names++;
    closedir(listing);
    return names - 2;
}

static void a_large_one_is_a_file_without_a_name(void **state)
{
    (void)state;
    AUTO_SPOOL spool = filled(300000, 4096);
    assert_int_equal(names_in_folder(), 0);
    spool_destroy(NULL);
}

static void each_descriptor_reads_by_itself(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(SIZES); i++) {
        struct spool *spool = filled(SIZES[i], 4096);
        struct error error = {0};
        int files[] = {spool_open(spool, &error), spool_open(spool, &error)};
        spool_destroy(spool); /* they outlive it */
        for (uint64_t at = 0; at < SIZES[i]; at++)
            for (size_t k = 0; k < COUNT(files); k++) {
                unsigned char byte;
                if (at % 977 == 0 || at + 1 == SIZES[i]) {
                    assert_int_equal(lseek(files[k], 0, SEEK_CUR), at);
                    assert_int_equal(read(files[k], &byte, 1), 1);
                    assert_int_equal(byte, byte_at(at));
                } else {
                    lseek(files[k], 1, SEEK_CUR);
                }
            }
        for (size_t k = 0; k < COUNT(files); k++) {
            unsigned char byte;
            assert_int_equal(read(files[k], &byte, 1), 0);
            close(files[k]);
        }
    }
}

static void says_when_there_is_no_place(void **state)
{
    (void)state;
    AUTO_SPOOL spool = spool_create("/nowhere/at/all", 1000000);
    static const char DATA[SPOOL_MEMORY_SIZE + 1];
    struct error error = {0};
    assert_true(spool_write(spool, DATA, 1000, &error));
    assert_false(spool_write(spool, DATA, sizeof DATA, &error));
    assert_int_equal(error.code, ERROR_INTERNAL);
}

struct taken {
    char data[300 * 1024];
    size_t size, most;
};

static bool take(void *context, const void *data, size_t size, struct error *error)
{
    struct taken *taken = context;
    if (taken->size + size > taken->most)
        return fail(error, ERROR_TOO_LARGE, "", "enough");
    memcpy(taken->data + taken->size, data, size);
    taken->size += size;
    return true;
}

static void gives_all_of_it(void **state)
{
    (void)state;
    static const size_t LENGTHS[] = {0, 1, 16 * 1024, SPOOL_MEMORY_SIZE, 250 * 1024};
    static char content[250 * 1024];
    static struct taken taken;
    struct error error = {0};
    for (size_t i = 0; i < sizeof content; i++)
        content[i] = (char)(i * 31 + i / 256);
    for (size_t i = 0; i < sizeof LENGTHS / sizeof *LENGTHS; i++) {
        AUTO_SPOOL spool = spool_create("/tmp", sizeof content);
        assert_true(spool_write(spool, content, LENGTHS[i], &error));
        taken.size = 0;
        taken.most = LENGTHS[i];
        assert_true(spool_each(spool, take, &taken, &error));
        assert_int_equal(taken.size, LENGTHS[i]);
        assert_memory_equal(taken.data, content, LENGTHS[i]);
        taken.size = 0;
        taken.most = LENGTHS[i] / 2;
        assert_int_equal(spool_each(spool, take, &taken, &error), !LENGTHS[i]);
        assert_true(!LENGTHS[i] || error.code == ERROR_TOO_LARGE);
    }
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(what_was_written_can_be_read_from_any_place),
        cmocka_unit_test(all_of_it_comes_with_a_nul),
        cmocka_unit_test(the_limit_is_exact),
        cmocka_unit_test(a_large_one_is_a_file_without_a_name),
        cmocka_unit_test(each_descriptor_reads_by_itself),
        cmocka_unit_test(says_when_there_is_no_place),
        cmocka_unit_test(gives_all_of_it),
    };
    return cmocka_run_group_tests(TESTS, make_folder, remove_folder);
}
