#include "net/fetch_hop.h"

#include <ctype.h>
#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "net/fetch_guard.h"
#include "net/transport.h"

enum { HEAD_SIZE_MAX = 64 * 1024, TYPE_SIZE_MAX = 255 };

struct hop {
    struct transport transport;
    CURL *curl;
    const struct fetch_settings *settings;
    const struct sink *sink;
    struct arena *arena;
    uint64_t size;
    size_t head_size;
    bool is_head;    /* the reply's header is complete */
    bool is_refused; /* a connection would have gone to an address that may not be */
    bool is_over;    /* more than size_limit */
    bool is_encoded;
    bool is_answered; /* other than with a body for us; the rest is of no interest */
    bool is_unwanted; /* by the sink */
    struct error sink_error;
};

/* The last look: whatever was looked up before, this is where the connection goes. */
static curl_socket_t open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
    (void)purpose;
    struct hop *hop = context;
    if (!fetch_guard_admits(hop->settings, &address->addr)) {
        hop->is_refused = true;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static int begin(void *context, char *address, char *own_address, int port, int own_port)
{
    (void)address;
    (void)own_address;
    (void)port;
    (void)own_port;
    transport_begin(&((struct hop *)context)->transport);
    return CURL_PREREQFUNC_OK;
}

/* NULL: it is missing, or empty. */
static const char *header_of(const struct hop *hop, const char *name)
{
    struct curl_header *header = NULL;
    if (curl_easy_header(hop->curl, name, 0, CURLH_HEADER, -1, &header) != CURLHE_OK)
        return NULL;
    const char *value = text_trim(header->value, hop->arena); /* libcurl leaves a lone CR */
    return *value ? value : NULL;
}

static long status_of(CURL *curl)
{
    long status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    return status;
}

/* The header is complete: whether the body is wanted. */
static bool is_welcome(struct hop *hop)
{
    const char *encoding = header_of(hop, "Content-Encoding");
    const char *length = header_of(hop, "Content-Length");
    hop->is_answered = status_of(hop->curl) != 200;
    hop->is_encoded = encoding && !text_equal_nocase(encoding, "identity");
    hop->is_over = length && strtoull(length, NULL, 10) > hop->settings->size_limit;
    return !hop->is_answered && !hop->is_encoded && !hop->is_over;
}

static size_t take_header(char *line, size_t item_size, size_t count, void *context)
{
    struct hop *hop = context;
    size_t size = item_size * count;
    hop->head_size += size;
    if (hop->head_size > HEAD_SIZE_MAX)
        return 0;
    bool is_end = size && (line[0] == '\r' || line[0] == '\n');
    if (!is_end || hop->is_head || status_of(hop->curl) < 200)
        return size;
    hop->is_head = true;
    return is_welcome(hop) ? size : 0;
}

static size_t take_body(char *data, size_t item_size, size_t count, void *context)
{
    struct hop *hop = context;
    size_t size = item_size * count;
    if (size > hop->settings->size_limit - hop->size) {
        hop->is_over = true;
        return 0;
    }
    if (!hop->sink->write(hop->sink->context, data, size, &hop->sink_error)) {
        hop->is_unwanted = true;
        return 0;
    }
    hop->size += size;
    return size;
}

static void prepare(struct hop *hop, const struct fetch_url *url, struct curl_slist *pins)
{
    CURL *curl = hop->curl;
    transport_prepare(curl, &hop->transport);
    curl_easy_setopt(curl, CURLOPT_URL, url->text);
    curl_easy_setopt(curl, CURLOPT_RESOLVE, pins);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, hop);
    curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "Outtray");
    curl_easy_setopt(curl, CURLOPT_PREREQFUNCTION, begin);
    curl_easy_setopt(curl, CURLOPT_PREREQDATA, hop);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, hop);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, hop);
}

static bool is_type(const char *text)
{
    unsigned slashes = 0;
    for (const char *at = text; *at; at++) {
        slashes += *at == '/';
        if (!isalnum((unsigned char)*at) && !strchr("/!#$&^_.+-", *at))
            return false; /* RFC 6838 4.2 */
    }
    return slashes == 1 && *text != '/' && text[strlen(text) - 1] != '/';
}

/* "Application/PDF; x=y": "application/pdf". */
static const char *media_type_of(const char *content_type, struct arena *arena)
{
    size_t size = content_type ? strcspn(content_type, ";, \t") : 0;
    if (!size || size > TYPE_SIZE_MAX)
        return NULL;
    const char *type = text_lower(arena_copy_bytes(arena, content_type, size), arena);
    return is_type(type) ? type : NULL;
}

static bool is_redirect(long status)
{
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

static bool check_status(const struct hop *hop, const char *what, struct fetch_hop *ret_hop,
                         struct error *error)
{
    long status = status_of(hop->curl);
    *ret_hop = (struct fetch_hop){0};
    if (is_redirect(status)) {
        ret_hop->location = header_of(hop, "Location");
        return ret_hop->location ||
               fail(error, ERROR_INVALID, "", "%s: a redirect (%ld) that does not say where to",
                    what, status);
    }
    if (status != 200)
        return fail(error, ERROR_INVALID, "", "%s: the server answered with status %ld, not 200",
                    what, status);
    ret_hop->fetched = (struct fetched){
        .size = hop->size,
        .media_type = media_type_of(header_of(hop, "Content-Type"), hop->arena),
        .disposition = header_of(hop, "Content-Disposition"),
    };
    return true;
}

static bool explain(const struct hop *hop, CURLcode code, const char *what, struct error *error)
{
    if (hop->is_unwanted) {
        *error = hop->sink_error;
        return false;
    }
    if (hop->is_over)
        return fail(error, ERROR_TOO_LARGE, "", "%s: larger than %llu bytes", what,
                    (unsigned long long)hop->settings->size_limit);
    if (hop->is_encoded)
        return fail(error, ERROR_INVALID, "",
                    "%s: the server compressed it, which it was not asked to", what);
    if (hop->is_refused)
        return fetch_guard_refuse(what, error);
    if (hop->head_size > HEAD_SIZE_MAX)
        return fail(error, ERROR_INVALID, "", "%s: the header of the reply is too large", what);
    bool is_lasting = code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_WEIRD_SERVER_REPLY ||
                      code == CURLE_UNSUPPORTED_PROTOCOL || code == CURLE_OUT_OF_MEMORY;
    return fail(error, is_lasting ? ERROR_INVALID : ERROR_UNAVAILABLE, "", "%s: %s", what,
                transport_explain(&hop->transport, hop->curl, code, hop->arena));
}

static bool ask(struct hop *hop, const struct fetch_url *url, char *pin, const char *what,
                struct fetch_hop *ret_hop, struct error *error)
{
    struct curl_slist pins = {.data = pin};
    prepare(hop, url, pin ? &pins : NULL);
    CURLcode code = curl_easy_perform(hop->curl);
    if (code == CURLE_OK && !hop->is_head) /* it ended before that, which libcurl does not mind */
        code = CURLE_PARTIAL_FILE;
    return code == CURLE_OK || hop->is_answered ? check_status(hop, what, ret_hop, error)
                                                : explain(hop, code, what, error);
}

bool fetch_hop_run(const struct fetch_url *url, const char *what,
                   const struct fetch_settings *settings, const struct sink *sink,
                   int64_t deadline_ms, struct arena *arena, struct fetch_hop *ret_hop,
                   struct error *error)
{
    char *pin;
    if (!fetch_guard_look_up(url, what, settings, deadline_ms, arena, &pin, error))
        return false;
    int64_t rest_ms = deadline_ms - clock_steady_ms();
    struct hop hop = {
        .transport = {.trust = {.ca_file = settings->ca_file},
                      .connect_timeout_ms = settings->connect_timeout_ms,
                      .stall_timeout_ms = settings->stall_timeout_ms,
                      .total_timeout_ms = rest_ms > 0 ? rest_ms : 1},
        .curl = curl_easy_init(),
        .settings = settings,
        .sink = sink,
        .arena = arena,
    };
    if (!hop.curl)
        abort();
    bool is_fine = ask(&hop, url, pin, what, ret_hop, error);
    curl_easy_cleanup(hop.curl);
    return is_fine;
}
