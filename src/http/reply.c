#include "http/reply.h"

#include <assert.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/text.h"
#include "http/server.h"

enum { HEAD_LIMIT = 16 * 1024 };

void http_reply_header(struct http_exchange *exchange, const char *name, const char *value)
{
    assert(name && value && !text_has_line_break(name) && !text_has_line_break(value));
    struct reply_header *header = arena_new(exchange->arena, struct reply_header, 1);
    header->name = arena_copy(exchange->arena, name);
    header->value = arena_copy(exchange->arena, value);
    *exchange->reply.headers_end = header;
    exchange->reply.headers_end = &header->next;
}

static struct reply *begin_reply(struct http_exchange *exchange, int status,
                                 const char *content_type)
{
    struct reply *reply = &exchange->reply;
    assert(!reply->status && status >= 200 && status <= 599);
    reply->status = status;
    exchange->server->replies[status / 100]++;
    reply->content_type = arena_copy(exchange->arena, content_type);
    return reply;
}

void http_reply(struct http_exchange *exchange, int status, const char *content_type,
                struct bytes body)
{
    struct reply *reply = begin_reply(exchange, status, content_type);
    reply->body = content_type ? body : (struct bytes){"", 0};
}

void http_reply_file(struct http_exchange *exchange, int status, const char *content_type, int file,
                     uint64_t size)
{
    struct reply *reply = begin_reply(exchange, status, content_type);
    reply->file = file;
    reply->file_size = size;
}

static struct MHD_Response *make_response(struct reply *reply)
{
    if (reply->file < 0 || !reply->file_size)
        return MHD_create_response_from_buffer(reply->body.size, (void *)reply->body.data,
                                               MHD_RESPMEM_PERSISTENT);
    struct MHD_Response *response = MHD_create_response_from_fd64(reply->file_size, reply->file);
    if (response)
        reply->file = -1; /* closed with the response */
    return response;
}

static bool add_headers(struct MHD_Response *response, const struct reply *reply, bool closes)
{
    for (const struct reply_header *header = reply->headers; header; header = header->next)
        if (!MHD_add_response_header(response, header->name, header->value))
            return false;
    return (!reply->content_type ||
            MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, reply->content_type)) &&
           (!closes || MHD_add_response_header(response, MHD_HTTP_HEADER_CONNECTION, "close"));
}

bool reply_queue(struct http_exchange *exchange, bool closes)
{
    struct reply *reply = &exchange->reply;
    struct MHD_Response *response = make_response(reply);
    if (!response)
        return false;
    closes = closes || atomic_load_explicit(&exchange->server->is_stopping, memory_order_relaxed);
    bool done = add_headers(response, reply, closes) &&
                MHD_queue_response(exchange->mhd, (unsigned)reply->status, response);
    MHD_destroy_response(response);
    return done;
}

/* Not strftime, which would speak the operator's language. */
static void add_date(struct buf *head)
{
    static const char DAYS[][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char MONTHS[][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    time_t now = time(NULL);
    struct tm utc;
    gmtime_r(&now, &utc);
    buf_addf(head, "Date: %s, %02d %s %d %02d:%02d:%02d GMT\r\n", DAYS[utc.tm_wday], utc.tm_mday,
             MONTHS[utc.tm_mon], utc.tm_year + 1900, utc.tm_hour, utc.tm_min, utc.tm_sec);
}

static const char *head_text(struct http_exchange *exchange)
{
    const struct reply *reply = &exchange->reply;
    struct buf head = BUF(exchange->arena, HEAD_LIMIT);
    buf_addf(&head, "HTTP/1.1 %d %s\r\n", reply->status,
             MHD_get_reason_phrase_for((unsigned)reply->status));
    add_date(&head);
    for (const struct reply_header *header = reply->headers; header; header = header->next)
        buf_addf(&head, "%s: %s\r\n", header->name, header->value);
    if (reply->content_type)
        buf_addf(&head, "Content-Type: %s\r\n", reply->content_type);
    buf_addf(&head, "Content-Length: %zu\r\nConnection: close\r\n\r\n", reply->body.size);
    struct error ignored;
    return buf_text(&head, &ignored);
}

void reply_write(struct http_exchange *exchange)
{
    const struct reply *reply = &exchange->reply;
    assert(reply->file < 0);
    const char *head = head_text(exchange);
    int socket = connection_socket(exchange->connection);
    if (head) {
        bool has_body = !text_equal(exchange->method, "HEAD");
        struct iovec parts[] = {{(void *)head, strlen(head)},
                                {(void *)reply->body.data, has_body ? reply->body.size : 0}};
        struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
        (void)sendmsg(socket, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
    }
    shutdown(socket, SHUT_WR);
}
