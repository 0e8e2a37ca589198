#include "net/wire.h"

#include <poll.h>
#include <string.h>

#include "base/clock.h"

/* False: the deadline has passed. */
static bool wait_for(const struct wire *wire, short events, int64_t deadline_ms)
{
    int64_t rest_ms = deadline_ms - clock_steady_ms();
    if (rest_ms <= 0)
        return false;
    struct pollfd poller = {.fd = wire->socket, .events = events};
    poll(&poller, 1, rest_ms > 60000 ? 60000 : (int)rest_ms);
    return true;
}

enum wire_state wire_write(struct wire *wire, const char *data, size_t size, int64_t deadline_ms)
{
    while (size) {
        size_t wrote = 0;
        CURLcode code = curl_easy_send(wire->curl, data, size, &wrote);
        if (code == CURLE_AGAIN) {
            if (!wait_for(wire, POLLOUT, deadline_ms))
                return WIRE_LATE;
            continue;
        }
        if (code != CURLE_OK)
            return WIRE_CLOSED;
        data += wrote;
        size -= wrote;
    }
    return WIRE_FINE;
}

static enum wire_state read_more(struct wire *wire)
{
    size_t got = 0;
    CURLcode code = curl_easy_recv(wire->curl, wire->data + wire->end,
                                   sizeof wire->data - wire->end, &got);
    if (code == CURLE_AGAIN)
        return WIRE_LATE;
    if (code != CURLE_OK || !got)
        return WIRE_CLOSED;
    wire->end += got;
    return WIRE_FINE;
}

/* A line that does not fit is kept as far as it does; its line end is waited for all the same. */
static void make_room(struct wire *wire)
{
    if (wire->start) {
        memmove(wire->data, wire->data + wire->start, wire->end - wire->start);
        wire->end -= wire->start;
        wire->start = 0;
    }
    if (wire->end == sizeof wire->data)
        wire->end = sizeof wire->data / 2;
}

static bool take_line(struct wire *wire, const char **ret_line, size_t *ret_size)
{
    const char *line = wire->data + wire->start;
    const char *end = memchr(line, '\n', wire->end - wire->start);
    if (!end)
        return false;
    *ret_line = line;
    *ret_size = (size_t)(end - line);
    wire->start += *ret_size + 1;
    return true;
}

/* WIRE_FINE: there may be more to look at. */
static enum wire_state wait_for_more(struct wire *wire, int64_t deadline_ms)
{
    make_room(wire);
    enum wire_state state = read_more(wire);
    return state == WIRE_LATE && wait_for(wire, POLLIN, deadline_ms) ? WIRE_FINE : state;
}

enum wire_state wire_read_piece(struct wire *wire, size_t most, int64_t deadline_ms,
                                struct bytes *ret_piece)
{
    while (wire->start == wire->end) {
        enum wire_state state = wait_for_more(wire, deadline_ms);
        if (state != WIRE_FINE)
            return state;
    }
    size_t size = wire->end - wire->start;
    if (size > most)
        size = most;
    const char *piece = wire->data + wire->start;
    const char *line_end = memchr(piece, '\n', size);
    if (line_end)
        size = (size_t)(line_end - piece) + 1;
    *ret_piece = (struct bytes){piece, size};
    wire->start += size;
    return WIRE_FINE;
}

enum wire_state wire_read_lines(struct wire *wire, int64_t deadline_ms, wire_line *take,
                                void *context, struct reply *ret_reply)
{
    *ret_reply = (struct reply){0};
    while (!ret_reply->is_whole) {
        const char *line;
        size_t size;
        if (take_line(wire, &line, &size)) {
            if (!reply_add_line(ret_reply, line, size))
                return WIRE_GARBAGE;
            if (take)
                take(context, line, size);
            continue;
        }
        enum wire_state state = wait_for_more(wire, deadline_ms);
        if (state != WIRE_FINE)
            return state;
    }
    return WIRE_FINE;
}

enum wire_state wire_read_reply(struct wire *wire, int64_t deadline_ms, struct reply *ret_reply)
{
    return wire_read_lines(wire, deadline_ms, NULL, NULL, ret_reply);
}

bool wire_is_quiet(struct wire *wire)
{
    if (wire->start != wire->end)
        return false;
    wire->start = wire->end = 0;
    return read_more(wire) == WIRE_LATE;
}
