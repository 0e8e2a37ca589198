/* HTTP/2, where TLS offers it, and what of it libcurl would repeat by itself. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/secret.h"
#include "base/text.h"
#include "case.h"
#include "net/http_client.h"
#include "net/smtp.h"
#include "tls_server.h"

/* What was freed is not to be kept for the sanitizer's sake: memory is measured here. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "quarantine_size_mb=1";
}

static const char *script;

struct server {
    pid_t process;
    int input;    /* its end is the server's */
    FILE *output; /* the port, then the paths that were asked for */
    int port;
};

static struct server start(void)
{
    int in[2], out[2];
    char certificate[128];
    snprintf(certificate, sizeof certificate, "%s", tls_file("server.pem"));
    const char *key = tls_file("server.key");
    if (pipe2(in, 0) != 0 || pipe2(out, 0) != 0)
        abort();
    struct server server = {.process = fork(), .input = in[1]};
    if (server.process == 0) {
        dup2(in[0], STDIN_FILENO);
        dup2(out[1], STDOUT_FILENO);
        close(in[1]);
        execlp("node", "node", script, certificate, key, (char *)NULL);
        _exit(127);
    }
    close(in[0]);
    close(out[1]);
    server.output = fdopen(out[0], "r");
    char line[64];
    assert_non_null(fgets(line, sizeof line, server.output));
    server.port = (int)strtol(line, NULL, 10);
    return server;
}

/* How often that path was asked for. */
static size_t finish(struct server *server, const char *path)
{
    char line[64];
    size_t count = 0;
    close(server->input);
    while (fgets(line, sizeof line, server->output)) {
        line[strcspn(line, "\n")] = '\0';
        count += text_equal(line, path);
    }
    fclose(server->output);
    waitpid(server->process, NULL, 0);
    return count;
}

static struct http_request request_of(const struct server *server, const char *path,
                                      struct arena *arena)
{
    static char ca_file[128];
    snprintf(ca_file, sizeof ca_file, "%s", tls_file("authority.pem"));
    return (struct http_request){
        .method = "POST",
        .url = arena_format(arena, "https://127.0.0.1:%d%s", server->port, path),
        .body = {"hi", 2},
        .body_limit = 1000,
        .ca_file = ca_file,
        .connect_timeout_ms = 10000,
        .stall_timeout_ms = 10000,
        .total_timeout_ms = 60000,
    };
}

static void nothing_is_asked_twice(void **state)
{
    (void)state;
    static const char *const PATHS[] = {"/refused", "/http1", "/internal", "/goaway", "/gone"};
    static const char *const METHODS[] = {"POST", "GET"};
    for (size_t i = 0; i < 2 * COUNT(PATHS); i++) {
        AUTO_ARENA arena = arena_create();
        struct server server = start();
        struct http_client *client = http_client_create();
        struct http_result result;
        struct http_request request = request_of(&server, "/fine", arena);
        assert_true(http_client_send(client, &request, arena, &result));
        request = request_of(&server, PATHS[i / 2], arena);
        request.method = METHODS[i % 2];
        request.body.size = i % 2 ? 0 : 2;
        assert_false(http_client_send(client, &request, arena, &result));
        assert_true(result.phase == HTTP_WAITING || (result.phase == HTTP_SENDING && !(i % 2)));
        assert_int_equal(result.status, 0);
        http_client_destroy(client);
        assert_int_equal(finish(&server, PATHS[i / 2]), 1);
    }
}

static void what_may_be_repeated_is(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct server server = start();
    struct http_client *client = http_client_create();
    struct http_result result;
    struct http_request request = request_of(&server, "/http1", arena);
    request.may_repeat = true;
    assert_true(http_client_send(client, &request, arena, &result));
    assert_string_equal(result.body.data, "1");
    http_client_destroy(client);
    assert_int_equal(finish(&server, "/http1"), 2);
}

static int64_t letters(void *context, uint64_t offset, void *data, size_t size)
{
    (void)offset;
    memset(data, 'x', size);
    sha256_add(context, data, size);
    return (int64_t)size;
}

static long most_memory_kib(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

static void large_bodies_need_little_memory(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct server server = start();
    struct http_client *client = http_client_create();
    struct http_result result;
    struct sha256 sha;
    struct http_request request = request_of(&server, "/fine", arena);
    assert_true(http_client_send(client, &request, arena, &result));
    assert_string_equal(http_client_header(&result, "X-Protocol"), "2");
    assert_false(result.is_reused);
    long before_kib = most_memory_kib();
    sha256_start(&sha);
    request.stream = (struct http_stream){&sha, 20000000, letters};
    assert_true(http_client_send(client, &request, arena, &result));
    assert_true(result.is_reused);
    assert_string_equal(result.body.data, sha256_finish(&sha, arena));
    assert_true(most_memory_kib() - before_kib < 10000);
    http_client_destroy(client);
    assert_int_equal(finish(&server, "/fine"), 2);
}

static int make_folder(void **state)
{
    (void)state;
    return tls_folder_make() ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    tls_folder_remove();
    return 0;
}

int main(int count, char **arguments)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(nothing_is_asked_twice),
        cmocka_unit_test(what_may_be_repeated_is),
        cmocka_unit_test(large_bodies_need_little_memory),
    };
    script = count > 1 ? arguments[1] : "";
    signal(SIGPIPE, SIG_IGN);
    secret_start();
    net_start();
    return cmocka_run_group_tests(TESTS, make_folder, remove_folder);
}
