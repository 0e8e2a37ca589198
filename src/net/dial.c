#include "net/dial.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "net/transport.h"

/* Of HTTP libcurl takes the connection alone: the scheme says whether TLS is on it. */
static CURL *dial_prepare(struct dial *dial, bool is_secure, struct arena *arena)
{
    CURL *curl = curl_easy_init();
    if (!curl)
        abort();
    bool is_literal = strchr(dial->host, ':');
    int64_t rest_ms = dial->deadline_ms - clock_steady_ms();
    dial->transport = (struct transport){
        .trust = dial->trust,
        .connect_timeout_ms = rest_ms > 1 ? rest_ms : 1,
    };
    transport_prepare(curl, &dial->transport);
    curl_easy_setopt(curl, CURLOPT_URL,
                     arena_format(arena, "%s://%s%s%s:%d/", is_secure ? "https" : "http",
                                  is_literal ? "[" : "", dial->host, is_literal ? "]" : "",
                                  (int)dial->port));
    curl_easy_setopt(curl, CURLOPT_CONNECT_ONLY, 1L);
    curl_easy_setopt(curl, CURLOPT_BUFFERSIZE, 4096L);
    curl_easy_setopt(curl, CURLOPT_SSL_ENABLE_ALPN, 0L); /* no HTTP is spoken */
    return curl;
}

static const char *dial_explain(const struct dial *dial, CURL *curl, CURLcode code,
                                struct arena *arena)
{
    const char *why = transport_explain(&dial->transport, curl, code, arena);
    if (code != CURLE_SSL_PINNEDPUBKEYNOTMATCH)
        return why;
    return arena_format(arena, "%s; its SHA-256 fingerprint is: %s", why,
                        text_is_empty(dial->found) ? "not known" : dial->found);
}

static CURLcode dial_end(struct dial *dial, CURL *curl, CURLcode code, struct wire *wire,
                         struct arena *arena)
{
    if (code != CURLE_OK) {
        dial->why = dial_explain(dial, curl, code, arena);
        curl_easy_cleanup(curl);
        return code;
    }
    transport_leave(curl);
    *wire = (struct wire){.curl = curl};
    curl_easy_getinfo(curl, CURLINFO_ACTIVESOCKET, &wire->socket);
    return CURLE_OK;
}

CURLcode dial_connect(struct dial *dial, struct wire *wire, struct arena *arena)
{
    CURL *curl = dial_prepare(dial, false, arena);
    dial->is_securing = false;
    mail_guard_watch(&dial->guard, curl);
    CURLcode code = curl_easy_perform(curl);
    mail_guard_leave(curl);
    return dial_end(dial, curl, code, wire, arena);
}

/* The socket that is connected already, once; any other would be another connection. */
static curl_socket_t dial_give_socket(void *context, curlsocktype purpose,
                                      struct curl_sockaddr *address)
{
    (void)purpose;
    (void)address;
    curl_socket_t *socket = context, given = socket ? *socket : CURL_SOCKET_BAD;
    if (socket)
        *socket = CURL_SOCKET_BAD;
    return given;
}

static int dial_is_connected(void *context, curl_socket_t socket, curlsocktype purpose)
{
    (void)context;
    (void)socket;
    (void)purpose;
    return CURL_SOCKOPT_ALREADY_CONNECTED;
}

/* CURLOPT_CONNECT_TO: the host is not looked up again; its name is what the certificate must be
 * for. */
static CURLcode dial_perform_over(CURL *curl, CURL *clear, curl_socket_t *socket,
                                  struct arena *arena)
{
    char *address = NULL;
    long port = 0;
    curl_easy_getinfo(clear, CURLINFO_PRIMARY_IP, &address);
    curl_easy_getinfo(clear, CURLINFO_PRIMARY_PORT, &port);
    bool is_literal = strchr(address, ':');
    struct curl_slist *there = curl_slist_append(NULL, arena_format(arena, "::%s%s%s:%ld",
                                                                    is_literal ? "[" : "", address,
                                                                    is_literal ? "]" : "", port));
    curl_easy_setopt(curl, CURLOPT_CONNECT_TO, there);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, dial_give_socket);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, socket);
    curl_easy_setopt(curl, CURLOPT_SOCKOPTFUNCTION, dial_is_connected);
    CURLcode code = curl_easy_perform(curl);
    curl_easy_setopt(curl, CURLOPT_CONNECT_TO, NULL);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, NULL);
    curl_slist_free_all(there);
    return code;
}

CURLcode dial_secure(struct dial *dial, struct wire *wire, struct arena *arena)
{
    CURL *clear = wire->curl;
    curl_socket_t socket = dup(wire->socket);
    *wire = (struct wire){0};
    CURL *curl = dial_prepare(dial, true, arena);
    dial->is_securing = true;
    CURLcode code = !dial->transport.is_untrusting ? dial_perform_over(curl, clear, &socket, arena)
                                                   : CURLE_NOT_BUILT_IN;
    if (code == CURLE_OK && !trust_holds(curl, &dial->trust, arena, &dial->found))
        code = CURLE_SSL_PINNEDPUBKEYNOTMATCH;
    if (socket != CURL_SOCKET_BAD)
        close(socket);
    curl_easy_cleanup(clear); /* closes its own descriptor; the connection stands by the other */
    return dial_end(dial, curl, code, wire, arena);
}
