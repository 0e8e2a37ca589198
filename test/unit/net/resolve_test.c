#include <netdb.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>

/* What the name servers say is made up here. */
static int made_up(const char *host, const char *service, const struct addrinfo *hints,
                   struct addrinfo **ret_found);
#define getaddrinfo made_up
#include "net/resolve.c"
#undef getaddrinfo

#include <arpa/inet.h>

#include "case.h"

static sem_t go_on;

static int made_up(const char *host, const char *service, const struct addrinfo *hints,
                   struct addrinfo **ret_found)
{
    static const struct {
        const char *host;
        int code;
    } FAILURES[] = {
        {"none", EAI_NONAME}, {"no-data", EAI_NODATA}, {"broken", EAI_FAIL},
        {"again", EAI_AGAIN}, {"memory", EAI_MEMORY},  {0},
    };
    for (size_t i = 0; FAILURES[i].host; i++)
        if (strcmp(host, FAILURES[i].host) == 0)
            return FAILURES[i].code;
    if (strcmp(host, "slow") == 0) {
        sem_wait(&go_on);
        host = "127.0.0.1";
    }
    return getaddrinfo(host, service, hints, ret_found);
}

static const char *address_of(const struct list *addresses, char text[INET6_ADDRSTRLEN])
{
    const struct sockaddr_storage *item = addresses->items;
    const void *bytes = item->ss_family == AF_INET6
                            ? (const void *)&((const struct sockaddr_in6 *)item)->sin6_addr
                            : &((const struct sockaddr_in *)item)->sin_addr;
    return inet_ntop(item->ss_family, bytes, text, INET6_ADDRSTRLEN);
}

static void finds(void **state)
{
    (void)state;
    static const struct {
        const char *host, *address;
    } ROWS[] = {
        {"127.0.0.1", "127.0.0.1"},
        {"2130706433", "127.0.0.1"},
        {"0x7f.1", "127.0.0.1"},
        {"::1", "::1"},
        {"::ffff:127.0.0.1", "::ffff:127.0.0.1"},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        struct list addresses;
        struct error error;
        char text[INET6_ADDRSTRLEN];
        assert_true(resolve_host(ROWS[i].host, 10000, arena, &addresses, &error));
        assert_int_equal(addresses.count, 1);
        assert_string_equal(address_of(&addresses, text), ROWS[i].address);
    }
}

static void fails(void **state)
{
    (void)state;
    char long_name[2000];
    memset(long_name, 'a', sizeof long_name);
    long_name[sizeof long_name - 1] = '\0';
    const struct {
        const char *host;
        enum error_code code;
        const char *message;
    } rows[] = {
        {"none", ERROR_INVALID, "the host was not found"},
        {"no-data", ERROR_INVALID, "the host was not found"},
        {long_name, ERROR_INVALID, "the host was not found"},
        {"broken", ERROR_UNAVAILABLE, "name servers do not work"},
        {"again", ERROR_UNAVAILABLE, "at the moment"},
        {"memory", ERROR_UNAVAILABLE, "at the moment"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        AUTO_ARENA arena = arena_create();
        struct list addresses;
        struct error error;
        assert_false(resolve_host(rows[i].host, 10000, arena, &addresses, &error));
        assert_int_equal(error.code, rows[i].code);
        assert_non_null(strstr(error.message, rows[i].message));
    }
}

/* Those that nobody waits for any more count until they end. */
static void slow_ones_are_left_and_limited(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct list addresses;
    struct error error;
    for (int i = 0; i < MOST_LOOKUPS; i++) {
        assert_false(resolve_host("slow", i ? -1 : 20, arena, &addresses, &error));
        assert_int_equal(error.code, ERROR_UNAVAILABLE);
        assert_non_null(strstr(error.message, "in time"));
    }
    assert_false(resolve_host("127.0.0.1", 10000, arena, &addresses, &error));
    assert_int_equal(error.code, ERROR_UNAVAILABLE);
    assert_non_null(strstr(error.message, "too many"));
    for (int i = 0; i < MOST_LOOKUPS; i++)
        sem_post(&go_on);
    while (!resolve_host("127.0.0.1", 10000, arena, &addresses, &error))
        assert_non_null(strstr(error.message, "too many"));
    sem_post(&go_on);
    assert_true(resolve_host("slow", 10000, arena, &addresses, &error));
    while (atomic_load(&lookups)) /* so that nothing of them is left when the program ends */
        sched_yield();
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(finds),
        cmocka_unit_test(fails),
        cmocka_unit_test(slow_ones_are_left_and_limited),
    };
    sem_init(&go_on, 0, 0);
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
