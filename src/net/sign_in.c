#include "net/sign_in.h"

#include <string.h>
#include <strings.h>

#include "net/transport.h"
#include "net/verdict.h"

static const struct {
    const char *verb;
    enum smtp_phase phase;
    bool forgets; /* what was offered before it; RFC 4954 4: signing in does not */
} COMMANDS[] = {
    {"EHLO ", SMTP_GREETING, true},
    {"HELO ", SMTP_GREETING, true},
    {"STARTTLS", SMTP_SECURING, true},
    {"AUTH ", SMTP_AUTHENTICATING, false},
    {0},
};

static const struct {
    const char *keyword;
    unsigned extension;
} KEYWORDS[] = {
    {"SIZE", SMTP_HAS_SIZE},
    {"8BITMIME", SMTP_HAS_8BITMIME},
    {"SMTPUTF8", SMTP_HAS_UTF8},
    {"PIPELINING", SMTP_HAS_PIPELINING},
    {0},
};

static void follow_command(struct sign_in *sign_in, const char *data, size_t size)
{
    sign_in->reply = (struct reply){0};
    if (sign_in->phase == SMTP_AUTHENTICATING)
        return; /* what follows AUTH is a secret, not a command */
    for (size_t i = 0; COMMANDS[i].verb; i++) {
        size_t length = strlen(COMMANDS[i].verb);
        if (size >= length && memcmp(data, COMMANDS[i].verb, length) == 0) {
            sign_in->phase = COMMANDS[i].phase;
            if (COMMANDS[i].forgets)
                sign_in->extensions = 0;
        }
    }
}

static unsigned extension_of(const char *line, size_t size)
{
    for (size_t i = 0; KEYWORDS[i].keyword; i++) {
        size_t length = strlen(KEYWORDS[i].keyword);
        if (size > length && strncasecmp(line, KEYWORDS[i].keyword, length) == 0 &&
            strchr(" \r\n", line[length]))
            return KEYWORDS[i].extension;
    }
    return 0;
}

static void follow_line(struct sign_in *sign_in, const char *line, size_t size)
{
    if (sign_in->reply.is_whole)
        sign_in->reply = (struct reply){0};
    bool is_first = !sign_in->reply.lines;
    if (reply_add_line(&sign_in->reply, line, size) && sign_in->phase == SMTP_GREETING &&
        !is_first && size > 4)
        sign_in->extensions |= extension_of(line + 4, size - 4);
}

static void follow_handshake(struct sign_in *sign_in)
{
    if (sign_in->phase == SMTP_CONNECTING)
        sign_in->phase = SMTP_SECURING;
}

int sign_in_follow(CURL *curl, curl_infotype type, char *data, size_t size, void *context)
{
    (void)curl;
    if (type == CURLINFO_HEADER_OUT)
        follow_command(context, data, size);
    else if (type == CURLINFO_HEADER_IN)
        follow_line(context, data, size);
    else if (type == CURLINFO_SSL_DATA_OUT)
        follow_handshake(context);
    return 0;
}

enum { ANY_PHASE = -1 };

/* The first row that fits both libcurl's result and the phase that was followed. */
static const struct failure {
    CURLcode code;
    int followed;
    int phase; /* ANY_PHASE: the one that was followed */
    enum smtp_outcome outcome;
    const char *what;
    bool has_detail;
} FAILURES[] = {
    {CURLE_COULDNT_RESOLVE_HOST, ANY_PHASE, SMTP_CONNECTING, SMTP_TRY_LATER,
     "the host was not found", false},
    {CURLE_COULDNT_CONNECT, ANY_PHASE, SMTP_CONNECTING, SMTP_TRY_LATER, "nobody answers there",
     true},
    {CURLE_PEER_FAILED_VERIFICATION, ANY_PHASE, SMTP_SECURING, SMTP_TRY_LATER,
     "the server's certificate is not trusted", true},
    {CURLE_SSL_CACERT_BADFILE, ANY_PHASE, SMTP_SECURING, SMTP_TRY_LATER,
     "the file of trusted certificates cannot be read", false},
    {CURLE_SSL_CONNECT_ERROR, ANY_PHASE, SMTP_SECURING, SMTP_TRY_LATER, "TLS was not agreed on",
     true},
    {CURLE_USE_SSL_FAILED, ANY_PHASE, SMTP_SECURING, SMTP_SIGN_IN, "STARTTLS is not offered",
     false},
    /* For XOAUTH2 libcurl stops at the 334 that carries the reason, and hears no code. */
    {CURLE_LOGIN_DENIED, SMTP_AUTHENTICATING, SMTP_AUTHENTICATING, SMTP_SIGN_IN,
     "the access token or password was refused", false},
    {CURLE_LOGIN_DENIED, ANY_PHASE, SMTP_AUTHENTICATING, SMTP_SIGN_IN,
     "no way to sign in is offered that fits the credentials", false},
    {CURLE_OK, ANY_PHASE, SMTP_AUTHENTICATING, SMTP_SIGN_IN,
     "a user name is given, but signing in (AUTH) is not offered", false},
    {CURLE_OPERATION_TIMEDOUT, ANY_PHASE, ANY_PHASE, SMTP_TRY_LATER, "no answer came in time",
     false},
    {CURLE_GOT_NOTHING, ANY_PHASE, ANY_PHASE, SMTP_TRY_LATER, "the connection was closed", false},
    {CURLE_RECV_ERROR, ANY_PHASE, ANY_PHASE, SMTP_TRY_LATER, "the connection was closed", false},
    {CURLE_SEND_ERROR, ANY_PHASE, ANY_PHASE, SMTP_TRY_LATER, "the connection was closed", false},
    {CURLE_WEIRD_SERVER_REPLY, ANY_PHASE, ANY_PHASE, SMTP_TRY_LATER, "what came is no SMTP reply",
     false},
    {CURL_LAST, ANY_PHASE, ANY_PHASE, SMTP_TRY_LATER, "the connection failed", true},
};

static const struct failure *failure_of(CURLcode code, enum smtp_phase followed)
{
    const struct failure *failure = FAILURES;
    while (failure->code != CURL_LAST &&
           (failure->code != code ||
            (failure->followed != ANY_PHASE && failure->followed != (int)followed)))
        failure++;
    return failure;
}

static const char *detail_of(const struct sign_in *sign_in, CURL *curl, CURLcode code)
{
    long number = 0;
    curl_easy_getinfo(curl, CURLINFO_OS_ERRNO, &number);
    if (code == CURLE_COULDNT_CONNECT && number)
        return strerrordesc_np((int)number);
    if (!*sign_in->trouble)
        return curl_easy_strerror(code);
    return code == CURLE_PEER_FAILED_VERIFICATION ? transport_tls_words(sign_in->trouble)
                                                  : sign_in->trouble;
}

/* Waiting for the greeting gives nothing to follow; the clocks of the handshakes tell it. */
static bool is_waiting_for_greeting(const struct sign_in *sign_in, CURL *curl,
                                    enum smtp_security security)
{
    curl_off_t done = 0;
    curl_easy_getinfo(
        curl, security == SMTP_TLS ? CURLINFO_APPCONNECT_TIME_T : CURLINFO_CONNECT_TIME_T, &done);
    return done && sign_in->phase == (security == SMTP_TLS ? SMTP_SECURING : SMTP_CONNECTING);
}

void sign_in_explain(struct sign_in *sign_in, CURL *curl, CURLcode code,
                     const struct smtp_server *server, struct arena *arena,
                     struct smtp_result *result)
{
    const char *where = arena_format(arena, "%s:%d", server->host, (int)server->port);
    if (is_waiting_for_greeting(sign_in, curl, server->security))
        sign_in->phase = SMTP_GREETING;
    if (sign_in->reply.is_whole && sign_in->reply.code >= 400) {
        bool is_token = sign_in->phase == SMTP_AUTHENTICATING && server->bearer_token;
        verdict_reply(result, sign_in->phase, &sign_in->reply, where,
                      is_token ? "the access token" : NULL, arena);
        return;
    }
    const struct failure *failure = failure_of(code, sign_in->phase);
    bool is_anywhere = failure->phase == ANY_PHASE;
    result->outcome = failure->outcome;
    result->phase = is_anywhere ? sign_in->phase : (enum smtp_phase)failure->phase;
    result->code = 0;
    result->message = arena_format(
        arena, "%s: %s%s%s%s%s", where, failure->what, is_anywhere ? " " : "",
        is_anywhere ? verdict_when(result->phase) : "", failure->has_detail ? ": " : "",
        failure->has_detail ? detail_of(sign_in, curl, code) : "");
}
