#include "http/reply.h"

#include <assert.h>
#include <errno.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/text.h"
#include "http/server.h"

enum { HEAD_LIMIT = 16 * 1024, FILE_PIECE = 1024 * 1024 };

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
    assert(!reply->status && status >= 200 && status <= HTTP_STATUS_MOST);
    reply->status = status;
    exchange->server->replies[status - HTTP_STATUS_LEAST]++;
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

void http_outcome(const struct http_exchange *exchange, struct http_outcome *ret_outcome)
{
    const struct reply *reply = &exchange->reply;
    *ret_outcome = (struct http_outcome){
        .status = reply->status,
        .bytes = reply->file_size ? reply->file_size : reply->body.size,
        .duration_ms = clock_steady_ms() - exchange->begun_ms,
    };
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

static const char *reply_reason(int status)
{
    /* clang-format off */
    static const struct {
        int status;
        const char *text;
    } REASONS[] = {
        {200, "OK"}, {201, "Created"}, {202, "Accepted"}, {204, "No Content"}, {302, "Found"},
        {303, "See Other"}, {304, "Not Modified"}, {307, "Temporary Redirect"},
        {400, "Bad Request"}, {401, "Unauthorized"}, {403, "Forbidden"}, {404, "Not Found"},
        {405, "Method Not Allowed"}, {408, "Request Timeout"}, {409, "Conflict"},
        {412, "Precondition Failed"}, {413, "Content Too Large"}, {414, "URI Too Long"},
        {415, "Unsupported Media Type"}, {422, "Unprocessable Content"},
        {429, "Too Many Requests"}, {431, "Request Header Fields Too Large"},
        {500, "Internal Server Error"}, {501, "Not Implemented"}, {502, "Bad Gateway"},
        {503, "Service Unavailable"}, {505, "HTTP Version Not Supported"},
        {507, "Insufficient Storage"},
    };
    /* clang-format on */
    for (size_t i = 0; i < sizeof REASONS / sizeof *REASONS; i++)
        if (REASONS[i].status == status)
            return REASONS[i].text;
    return ""; /* nobody needs one (RFC 9112, 4) */
}

static uint64_t reply_size(const struct reply *reply)
{
    return reply->file >= 0 ? reply->file_size : reply->body.size;
}

/* Such a reply has no body, and nothing is said of its length (RFC 9110, 8.6). */
static bool reply_has_no_content(const struct reply *reply)
{
    return reply->status == 204 || reply->status == 304;
}

static bool reply_has_body(const struct http_exchange *exchange)
{
    return !reply_has_no_content(&exchange->reply) && !text_equal(exchange->head.method, "HEAD");
}

static const char *reply_connection(const struct http_exchange *exchange, bool closes)
{
    if (closes)
        return "Connection: close\r\n";
    return exchange->head.minor ? "" : "Connection: keep-alive\r\n";
}

void reply_begin(struct http_exchange *exchange, bool closes)
{
    struct reply *reply = &exchange->reply;
    struct buf head = BUF(exchange->arena, HEAD_LIMIT);
    buf_addf(&head, "HTTP/1.1 %d %s\r\n", reply->status, reply_reason(reply->status));
    add_date(&head);
    buf_add(&head, reply_connection(exchange, closes));
    for (const struct reply_header *header = reply->headers; header; header = header->next)
        buf_addf(&head, "%s: %s\r\n", header->name, header->value);
    if (reply->content_type)
        buf_addf(&head, "Content-Type: %s\r\n", reply->content_type);
    if (!reply_has_no_content(reply))
        buf_addf(&head, "Content-Length: %llu\r\n", (unsigned long long)reply_size(reply));
    buf_add(&head, "\r\n");
    struct error ignored;
    const char *text = buf_text(&head, &ignored);
    reply->head = (struct bytes){text_or(text, ""), text ? strlen(text) : 0};
    if (!reply_has_body(exchange)) {
        reply->body.size = 0;
        reply->file_size = 0;
    }
}

static ssize_t reply_send_bytes(int socket, const struct reply *reply, bool has_file)
{
    size_t head_sent = reply->sent < reply->head.size ? (size_t)reply->sent : reply->head.size;
    size_t body_sent = (size_t)reply->sent - head_sent;
    size_t body_size = has_file ? 0 : reply->body.size;
    struct iovec parts[] = {
        {(char *)reply->head.data + head_sent, reply->head.size - head_sent},
        {(char *)reply->body.data + body_sent, body_size - body_sent},
    };
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
    return sendmsg(socket, &message, MSG_DONTWAIT | MSG_NOSIGNAL | (has_file ? MSG_MORE : 0));
}

/* 0 where the file has less than it should: then nothing more can be sent. sendfile knows no
 * MSG_NOSIGNAL: the program ignores SIGPIPE (http.h). */
static ssize_t reply_send_file(int socket, const struct reply *reply)
{
    uint64_t file_sent = reply->sent - reply->head.size;
    uint64_t left = reply->file_size - file_sent;
    off_t offset = (off_t)file_sent;
    return sendfile(socket, reply->file, &offset, left < FILE_PIECE ? (size_t)left : FILE_PIECE);
}

enum reply_progress reply_send(struct http_exchange *exchange)
{
    struct reply *reply = &exchange->reply;
    int socket = exchange->connection->socket;
    bool has_file = reply->file >= 0 && reply->file_size;
    uint64_t size = reply->head.size + (has_file ? reply->file_size : reply->body.size);
    while (reply->sent < size) {
        bool is_file = has_file && reply->sent >= reply->head.size;
        ssize_t sent = is_file ? reply_send_file(socket, reply)
                               : reply_send_bytes(socket, reply, has_file);
        if (sent > 0)
            reply->sent += (uint64_t)sent;
        else if (sent < 0 && errno == EAGAIN)
            return REPLY_BLOCKED;
        else if (sent == 0 || errno != EINTR)
            return REPLY_BROKEN;
        if (is_file && sent > 0)
            return reply->sent < size ? REPLY_BLOCKED : REPLY_SENT; /* others have their turn */
    }
    return reply->head.size ? REPLY_SENT : REPLY_BROKEN;
}
