#include "base/id.h"
#include <stdlib.h>

#include "base/secret.h"
#include "call.h"
#include "case.h"
#include "provider/providers.h"

#define EACH_MAIL MAIL RCPT DATA ".\n" SENT

static void *create(void)
{
    return smtp_connection_create();
}

static void destroy(void *connection)
{
    smtp_connection_destroy(connection);
}

static const struct connection_kind KIND = {create, destroy};

static struct provider_pool *new_pool(void)
{
    static const struct provider_settings settings = {.hello_name = "client.example"};
    return provider_pool_create(&settings);
}

static void test_what_was_put_back_is_taken_again(void **state)
{
    (void)state;
    struct provider_pool *pool = new_pool();
    struct smtp_connection *first = provider_pool_take(pool, &KIND, "a");
    struct smtp_connection *second = provider_pool_take(pool, &KIND, "a");
    struct smtp_connection *other = provider_pool_take(pool, &KIND, "b");
    assert_true(first != second && second != other);
    provider_pool_put(pool, &KIND, "a", first);
    provider_pool_put(pool, &KIND, "b", other);
    provider_pool_put(pool, &KIND, "a", second);
    assert_ptr_equal(provider_pool_take(pool, &KIND, "a"), second); /* the one that was used last */
    assert_ptr_equal(provider_pool_take(pool, &KIND, "a"), first);
    struct smtp_connection *third = provider_pool_take(pool, &KIND, "a");
    assert_true(third != other);
    assert_ptr_equal(provider_pool_take(pool, &KIND, "b"), other);
    provider_pool_put(pool, &KIND, "a", first);
    provider_pool_put(pool, &KIND, "a", second);
    provider_pool_put(pool, &KIND, "c", third);
    provider_pool_put(pool, &KIND, "b", other);
    provider_pool_destroy(pool);
}

static void test_ids_are_compared_as_a_whole(void **state)
{
    (void)state;
    const char *id = "01a1fcf6-6fcb-736a-944d-4178f9d5f247";
    struct provider_pool *pool = new_pool();
    struct smtp_connection *connection = provider_pool_take(pool, &KIND, id);
    provider_pool_put(pool, &KIND, id, connection);
    struct smtp_connection *other = provider_pool_take(pool, &KIND, "01a1fcf6");
    assert_true(other != connection);
    provider_pool_put(pool, &KIND, "01a1fcf6", other);
    assert_ptr_equal(provider_pool_take(pool, &KIND, id), connection);
    provider_pool_put(pool, &KIND, id, connection);
    provider_pool_destroy(pool);
}

static int counters_destroyed;

static void *create_counter(void)
{
    return &counters_destroyed;
}

static void destroy_counter(void *counter)
{
    (*(int *)counter)++;
}

static void test_kinds_are_kept_apart(void **state)
{
    (void)state;
    static const struct connection_kind COUNTERS = {create_counter, destroy_counter};
    struct provider_pool *pool = new_pool();
    struct smtp_connection *connection = provider_pool_take(pool, &KIND, "a");
    provider_pool_put(pool, &KIND, "a", connection);
    assert_ptr_equal(provider_pool_take(pool, &COUNTERS, "a"), &counters_destroyed);
    provider_pool_put(pool, &COUNTERS, "a", &counters_destroyed);
    assert_ptr_equal(provider_pool_take(pool, &KIND, "a"), connection);
    provider_pool_put(pool, &KIND, "a", connection);
    provider_pool_destroy(pool);
    assert_int_equal(counters_destroyed, 1);
}

static void send_through(struct provider_pool *pool, struct call *call)
{
    call->connection = provider_pool_take(pool, &KIND, "a");
    call_send(call);
    assert_int_equal(call->result.outcome, SMTP_ACCEPTED);
    provider_pool_put(pool, &KIND, "a", call->connection);
}

/* The server of the script hears when a connection is closed, and ends with its script. */
static void test_what_is_idle_is_closed_politely(void **state)
{
    (void)state;
    secret_start();
    struct scripted_server *server;
    struct call call = call_start(HELLO EACH_MAIL EACH_MAIL "<QUIT\n221 bye\n--\n" HELLO EACH_MAIL,
                                  &server);
    struct provider_pool *pool = new_pool();
    smtp_connection_destroy(call.connection);
    send_through(pool, &call);
    provider_pool_close_idle(pool, 60 * 1000); /* it has not been idle for long */
    send_through(pool, &call);
    assert_true(call.result.carried);
    provider_pool_close_idle(pool, -1);
    scripted_server_wait(server, 1);
    send_through(pool, &call);
    assert_false(call.result.carried);
    provider_pool_destroy(pool);
    call.connection = NULL;
    struct heard heard = call_finish(&call, server);
    assert_int_equal(heard.connections, 2);
    assert_int_equal(heard.dots, 3);
    free(heard.content);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_was_put_back_is_taken_again),
        cmocka_unit_test(test_ids_are_compared_as_a_whole),
        cmocka_unit_test(test_kinds_are_kept_apart),
        cmocka_unit_test(test_what_is_idle_is_closed_politely),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
