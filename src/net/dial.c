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
    curl_easy_setopt(curl, CURLOPT_URL,
                     arena_format(arena, "%s://%s%s%s:%d/", is_secure ? "https" : "http",
                                  is_literal ? "[" : "", dial->host, is_literal ? "]" : "",
                                  (int)dial->port));
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_CONNECT_ONLY, 1L);
    curl_easy_setopt(curl, CURLOPT_PROXY, ""); /* none, whatever the environment says */
    curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_QUICK_EXIT, 1L); /* a slow resolver is not waited for */
    curl_easy_setopt(curl, CURLOPT_TCP_NODELAY, 1L);
    curl_easy_setopt(curl, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(curl, CURLOPT_BUFFERSIZE, 4096L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)(rest_ms > 1 ? rest_ms : 1));
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, dial->trouble);
    curl_easy_setopt(curl, CURLOPT_SSL_ENABLE_ALPN, 0L); /* no HTTP is spoken */
    return curl;
}

static CURLcode dial_end(CURL *curl, CURLcode code, struct wire *wire)
{
    if (code != CURLE_OK) {
        curl_easy_cleanup(curl);
        return code;
    }
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, NULL);
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
    curl_easy_getinfo(curl, CURLINFO_OS_ERRNO, &dial->error_number);
    return dial_end(curl, code, wire);
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
    dial->error_number = 0;
    if (socket == CURL_SOCKET_BAD) {
        curl_easy_cleanup(clear);
        return CURLE_COULDNT_CONNECT;
    }
    CURL *curl = dial_prepare(dial, true, arena);
    dial->is_securing = true;
    CURLcode code = trust_prepare(curl, &dial->trust)
                        ? dial_perform_over(curl, clear, &socket, arena)
                        : CURLE_NOT_BUILT_IN;
    if (code == CURLE_OK && !trust_holds(curl, &dial->trust, arena, &dial->found))
        code = CURLE_SSL_PINNEDPUBKEYNOTMATCH;
    if (socket != CURL_SOCKET_BAD)
        close(socket);
    curl_easy_cleanup(clear); /* closes its own descriptor; the connection stands by the other */
    return dial_end(curl, code, wire);
}

/* What of libcurl's own words is worth telling. */
enum dial_detail { DIAL_NO_DETAIL, DIAL_SYSTEM, DIAL_TLS, DIAL_FINGERPRINT };

static const struct {
    CURLcode code;
    enum dial_detail detail;
    const char *what;
} DIAL_FAILURES[] = {
    {CURLE_COULDNT_RESOLVE_HOST, DIAL_NO_DETAIL, "the host was not found"},
    {CURLE_COULDNT_CONNECT, DIAL_SYSTEM, "nobody answers there"},
    {CURLE_PEER_FAILED_VERIFICATION, DIAL_TLS, "the server's certificate is not trusted"},
    {CURLE_SSL_CACERT_BADFILE, DIAL_NO_DETAIL, "the file of trusted certificates cannot be read"},
    {CURLE_SSL_PINNEDPUBKEYNOTMATCH, DIAL_FINGERPRINT,
     "the server's certificate is not the one that is trusted; its SHA-256 fingerprint is"},
    {CURLE_NOT_BUILT_IN, DIAL_NO_DETAIL,
     "this server's TLS library knows no certificates of a mailbox"},
    {CURLE_SSL_CONNECT_ERROR, DIAL_TLS, "TLS was not agreed on"},
    {CURLE_OPERATION_TIMEDOUT, DIAL_NO_DETAIL, "no answer came in time"},
    {CURL_LAST, DIAL_NO_DETAIL, "the connection failed"},
};

const char *dial_explain(const struct dial *dial, CURLcode code, struct arena *arena)
{
    size_t i = 0;
    while (DIAL_FAILURES[i].code != CURL_LAST && DIAL_FAILURES[i].code != code)
        i++;
    const char *detail = NULL;
    if (DIAL_FAILURES[i].detail == DIAL_SYSTEM && dial->error_number)
        detail = strerrordesc_np((int)dial->error_number);
    if (DIAL_FAILURES[i].detail == DIAL_TLS)
        detail = *dial->trouble ? transport_tls_words(dial->trouble) : curl_easy_strerror(code);
    if (DIAL_FAILURES[i].detail == DIAL_FINGERPRINT)
        detail = text_is_empty(dial->found) ? "not known" : dial->found;
    return detail ? arena_format(arena, "%s: %s", DIAL_FAILURES[i].what, detail)
                  : DIAL_FAILURES[i].what;
}
