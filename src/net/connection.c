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
    const char *parts[] = {server->host,         server->username,   server->password,
                           server->bearer_token, server->hello_name, server->ca_file};
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

static const char *url_of(const struct smtp_server *server, struct arena *arena)
{
    bool is_literal = strchr(server->host, ':');
    return arena_format(arena, "%s://%s%s%s:%d/%s", server->security == SMTP_TLS ? "smtps" : "smtp",
                        is_literal ? "[" : "", server->host, is_literal ? "]" : "",
                        (int)server->port, hello_of(server, arena));
}

static void set_credentials(CURL *curl, const struct smtp_server *server)
{
    if (!server->username)
        return;
    curl_easy_setopt(curl, CURLOPT_USERNAME, server->username);
    if (server->bearer_token) {
        curl_easy_setopt(curl, CURLOPT_XOAUTH2_BEARER, server->bearer_token);
        curl_easy_setopt(curl, CURLOPT_LOGIN_OPTIONS, "AUTH=XOAUTH2");
        return;
    }
    curl_easy_setopt(curl, CURLOPT_PASSWORD, text_or(server->password, ""));
    curl_easy_setopt(curl, CURLOPT_LOGIN_OPTIONS,
                     "AUTH=SCRAM-SHA-256;AUTH=SCRAM-SHA-1;AUTH=CRAM-MD5;AUTH=PLAIN;AUTH=LOGIN");
}

static void set_security(CURL *curl, const struct smtp_server *server)
{
    curl_easy_setopt(curl, CURLOPT_USE_SSL,
                     server->security == SMTP_PLAIN ? CURLUSESSL_NONE : CURLUSESSL_ALL);
    curl_easy_setopt(curl, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
    /* A cache of the system's certificates per connection is megabytes per mailbox. */
    curl_easy_setopt(curl, CURLOPT_CA_CACHE_TIMEOUT, 0L);
    if (server->ca_file) {
        curl_easy_setopt(curl, CURLOPT_CAINFO, server->ca_file);
        curl_easy_setopt(curl, CURLOPT_CAPATH, NULL);
    } else if (curl_version_info(CURLVERSION_NOW)->capath) {
        /* The folder is looked up by name; the file is read whole, each time. */
        curl_easy_setopt(curl, CURLOPT_CAINFO, NULL);
    }
}

static void set_options(CURL *curl, const struct smtp_server *server, struct sign_in *sign_in,
                        struct arena *arena)
{
    curl_easy_setopt(curl, CURLOPT_URL, url_of(server, arena));
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(curl, CURLOPT_CONNECT_ONLY, 1L);
    curl_easy_setopt(curl, CURLOPT_PROXY, ""); /* none, whatever the environment says */
    curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TCP_NODELAY, 1L);
    curl_easy_setopt(curl, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(curl, CURLOPT_BUFFERSIZE, 4096L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)server->connect_timeout_ms);
    curl_easy_setopt(curl, CURLOPT_SERVER_RESPONSE_TIMEOUT,
                     (long)((server->reply_timeout_ms + 999) / 1000));
    curl_easy_setopt(curl, CURLOPT_VERBOSE, 1L);
    curl_easy_setopt(curl, CURLOPT_DEBUGFUNCTION, sign_in_follow);
    curl_easy_setopt(curl, CURLOPT_DEBUGDATA, sign_in);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, sign_in->trouble);
    set_security(curl, server);
    set_credentials(curl, server);
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

static bool connect_and_sign_in(struct smtp_connection *connection,
                                const struct smtp_server *server, struct arena *arena,
                                struct smtp_result *ret_result)
{
    CURL *curl = curl_easy_init();
    if (!curl)
        abort();
    struct sign_in sign_in = {.phase = SMTP_CONNECTING};
    struct mail_guard guard = {.allow_private = server->allow_private};
    set_options(curl, server, &sign_in, arena);
    mail_guard_watch(&guard, curl);
    CURLcode code = curl_easy_perform(curl);
    mail_guard_leave(curl);
    if (code != CURLE_OK && guard.refused) {
        connection_bar(server, guard.refused, arena, ret_result);
        curl_easy_cleanup(curl);
        return false;
    }
    /* Without AUTH on offer libcurl goes on unsigned; who gave a user name does not mean that. */
    if (code != CURLE_OK || (server->username && sign_in.phase != SMTP_AUTHENTICATING)) {
        sign_in_explain(&sign_in, curl, code, server, arena, ret_result);
        curl_easy_cleanup(curl);
        return false;
    }
    curl_easy_setopt(curl, CURLOPT_VERBOSE, 0L);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, NULL);
    connection->wire = (struct wire){.curl = curl};
    curl_easy_getinfo(curl, CURLINFO_ACTIVESOCKET, &connection->wire.socket);
    connection->extensions = sign_in.extensions;
    return true;
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
    if (!connect_and_sign_in(connection, server, arena, ret_result))
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
