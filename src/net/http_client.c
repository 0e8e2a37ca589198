#include "net/http_client.h"

#include <assert.h>
#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "net/http_transfer.h"

const char *const HTTP_PHASE_NAMES[] = {
    [HTTP_NOT_ASKED] = "not asked", [HTTP_CONNECTING] = "connecting",
    [HTTP_SECURING] = "securing",   [HTTP_SENDING] = "sending",
    [HTTP_WAITING] = "waiting",     [HTTP_REPLYING] = "replying",
    [HTTP_REPLIED] = "replied",     NULL,
};

enum {
    MOST_CONNECTIONS = 8,
    /* A server closes what is idle when it likes. If that crosses a request that must not be
     * repeated, nobody knows whether it was heard; so such a request wants a fresher one. */
    IDLE_SECONDS = 60,
    IDLE_SECONDS_ONCE = 10,
};

struct http_client {
    CURL *curl;
};

struct http_client *http_client_create(void)
{
    struct http_client *client = calloc(1, sizeof *client);
    if (!client || !(client->curl = curl_easy_init()))
        abort();
    return client;
}

void http_client_destroy(struct http_client *client)
{
    if (!client)
        return;
    curl_easy_cleanup(client->curl);
    free(client);
}

/* RFC 9110 5.6.2. */
static bool is_token(const char *text)
{
    for (const char *at = text; *at; at++)
        if (*at <= ' ' || *at >= 0x7F || strchr("\"(),/:;<=>?@[\\]{}", *at))
            return false;
    return *text;
}

static const char *header_fault(const struct http_request *request)
{
    const struct http_header *headers = request->headers.items;
    for (size_t i = 0; i < request->headers.count; i++) {
        if (!is_token(headers[i].name))
            return "the name of a header is not one";
        if (text_has_control(headers[i].value))
            return "a header has a control character";
    }
    return NULL;
}

/* What is at fault with the request, or NULL and the server's name. */
static const char *fault_of(const struct http_request *request, struct arena *arena,
                            const char **ret_where)
{
    CURLU *url = curl_url();
    char *host = NULL, *scheme = NULL;
    if (!url)
        abort();
    bool is_url = curl_url_set(url, CURLUPART_URL, request->url, CURLU_DISALLOW_USER) ==
                      CURLUE_OK &&
                  curl_url_get(url, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
                  curl_url_get(url, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
                  (text_equal(scheme, "https") || text_equal(scheme, "http"));
    *ret_where = arena_copy(arena, host);
    curl_free(host);
    curl_free(scheme);
    curl_url_cleanup(url);
    if (!is_url)
        return "the URL of the server is not one, or not of http or https";
    return is_token(request->method) ? header_fault(request) : "the method is not one";
}

static struct curl_slist *add_line(struct curl_slist *next, char *line, struct arena *arena)
{
    struct curl_slist *item = arena_new(arena, struct curl_slist, 1);
    *item = (struct curl_slist){.data = line, .next = next};
    return item;
}

/* libcurl reads the list and keeps it nowhere, so it may live in the arena. */
static struct curl_slist *lines_of(const struct list *headers, struct arena *arena)
{
    struct curl_slist *lines = add_line(NULL, arena_copy(arena, "Expect:"), arena); /* never wait */
    for (size_t i = headers->count; i--;) {
        const struct http_header *header = (const struct http_header *)headers->items + i;
        bool is_empty = text_is_empty(header->value); /* by "name:" libcurl would leave it out */
        lines = add_line(lines,
                         is_empty ? arena_format(arena, "%s;", header->name)
                                  : arena_format(arena, "%s: %s", header->name, header->value),
                         arena);
    }
    return lines;
}

static void prepare(CURL *curl, const struct http_request *request, struct arena *arena)
{
    curl_easy_setopt(curl, CURLOPT_URL, request->url);
    curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
    curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "gzip");
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "Outtray (gzip)"); /* Google's wish for gzip */
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, lines_of(&request->headers, arena));
    curl_easy_setopt(curl, CURLOPT_MAXCONNECTS, (long)MOST_CONNECTIONS);
    curl_easy_setopt(curl, CURLOPT_MAXAGE_CONN,
                     (long)(request->may_repeat ? IDLE_SECONDS : IDLE_SECONDS_ONCE));
}

bool http_client_send(struct http_client *client, const struct http_request *request,
                      struct arena *arena, struct http_result *ret_result)
{
    assert(request->connect_timeout_ms > 0 && request->stall_timeout_ms > 0 &&
           request->total_timeout_ms > 0);
    const char *where;
    *ret_result = (struct http_result){.message = fault_of(request, arena, &where)};
    if (ret_result->message)
        return false;
    struct http_transfer transfer = {
        .transport = {.trust = {.ca_file = request->ca_file},
                      .connect_timeout_ms = request->connect_timeout_ms,
                      .stall_timeout_ms = request->stall_timeout_ms,
                      .total_timeout_ms = request->total_timeout_ms,
                      .is_called_off = request->is_called_off},
        .request = request,
        .arena = arena,
        .result = ret_result,
        .curl = client->curl,
    };
    prepare(client->curl, request, arena);
    http_transfer_prepare(&transfer);
    CURLcode code = curl_easy_perform(client->curl);
    http_transfer_end(&transfer, code, where);
    curl_easy_reset(client->curl); /* its connections stay open */
    return ret_result->phase == HTTP_REPLIED && !ret_result->is_cut;
}

const char *http_client_header(const struct http_result *result, const char *name)
{
    const struct http_header *headers = result->headers.items;
    for (size_t i = 0; i < result->headers.count; i++)
        if (text_equal_nocase(headers[i].name, name))
            return headers[i].value;
    return NULL;
}
