#include "net/connection.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "net/mail_guard.h"

static void add_part(struct sha256 *sha, const char *part)
{
    sha256_add(sha, part ? "+" : "-", 1);
    sha256_add(sha, text_or(part, ""), strlen(text_or(part, "")) + 1);
}

/* The hash spares keeping the secrets once more, and comparing eight texts. */
static const char *identity_of(const struct smtp_server *server, struct arena *arena)
{
    const char *parts[] = {
        server->host,       server->username,      server->password,     server->bearer_token,
        server->hello_name, server->trust.ca_file, server->trust.ca_pem, server->trust.fingerprints,
    };
    int64_t numbers[] = {server->port, (int64_t)server->security};
    struct sha256 sha;
    sha256_start(&sha);
    sha256_add(&sha, numbers, sizeof numbers);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        add_part(&sha, parts[i]);
    return sha256_finish(&sha, arena);
}

/* What may stand in the host and hello part of the URL: no delimiter of one. */
static bool is_name(const char *name)
{
    for (; *name; name++)
        if ((unsigned char)*name <= ' ' || *name == 0x7F ||
            strchr("/@?#%\\<>\"'{}|^`&;=+,*", *name))
            return false;
    return true;
}

static const char *fault_of(const struct smtp_server *server)
{
    if (text_is_empty(server->host) || !is_name(server->host) || strpbrk(server->host, "[]"))
        return "the host is not a host name";
    if (server->port < 1 || server->port > 65535)
        return "the port is not between 1 and 65535";
    if (server->hello_name && (text_is_empty(server->hello_name) || !is_name(server->hello_name)))
        return "the hello name is not a host name";
    if (text_has_control(server->username))
        return "the user name has a control character";
    if (text_has_control(server->bearer_token))
        return "the access token has a control character";
    return NULL;
}

/* RFC 5321 4.1.1.1 wants a full name, or the literal of an address. */
static const char *hello_of(const struct smtp_server *server, struct arena *arena)
{
    char name[256];
    if (server->hello_name)
        return server->hello_name;
    if (gethostname(name, sizeof name) == 0 && memchr(name, '\0', sizeof name) &&
        strchr(name, '.') && is_name(name))
        return arena_copy(arena, name);
    return "[127.0.0.1]";
}

static void connection_bar(const struct smtp_server *server, const struct mail_refusal *refusal,
                           struct arena *arena, struct smtp_result *ret_result)
{
    *ret_result = (struct smtp_result){
        .outcome = SMTP_TRY_LATER,
        .phase = SMTP_CONNECTING,
        .is_barred = true,
        .message = arena_format(arena, "%s:%d: the %s %s", server->host, (int)server->port,
                                refusal->field, refusal->what),
    };
}

/* A server that closes after it has refused one way to sign in is asked for the next one over
 * another connection. */
static bool connection_sign_in(struct smtp_connection *connection, const struct smtp_server *server,
                               struct arena *arena, struct smtp_result *ret_result)
{
    struct smtp_server named = *server;
    named.hello_name = hello_of(server, arena);
    struct sign_in sign_in = {
        .server = &named,
        .arena = arena,
        .result = ret_result,
        .dial = {.host = server->host,
                 .port = server->port,
                 .trust = server->trust,
                 .guard = {.allow_private = server->allow_private}},
    };
    struct smtp_result before = *ret_result;
    bool is_signed_in = false;
    do {
        sign_in.dial.deadline_ms = clock_steady_ms() + server->connect_timeout_ms;
        is_signed_in = sign_in_run(&sign_in);
    } while (!is_signed_in && sign_in.is_cut);
    if (!is_signed_in)
        return false;
    *ret_result = before; /* one way to sign in may have been refused */
    connection->wire = sign_in.wire;
    connection->hello = sign_in.hello;
    return true;
}

static bool connection_take_turn(struct smtp_connection *connection,
                                 const struct smtp_server *server, struct arena *arena,
                                 struct smtp_result *ret_result)
{
    const struct smtp_turn *turn = server->username ? server->turn : NULL;
    if (turn && !turn->begin(turn->context, arena, ret_result))
        return false;
    bool is_signed_in = connection_sign_in(connection, server, arena, ret_result);
    if (turn)
        turn->end(turn->context, is_signed_in, ret_result);
    return is_signed_in;
}

bool connection_open(struct smtp_connection *connection, const struct smtp_server *server,
                     struct arena *arena, struct smtp_result *ret_result)
{
    const char *identity = identity_of(server, arena);
    if (connection->wire.curl && text_equal(identity, connection->identity) &&
        wire_is_quiet(&connection->wire))
        return true;
    connection_close(connection);
    const char *fault = fault_of(server);
    if (fault) {
        *ret_result = (struct smtp_result){.outcome = SMTP_SIGN_IN, .message = fault};
        return false;
    }
    const struct mail_refusal *refusal = mail_guard_port(server->port);
    if (refusal) {
        connection_bar(server, refusal, arena, ret_result);
        return false;
    }
    if (!connection_take_turn(connection, server, arena, ret_result))
        return false;
    memcpy(connection->identity, identity, sizeof connection->identity);
    return true;
}

void connection_close(struct smtp_connection *connection)
{
    if (connection->wire.curl && wire_is_quiet(&connection->wire))
        wire_write(&connection->wire, "QUIT\r\n", 6, clock_steady_ms());
    connection_drop(connection);
}

void connection_drop(struct smtp_connection *connection)
{
    curl_easy_cleanup(connection->wire.curl);
    *connection = (struct smtp_connection){0};
}
