#include "net/transport.h"

#include <string.h>

#include "base/clock.h"
#include "base/text.h"

/* libcurl's times do not tell a connection that waits for TLS from one that is not there. */
static CURLcode secure(CURL *curl, void *tls, void *context)
{
    (void)curl;
    (void)tls;
    ((struct transport *)context)->is_securing = true;
    return CURLE_OK;
}

static void set_security(CURL *curl, struct transport *transport)
{
    curl_easy_setopt(curl, CURLOPT_SSL_CTX_FUNCTION, secure);
    curl_easy_setopt(curl, CURLOPT_SSL_CTX_DATA, transport);
    transport->is_untrusting = !trust_prepare(curl, &transport->trust);
}

/* libcurl calls this whenever something moved, and at least once a second. Its own measure of low
 * speed is an average of seconds, and would run on after the last byte. */
static int watch(void *context, curl_off_t to_come, curl_off_t came, curl_off_t to_go,
                 curl_off_t gone)
{
    (void)to_come;
    (void)to_go;
    struct transport *transport = context;
    if (transport->is_called_off && *transport->is_called_off)
        return 1;
    if (!transport->moved_ms)
        return 0;
    int64_t now_ms = clock_steady_ms();
    if (came + gone != transport->moved) {
        transport->moved = came + gone;
        transport->moved_ms = now_ms;
    }
    transport->is_stalled = now_ms - transport->moved_ms > transport->stall_timeout_ms;
    return transport->is_stalled;
}

void transport_prepare(CURL *curl, struct transport *transport)
{
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_PROXY, ""); /* none, whatever the environment says */
    curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_QUICK_EXIT, 1L); /* a slow resolver is not waited for */
    curl_easy_setopt(curl, CURLOPT_TCP_NODELAY, 1L);
    curl_easy_setopt(curl, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)transport->connect_timeout_ms);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)transport->total_timeout_ms);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, watch);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, transport);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, transport->trouble);
    set_security(curl, transport);
}

void transport_leave(CURL *curl)
{
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 1L);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, NULL);
    curl_easy_setopt(curl, CURLOPT_SSL_CTX_FUNCTION, NULL);
    curl_easy_setopt(curl, CURLOPT_SSL_CTX_DATA, NULL);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, NULL);
}

void transport_begin(struct transport *transport)
{
    transport->moved_ms = clock_steady_ms();
}

/* What of libcurl's own words is worth telling: never its text on a connection, which has the
 * address in it. */
enum detail { NO_DETAIL, SYSTEM_DETAIL, TLS_DETAIL };

static const struct failure {
    CURLcode code;
    enum detail detail;
    const char *what;
} FAILURES[] = {
    {CURLE_COULDNT_RESOLVE_HOST, NO_DETAIL, "the host was not found"},
    {CURLE_COULDNT_CONNECT, SYSTEM_DETAIL, "nobody answers there"},
    {CURLE_PEER_FAILED_VERIFICATION, TLS_DETAIL, "the server's certificate is not trusted"},
    {CURLE_SSL_CACERT_BADFILE, NO_DETAIL, "the file of trusted certificates cannot be read"},
    {CURLE_SSL_PINNEDPUBKEYNOTMATCH, NO_DETAIL,
     "the server's certificate is not the one that is trusted"},
    {CURLE_NOT_BUILT_IN, NO_DETAIL, "this server's TLS library knows no certificates of a mailbox"},
    {CURLE_SSL_CONNECT_ERROR, TLS_DETAIL, "TLS was not agreed on"},
    {CURLE_OPERATION_TIMEDOUT, NO_DETAIL, "it took too long"},
    {CURLE_GOT_NOTHING, NO_DETAIL, "the connection was closed"},
    {CURLE_RECV_ERROR, NO_DETAIL, "the connection was closed"},
    {CURLE_SEND_ERROR, NO_DETAIL, "the connection was closed"},
    {CURLE_PARTIAL_FILE, NO_DETAIL, "the connection was closed"},
    {CURLE_HTTP2, NO_DETAIL, "the connection was closed"},
    {CURLE_HTTP2_STREAM, NO_DETAIL, "the connection was closed"},
    {CURLE_WEIRD_SERVER_REPLY, NO_DETAIL, "what came is no HTTP reply"},
    {CURLE_UNSUPPORTED_PROTOCOL, NO_DETAIL, "what came is no HTTP reply"},
    {CURLE_BAD_CONTENT_ENCODING, NO_DETAIL, "what came is no HTTP reply"},
    {CURLE_OUT_OF_MEMORY, NO_DETAIL, "a line of the reply's header is too long"}, /* its limit */
    {CURL_LAST, NO_DETAIL, "the connection failed"},
};

/* Nothing that the server wrote. */
static const char *transport_tls_words(const char *trouble)
{
    const char *colon = strstr(trouble, ": ");
    const char *words = colon ? colon + 2 : trouble;
    /* Behind this stands the name that the server's certificate gives. */
    return text_starts(words, "certificate subject name") ? "it is for another host" : words;
}

static const char *detail_of(const struct transport *transport, CURL *curl, enum detail detail)
{
    if (detail == TLS_DETAIL)
        return *transport->trouble ? transport_tls_words(transport->trouble) : NULL;
    long number = 0;
    curl_easy_getinfo(curl, CURLINFO_OS_ERRNO, &number);
    return detail == SYSTEM_DETAIL && number ? strerrordesc_np((int)number) : NULL;
}

const char *transport_explain(const struct transport *transport, CURL *curl, CURLcode code,
                              struct arena *arena)
{
    if (transport->is_stalled && code == CURLE_ABORTED_BY_CALLBACK)
        return "not a byte moved for too long";
    if (transport->is_called_off && *transport->is_called_off)
        return "it was called off";
    const struct failure *failure = FAILURES;
    while (failure->code != CURL_LAST && failure->code != code)
        failure++;
    const char *detail = detail_of(transport, curl, failure->detail);
    return detail ? arena_format(arena, "%s: %s", failure->what, detail) : failure->what;
}
