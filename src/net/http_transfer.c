#include "net/http_transfer.h"

#include <string.h>
#include <sys/socket.h>

#include "base/fault.h"
#include "base/text.h"

enum { HEAD_SIZE_MAX = 64 * 1024 };

/* From here on the server may have all of it. */
static bool make_whole(struct http_transfer *transfer)
{
    const struct http_request *request = transfer->request;
    if (!transfer->is_whole && request->commit && !request->commit(request->commit_context)) {
        transfer->is_withheld = true;
        return false;
    }
    transfer->is_whole = true;
    FAULT(HTTP_WHOLE);
    return true;
}

static bool may_begin(struct http_transfer *transfer)
{
    transfer->is_stopped = transfer->begun && !transfer->request->may_repeat;
    return !transfer->is_stopped;
}

/* A connection for asking a second time is not even made. */
static curl_socket_t open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
    (void)purpose;
    struct http_transfer *transfer = context;
    const struct http_request *request = transfer->request;
    if (!may_begin(transfer))
        return CURL_SOCKET_BAD;
    if (request->may_connect && !request->may_connect(&address->addr)) {
        transfer->is_refused = true;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* Before each request that libcurl writes, on a new connection or an old one: here it is kept from
 * writing a second. */
static int begin(void *context, char *address, char *own_address, int port, int own_port)
{
    (void)address;
    (void)own_address;
    (void)port;
    (void)own_port;
    struct http_transfer *transfer = context;
    FAULT(HTTP_BEGIN);
    if (!may_begin(transfer))
        return CURL_PREREQFUNC_ABORT;
    long connections = 0;
    curl_easy_getinfo(transfer->curl, CURLINFO_NUM_CONNECTS, &connections);
    transfer->result->is_reused = connections == 0;
    transfer->begun++;
    transfer->offset = 0;
    transport_begin(&transfer->transport);
    return transfer->size || make_whole(transfer) ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
}

static int64_t read_body(const struct http_transfer *transfer, void *data, size_t size)
{
    const struct http_request *request = transfer->request;
    if (request->stream.read)
        return request->stream.read(request->stream.context, transfer->offset, data, size);
    memcpy(data, (const char *)request->body.data + transfer->offset, size);
    return (int64_t)size;
}

static size_t give(char *data, size_t item_size, size_t count, void *context)
{
    struct http_transfer *transfer = context;
    size_t size = item_size * count;
    if (size > transfer->size - transfer->offset)
        size = (size_t)(transfer->size - transfer->offset);
    if (!size)
        return 0;
    int64_t got = read_body(transfer, data, size);
    if (got <= 0 || (uint64_t)got > size) {
        transfer->is_unreadable = true;
        return CURL_READFUNC_ABORT;
    }
    transfer->offset += (uint64_t)got;
    if (transfer->offset == transfer->size && !make_whole(transfer))
        return CURL_READFUNC_ABORT;
    return (size_t)got;
}

static int rewind_body(void *context, curl_off_t offset, int origin)
{
    struct http_transfer *transfer = context;
    if (!may_begin(transfer) || origin != SEEK_SET || offset != 0)
        return CURL_SEEKFUNC_FAIL;
    transfer->offset = 0;
    return CURL_SEEKFUNC_OK;
}

static bool is_blank(const char *line, size_t size)
{
    return size && (line[0] == '\r' || line[0] == '\n');
}

static size_t take_header(char *line, size_t item_size, size_t count, void *context)
{
    struct http_transfer *transfer = context;
    size_t size = item_size * count;
    long status = 0;
    curl_easy_getinfo(transfer->curl, CURLINFO_RESPONSE_CODE, &status);
    transfer->head_size += size;
    if (status >= 200) {
        transfer->is_replying = true;
        transfer->is_head = transfer->is_head || is_blank(line, size);
    }
    return transfer->head_size > HEAD_SIZE_MAX ? 0 : size;
}

static size_t take_body(char *data, size_t item_size, size_t count, void *context)
{
    struct http_transfer *transfer = context;
    const struct sink *sink = transfer->request->sink;
    size_t size = item_size * count;
    size_t room = transfer->request->body_limit - transfer->body_size;
    size_t some = size < room ? size : room;
    if (!sink)
        buf_add_bytes(&transfer->body, data, some);
    else if (some && !sink->write(sink->context, data, some, &transfer->sink_error))
        transfer->is_unwanted = true;
    transfer->body_size += some;
    transfer->result->is_cut = some < size;
    return some < size || transfer->is_unwanted ? 0 : size;
}

static bool has_body(const struct http_request *request)
{
    static const char *const METHODS[] = {"POST", "PUT", "PATCH", NULL};
    for (size_t i = 0; METHODS[i]; i++)
        if (text_equal(request->method, METHODS[i]))
            return true;
    return request->stream.read || request->body.size;
}

static void prepare_body(struct http_transfer *transfer)
{
    const struct http_request *request = transfer->request;
    CURL *curl = transfer->curl;
    transfer->size = request->stream.read ? request->stream.size : request->body.size;
    if (text_equal(request->method, "HEAD"))
        curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
    if (has_body(request)) {
        curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
        curl_easy_setopt(curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)transfer->size);
    }
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request->method);
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, give);
    curl_easy_setopt(curl, CURLOPT_READDATA, transfer);
    curl_easy_setopt(curl, CURLOPT_SEEKFUNCTION, rewind_body);
    curl_easy_setopt(curl, CURLOPT_SEEKDATA, transfer);
}

void http_transfer_prepare(struct http_transfer *transfer)
{
    CURL *curl = transfer->curl;
    transfer->body = BUF(transfer->arena, transfer->request->body_limit);
    transport_prepare(curl, &transfer->transport);
    prepare_body(transfer);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, transfer);
    curl_easy_setopt(curl, CURLOPT_PREREQFUNCTION, begin);
    curl_easy_setopt(curl, CURLOPT_PREREQDATA, transfer);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, transfer);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, transfer);
}

static enum http_phase phase_of(const struct http_transfer *transfer, CURLcode code)
{
    if (transfer->is_head && (code == CURLE_OK || transfer->result->is_cut))
        return HTTP_REPLIED;
    if (transfer->is_whole)
        return transfer->is_replying ? HTTP_REPLYING : HTTP_WAITING;
    if (transfer->begun)
        return HTTP_SENDING;
    bool is_securing = transfer->transport.is_securing || code == CURLE_SSL_CACERT_BADFILE;
    return is_securing ? HTTP_SECURING : HTTP_CONNECTING;
}

static struct list headers_of(const struct http_transfer *transfer)
{
    struct curl_header *header = NULL;
    size_t count = 0;
    while ((header = curl_easy_nextheader(transfer->curl, CURLH_HEADER, -1, header)))
        count++;
    struct http_header *items = arena_new(transfer->arena, struct http_header, count);
    for (size_t i = 0; i < count; i++) {
        header = curl_easy_nextheader(transfer->curl, CURLH_HEADER, -1, header);
        items[i].name = arena_copy(transfer->arena, header->name);
        items[i].value = text_trim(header->value, transfer->arena); /* libcurl leaves a lone CR */
    }
    return (struct list){items, count};
}

static const char *trouble_of(struct http_transfer *transfer, CURLcode code)
{
    if (transfer->is_withheld)
        return "it was called off at the last moment";
    if (transfer->is_refused && !transfer->begun)
        return "this is not on the public internet, or not on port 80 or 443";
    if (transfer->is_unreadable)
        return "the body of the request could not be read";
    if (transfer->is_unwanted)
        return transfer->sink_error.message;
    if (transfer->head_size > HEAD_SIZE_MAX)
        return "the header of the reply is too large";
    if (transfer->is_stopped)
        code = CURLE_RECV_ERROR; /* what made libcurl ask once more */
    if (code == CURLE_OK)        /* in the middle of its header, which libcurl does not mind */
        code = CURLE_PARTIAL_FILE;
    return transport_explain(&transfer->transport, transfer->curl, code, transfer->arena);
}

static const char *const WHENS[] = {
    [HTTP_CONNECTING] = "on connecting",
    [HTTP_SECURING] = "on securing the connection",
    [HTTP_SENDING] = "while the request was being sent",
    [HTTP_WAITING] = "before a reply came",
    [HTTP_REPLYING] = "in the middle of the reply",
};

void http_transfer_end(struct http_transfer *transfer, CURLcode code, const char *where)
{
    struct http_result *result = transfer->result;
    CURL *curl = transfer->curl;
    long status = 0;
    curl_off_t retry_after = 0;
    FAULT(HTTP_REPLIED);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &retry_after);
    result->status = status >= 200 ? status : 0;
    result->retry_after_seconds = retry_after;
    result->headers = headers_of(transfer);
    result->body = (struct bytes){buf_text(&transfer->body, &(struct error){0}),
                                  transfer->body.size};
    result->phase = phase_of(transfer, code);
    if (result->phase != HTTP_REPLIED)
        result->message = arena_format(transfer->arena, "%s: %s %s", where,
                                       trouble_of(transfer, code), WHENS[result->phase]);
}
