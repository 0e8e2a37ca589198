#include "call.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h> /* last: its fail() is a macro */

static const char TEXT[] = "Subject: x\r\n\r\nHello\r\n";

bool call_commit(void *call)
{
    ((struct call *)call)->commits++;
    return true;
}

struct list call_recipients(struct call *call, size_t count)
{
    struct address *items = arena_new(call->arena, struct address, count);
    for (size_t i = 0; i < count; i++)
        items[i].email = arena_format(call->arena, "b%zu@example.com", i);
    return (struct list){items, count};
}

void call_write(struct call *call, const void *data, size_t size)
{
    struct error error;
    assert_true(spool_write(call->message, data, size, &error));
}

void call_write_anew(struct call *call, const void *data, size_t size)
{
    spool_destroy(call->message);
    call->message = spool_create("/tmp", 1 << 30);
    call_write(call, data, size);
}

struct call call_begin(void)
{
    struct call call = {
        .arena = arena_create(),
        .connection = smtp_connection_create(),
        .server = {.host = "127.0.0.1",
                   .security = SMTP_PLAIN,
                   .hello_name = "client.example",
                   .allow_private = true,
                   .connect_timeout_ms = CALL_TIMEOUT_MS,
                   .reply_timeout_ms = CALL_TIMEOUT_MS},
        .commit = call_commit,
    };
    call.envelope.sender = "a@example.com";
    call.envelope.recipients = call_recipients(&call, 1);
    call_write_anew(&call, TEXT, sizeof TEXT - 1);
    return call;
}

struct call call_start(const char *script, struct scripted_server **ret_server)
{
    struct call call = call_begin();
    int port;
    *ret_server = scripted_server_start(script, &port);
    call.server.port = port;
    if (strstr(script, "AUTH")) {
        call.server.username = "u";
        call.server.password = "p";
    }
    return call;
}

void call_send(struct call *call)
{
    smtp_send(call->connection, &call->server, &call->envelope, call->message, call->commit, call,
              call->arena, &call->result);
}

void call_end(struct call *call)
{
    smtp_connection_destroy(call->connection);
    spool_destroy(call->message);
    arena_destroy(call->arena);
}

struct heard call_finish(struct call *call, struct scripted_server *server)
{
    struct heard heard;
    call_end(call);
    scripted_server_finish(server, &heard);
    assert_string_equal(heard.wrong, "");
    return heard;
}
