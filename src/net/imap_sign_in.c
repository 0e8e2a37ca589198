#include "net/imap_sign_in.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "net/imap_pin.h"
#include "net/mail_guard.h"

const char *imap_where(const struct imap_server *server, struct arena *arena)
{
    bool is_literal = strchr(server->host, ':');
    return arena_format(arena, "%s%s%s:%d", is_literal ? "[" : "", server->host,
                        is_literal ? "]" : "", (int)server->port);
}

/* Nothing that could be more than a host in a URL, or more than a word in a command. */
static const struct fault {
    const char *field, *what;
} * fault_of(const struct imap_server *server)
{
    static const struct fault HOST = {"host", "is not a host name"},
                              PORT = {"port", "is not between 1 and 65535"},
                              USERNAME = {"username", "is missing, or has a control character"},
                              PASSWORD = {"password", "is missing, or has a control character"};
    static const char ALLOWED[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                  ".-_:";
    if (text_is_empty(server->host) || server->host[strspn(server->host, ALLOWED)])
        return &HOST;
    if (server->port < 1 || server->port > 65535)
        return &PORT;
    if (text_is_empty(server->username) || text_has_control(server->username))
        return &USERNAME;
    if (text_is_empty(server->password) || text_has_control(server->password))
        return &PASSWORD;
    return NULL;
}

/* A line is: a tag, a space, a word. */
static bool second_word_is(const char *line, size_t size, const char *word)
{
    const char *space = memchr(line, ' ', size);
    size_t length = strlen(word);
    return space && size - (size_t)(space - line) > length &&
           strncasecmp(space + 1, word, length) == 0;
}

/* What follows the word is not kept: it may be any service that says so, and meant for others. */
static void follow_line(struct imap_sign_in *sign_in, const char *line, size_t size)
{
    static const struct {
        const char *start, *word;
    } REFUSALS[] = {{"NO ", "NO"}, {"BAD ", "BAD"}, {"BYE ", "BYE"}};
    for (size_t i = 0; i < sizeof REFUSALS / sizeof *REFUSALS; i++)
        if (second_word_is(line, size, REFUSALS[i].start))
            sign_in->said = REFUSALS[i].word;
}

/* libcurl's own result does not tell what the server said. What a command holds is not looked at
 * beyond its name: it may be a password. */
static int follow(CURL *curl, curl_infotype type, char *data, size_t size, void *context)
{
    (void)curl;
    struct imap_sign_in *sign_in = context;
    if (type == CURLINFO_HEADER_IN)
        follow_line(sign_in, data, size);
    else if (type == CURLINFO_HEADER_OUT)
        sign_in->is_asked |= second_word_is(data, size, "AUTHENTICATE ") ||
                             second_word_is(data, size, "LOGIN ");
    return 0;
}

static void prepare(CURL *curl, struct imap_sign_in *sign_in, const struct imap_server *server,
                    struct arena *arena)
{
    transport_prepare(curl, &sign_in->transport);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "imap,imaps");
    curl_easy_setopt(curl, CURLOPT_URL,
                     arena_format(arena, "%s://%s/",
                                  server->security == IMAP_TLS ? "imaps" : "imap",
                                  imap_where(server, arena)));
    curl_easy_setopt(curl, CURLOPT_USE_SSL,
                     server->security == IMAP_PLAIN ? CURLUSESSL_NONE : CURLUSESSL_ALL);
    curl_easy_setopt(curl, CURLOPT_USERNAME, server->username);
    curl_easy_setopt(curl, CURLOPT_PASSWORD, server->password);
    curl_easy_setopt(curl, CURLOPT_CONNECT_ONLY, 1L);
    curl_easy_setopt(curl, CURLOPT_BUFFERSIZE, 4096L);
    curl_easy_setopt(curl, CURLOPT_VERBOSE, 1L);
    curl_easy_setopt(curl, CURLOPT_DEBUGFUNCTION, follow);
    curl_easy_setopt(curl, CURLOPT_DEBUGDATA, sign_in);
}

/* The first row that fits; what is in none of them, transport_explain says. */
static const struct failure {
    CURLcode code;
    const char *field, *what;
} FAILURES[] = {
    {CURLE_USE_SSL_FAILED, "security", "STARTTLS is not offered"},
    {CURLE_SSL_CONNECT_ERROR, "security", NULL},
    {CURLE_LOGIN_DENIED, "security", "no way to sign in is offered that fits the credentials"},
    {CURLE_WEIRD_SERVER_REPLY, "host", "what came is no IMAP"},
    {CURL_LAST, "host", NULL},
};

static void explain(const struct imap_sign_in *sign_in, const struct mail_guard *guard, CURL *curl,
                    CURLcode code, const struct imap_server *server, struct arena *arena,
                    struct error *error)
{
    const char *where = imap_where(server, arena);
    const struct failure *failure = FAILURES;
    while (failure->code != CURL_LAST && failure->code != code)
        failure++;
    if (guard->refused)
        fail(error, ERROR_INVALID, guard->refused->field, "%s: the %s %s", where,
             guard->refused->field, guard->refused->what);
    else if (code == CURLE_LOGIN_DENIED && sign_in->is_asked)
        fail(error, ERROR_PROVIDER, "password", "%s: the user name or password was refused: %s",
             where, sign_in->said ? sign_in->said : "NO");
    else if (sign_in->said)
        fail(error, ERROR_PROVIDER, failure->field, "%s: the server refused: %s", where,
             sign_in->said);
    else
        fail(error, ERROR_PROVIDER, failure->field, "%s: %s", where,
             failure->what ? failure->what
                           : transport_explain(&sign_in->transport, curl, code, arena));
}

CURL *imap_sign_in_run(struct imap_sign_in *sign_in, const struct imap_server *server,
                       struct arena *arena, struct error *error)
{
    const struct fault *fault = fault_of(server);
    if (fault) {
        fail(error, ERROR_PROVIDER, fault->field, "the %s %s", fault->field, fault->what);
        return NULL;
    }
    const struct mail_refusal *refusal = mail_guard_port(server->port);
    if (refusal) {
        fail(error, ERROR_INVALID, refusal->field, "%s: the %s %s", imap_where(server, arena),
             refusal->field, refusal->what);
        return NULL;
    }
    struct tls_trust trust = server->trust;
    if (trust.fingerprints && server->security != IMAP_PLAIN &&
        !imap_pin(server, imap_where(server, arena), arena, &trust.public_key, error))
        return NULL;
    CURL *curl = curl_easy_init();
    if (!curl)
        abort();
    sign_in->transport = (struct transport){
        .trust = trust,
        .connect_timeout_ms = server->connect_timeout_ms,
        .total_timeout_ms = server->total_timeout_ms,
    };
    struct mail_guard guard = {.allow_private = server->allow_private};
    prepare(curl, sign_in, server, arena);
    mail_guard_watch(&guard, curl);
    CURLcode code = sign_in->transport.is_untrusting ? CURLE_NOT_BUILT_IN : curl_easy_perform(curl);
    mail_guard_leave(curl);
    if (code == CURLE_OK) {
        curl_easy_setopt(curl, CURLOPT_VERBOSE, 0L);
        return curl;
    }
    explain(sign_in, &guard, curl, code, server, arena, error);
    curl_easy_cleanup(curl);
    return NULL;
}
