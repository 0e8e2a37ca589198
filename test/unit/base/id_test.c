#include "base/id.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/secret.h"
#include "base/text.h"
#include "case.h"

enum { THREADS = 4, IDS = 6000 }; /* more in one millisecond than its counter holds */

static const char UUID[] = "01890a5d-ac96-774b-bcce-b302099a8057";
static const char ULID[] = "01H455VB4PEX5VSKNK084SN02Q";

static const struct row {
    const char *text, *id;
} ROWS[] = {
    {UUID, UUID},
    {"01890A5D-AC96-774B-BCCE-B302099A8057", UUID},
    {ULID, UUID},
    {"01h455vb4pex5vsknk084sn02q", UUID},
    {"oih455vb4pex5vsknko84snO2q", UUID}, /* o is read as 0, i and l as 1 */
    {"0LH455VB4PEX5VSKNK084SN02Q", UUID},
    {"draft_01H455VB4PEX5VSKNK084SN02Q", UUID},
    {"corr_01H455VB4PEX5VSKNK084SN02Q", UUID},
    {"any_thing_01H455VB4PEX5VSKNK084SN02Q", UUID},
    {"_01H455VB4PEX5VSKNK084SN02Q", UUID},
    {"00000000000000000000000000", "00000000-0000-0000-0000-000000000000"},
    {"7ZZZZZZZZZZZZZZZZZZZZZZZZZ", "ffffffff-ffff-ffff-ffff-ffffffffffff"},
    {"8ZZZZZZZZZZZZZZZZZZZZZZZZZ", NULL}, /* more than 128 bits */
    {"01H455VB4PEX5VSKNK084SN02U", NULL}, /* u is no digit */
    {"01H455VB4PEX5VSKNK084SN02", NULL},
    {"01H455VB4PEX5VSKNK084SN02QQ", NULL},
    {"draft_01890a5d-ac96-774b-bcce-b302099a8057", NULL},
    {"01890a5dac96774bbcceb302099a8057", NULL},
    {"01890a5d-ac96-774b-bcce-b302099a805", NULL},
    {"01890a5d-ac96-774b-bcce-b302099a80577", NULL},
    {"01890a5d-ac96-774b-bcce_b302099a8057", NULL},
    {"01890a5g-ac96-774b-bcce-b302099a8057", NULL},
    {"{1890a5d-ac96-774b-bcce-b302099a8057", NULL},
    {"draft_", NULL},
    {"_", NULL},
    {"", NULL},
    {"'; DROP TABLE emails; --01H455VB4P", NULL},
    {"01H455VB4PEX5VSKNK084SN0\xC3\xA4", NULL},
};

static void reads_every_spelling(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        const char *id = id_read(ROWS[i].text, arena);
        if (!text_equal(id, ROWS[i].id))
            fail_msg("%s was read as %s", ROWS[i].text, id ? id : "nothing");
    }
}

static void refuses_a_long_prefix(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    char text[200];
    memset(text, 'p', sizeof text);
    text[100] = '_';
    memcpy(text + 101, ULID, sizeof ULID);
    assert_null(id_read(text, arena));
}

static void spells_the_ulid(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    assert_string_equal(id_ulid(UUID, "", arena), ULID);
    assert_string_equal(id_ulid(UUID, "draft_", arena), "draft_01H455VB4PEX5VSKNK084SN02Q");
    for (int i = 0; i < 100; i++) {
        const char *id = id_new(arena);
        assert_string_equal(id_read(id_ulid(id, "corr_", arena), arena), id);
    }
}

static void new_ones_are_uuid7_of_now(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    uint64_t before = (uint64_t)clock_now().ms;
    const char *id = id_new(arena);
    uint64_t after = (uint64_t)clock_now().ms, at = 0;
    assert_int_equal(strlen(id), ID_SIZE);
    assert_int_equal(id[14], '7');
    assert_non_null(strchr("89ab", id[19]));
    for (size_t i = 0; i < 13; i++)
        if (i != 8)
            at = at << 4 | (uint64_t)(id[i] <= '9' ? id[i] - '0' : id[i] - 'a' + 10);
    assert_in_range(at, before, after);
}

static void new_ones_sort_even_when_the_clock_goes_back(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    moment now = clock_now();
    const char *last = id_new(arena);
    for (int i = 0; i < 3 * IDS; i++) {
        clock_stop_at((moment){now.ms + (i < IDS ? 1000 : 1)});
        const char *id = id_new(arena);
        assert_true(strcmp(last, id) < 0);
        last = id;
    }
    clock_stop_at((moment){0});
}

static void *make_many(void *argument)
{
    const char **ids = argument;
    struct arena *arena = arena_create();
    for (size_t i = 0; i < IDS; i++)
        ids[i] = id_new(arena);
    return arena;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void threads_never_make_the_same(void **state)
{
    (void)state;
    static const char *ids[THREADS][IDS];
    pthread_t threads[THREADS];
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, make_many, ids[i]), 0);
    void *arenas[THREADS];
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(threads[i], &arenas[i]);
    const char **all = &ids[0][0];
    for (size_t i = 0; i < THREADS; i++)
        for (size_t k = 1; k < IDS; k++)
            assert_true(strcmp(ids[i][k - 1], ids[i][k]) < 0);
    qsort(all, (size_t)THREADS * IDS, sizeof *all, by_text);
    for (size_t i = 1; i < (size_t)THREADS * IDS; i++)
        assert_true(strncmp(all[i - 1], all[i], 18) < 0); /* already by time and counter */
    for (size_t i = 0; i < THREADS; i++)
        arena_destroy(arenas[i]);
}

static void the_same_text_has_the_same_id(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    const char *id = id_of_text("<a@example.com>", arena);
    assert_string_equal(id, id_of_text("<a@example.com>", arena));
    assert_string_not_equal(id, id_of_text("<b@example.com>", arena));
    assert_int_equal(id[14], '8');
    assert_non_null(strchr("89ab", id[19]));
    assert_string_equal(id_read(id, arena), id);
}

int main(void)
{
    secret_start();
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(reads_every_spelling),
        cmocka_unit_test(refuses_a_long_prefix),
        cmocka_unit_test(spells_the_ulid),
        cmocka_unit_test(new_ones_are_uuid7_of_now),
        cmocka_unit_test(threads_never_make_the_same),
        cmocka_unit_test(new_ones_sort_even_when_the_clock_goes_back),
        cmocka_unit_test(the_same_text_has_the_same_id),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
