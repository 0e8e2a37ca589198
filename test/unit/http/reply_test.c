#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "client.h"
#include "door.h"

/* Last: its fail would take the place of ours. */
#include <cmocka.h>

static struct door door;
static struct answer answer;

static int start(void **state)
{
    (void)state;
    struct http_settings settings = door_settings();
    door_start(&door, &settings);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    door_stop(&door, 2000);
    return 0;
}

static void test_file(void **state)
{
    (void)state;
    client_ask(http_port(door.server), "GET /file HTTP/1.1\r\nHost: x\r\n\r\n", &answer);
    assert_int_equal(answer.size, 50000);
    for (size_t i = 0; i < answer.size; i++)
        assert_int_equal(answer.body[i], 'f');
}

static bool is_door_file(const char *number)
{
    char path[300], target[100] = "";
    snprintf(path, sizeof path, "/proc/self/fd/%s", number);
    ssize_t size = readlink(path, target, sizeof target - 1);
    return size > 0 && strstr(target, DOOR_FILE);
}

static size_t count_open_files(void)
{
    size_t count = 0;
    DIR *open_files = opendir("/proc/self/fd");
    assert_non_null(open_files);
    for (struct dirent *each; (each = readdir(open_files));)
        count += is_door_file(each->d_name);
    closedir(open_files);
    return count;
}

/* Its connection is still there, but the file is not. */
static void wait_until_closed(int closed)
{
    const struct timespec moment = {.tv_nsec = 1000000};
    door_wait(&door.closed, closed);
    for (int i = 0; i < PATIENCE_MS && count_open_files(); i++)
        nanosleep(&moment, NULL);
    assert_int_equal(count_open_files(), 0);
}

static void test_file_is_closed(void **state)
{
    (void)state;
    static const struct {
        const char *request, *length;
        size_t size;
    } ROWS[] = {
        {"GET /file HTTP/1.1\r\nHost: x\r\n\r\n", "Content-Length: 50000\r\n", 50000},
        {"HEAD /file HTTP/1.1\r\nHost: x\r\n\r\n", "Content-Length: 50000\r\n", 0},
        {"GET /file?size=0 HTTP/1.1\r\nHost: x\r\n\r\n", "Content-Length: 0\r\n", 0},
        {"HEAD /file?size=0 HTTP/1.1\r\nHost: x\r\n\r\n", "Content-Length: 0\r\n", 0},
        {"GET /file?size=9 HTTP/1.1\r\nHost: x\r\n\r\n", "Content-Length: 9\r\n", 9},
    };
    int client = client_connect(http_port(door.server));
    for (int i = 0; i < (int)(sizeof ROWS / sizeof *ROWS); i++) {
        client_send(client, ROWS[i].request);
        (ROWS[i].size ? client_read : client_read_head)(client, &answer);
        assert_int_equal(answer.status, 200);
        assert_int_equal(answer.size, ROWS[i].size);
        assert_non_null(strstr(answer.header, ROWS[i].length));
        wait_until_closed(i + 1);
    }
    close(client);
}

/* More than the sockets between hold, of which the client has taken a little. */
static int begin_download(void)
{
    int client = client_connect(http_port(door.server));
    client_send(client, "GET /file?size=1000000000 HTTP/1.1\r\nHost: x\r\n\r\n");
    client_read_head(client, &answer);
    assert_int_equal(answer.status, 200);
    char start[1000];
    assert_int_equal(recv(client, start, sizeof start, MSG_WAITALL), sizeof start);
    assert_int_equal(count_open_files(), 1);
    return client;
}

static void test_left_in_the_middle(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++) {
        close(begin_download());
        wait_until_closed(i + 1);
    }
}

static void test_stopped_in_the_middle(void **state)
{
    (void)state;
    struct http_settings settings = door_settings();
    door_start(&door, &settings);
    int client = begin_download();
    door_stop(&door, 0);
    assert_int_equal(count_open_files(), 0);
    close(client);
}

/* As a broken disk may leave it. The client gets what there is; then nothing is said any more, and
 * so the connection ends, which tells it the rest. */
static void test_file_is_too_short(void **state)
{
    (void)state;
    struct http_settings settings = door_settings();
    settings.idle_seconds = 1;
    door_start(&door, &settings);
    int client = client_connect(http_port(door.server));
    client_send(client, "GET /file?size=1000&lack=10 HTTP/1.1\r\nHost: x\r\n\r\n");
    client_read(client, &answer);
    assert_int_equal(answer.status, 200);
    assert_int_equal(answer.size, 990);
    assert_true(client_is_closed(client));
    wait_until_closed(1);
    close(client);
    door_stop(&door, 2000);
}

/* Like the GET, and the next reply follows at once: there was no body in between. */
static void test_head(void **state)
{
    (void)state;
    static const char *const HEADS[] = {"HEAD /hello HTTP/1.1\r\nHost: x\r\n\r\n",
                                        "HEAD /file HTTP/1.1\r\nHost: x\r\n\r\n",
                                        "HEAD /early HTTP/1.1\r\nHost: x\r\n\r\n"};
    static const char *const LENGTHS[] = {"Content-Length: 5\r\n", "Content-Length: 50000\r\n",
                                          "Content-Length: 5\r\n"};
    int client = client_connect(http_port(door.server));
    for (size_t i = 0; i < 3; i++) {
        client_send(client, HEADS[i]);
        client_read_head(client, &answer);
        assert_non_null(strstr(answer.header, LENGTHS[i]));
    }
    client_send(client, "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
    client_read(client, &answer);
    assert_string_equal(answer.body, "hello");
    close(client);
}

static void test_headers(void **state)
{
    (void)state;
    client_ask(http_port(door.server),
               "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx", &answer);
    assert_non_null(strstr(answer.header, "\r\nX-Address: 127.0.0.1\r\n"));
    assert_non_null(strstr(answer.header, "\r\nContent-Type: text/plain\r\n"));
    client_ask(http_port(door.server), "GET /none HTTP/1.1\r\nHost: x\r\n\r\n", &answer);
    assert_null(strstr(answer.header, "Content-Type"));
}

/* A refused HEAD with a body is answered without one. */
static void test_refused_head(void **state)
{
    (void)state;
    int client = client_connect(http_port(door.server));
    client_send(client, "HEAD /size HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999\r\n\r\n");
    client_read_head(client, &answer);
    assert_int_equal(answer.status, 413);
    assert_true(client_is_closed(client));
    close(client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_file, start, stop),
        cmocka_unit_test_setup_teardown(test_file_is_closed, start, stop),
        cmocka_unit_test_setup_teardown(test_left_in_the_middle, start, stop),
        cmocka_unit_test(test_stopped_in_the_middle),
        cmocka_unit_test(test_file_is_too_short),
        cmocka_unit_test_setup_teardown(test_head, start, stop),
        cmocka_unit_test_setup_teardown(test_headers, start, stop),
        cmocka_unit_test_setup_teardown(test_refused_head, start, stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
