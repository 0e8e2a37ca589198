#include "parser/exchange.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "parser/channel.h"
#include "parser/packed.h"

enum { FAILURE_BYTES_MAX = 1024, ITEM_BYTES_MAX = 64 * 1024 };

struct exchange {
    struct reader *reader;
    const struct parser_task *task;
    const struct parser_call *call;
    struct arena *arena;
    int64_t left_ms;
    size_t items;        /* that have begun */
    uint64_t item_bytes; /* of all of them */
    bool is_inside;      /* of one */
    void *ret_answered;
    struct error *error;
};

/* --- asking */

static bool exchange_ask(const struct exchange *exchange, uint32_t place)
{
    const struct parser_call *call = exchange->call;
    const struct parser_task *task = exchange->task;
    struct bytes asked = {"", 0}, content = {"", 0};
    struct channel_question question = {.task = place, .has_sink = call->sink};
    int file = -1;
    if (task->asked)
        asked = packed_write(task->asked, call->asked, exchange->arena);
    if (call->file) {
        question.has_contents = true;
        question.file_size = spool_size(call->file);
        question.has_file = question.file_size > SPOOL_MEMORY_SIZE;
        if (!question.has_file)
            content = spool_memory(call->file);
        else if ((file = spool_open(call->file, exchange->error)) < 0)
            return false;
    }
    question.asked_size = (uint32_t)asked.size;
    struct iovec pieces[] = {
        {&question, sizeof question},
        {(void *)(uintptr_t)asked.data, asked.size},
        {(void *)(uintptr_t)content.data, content.size},
    };
    errno = 0;
    bool is_sent = channel_send(exchange->reader->socket, pieces, 3, file);
    int reason = errno;
    if (file >= 0)
        close(file);
    errno = reason;
    return is_sent;
}

/* --- what came */

static bool exchange_refuse(const struct exchange *exchange, const char *why)
{
    return fail(exchange->error, ERROR_INTERNAL, "", "%s", why);
}

/* Some more of what comes, into data; the time that it took counts. */
static ssize_t exchange_receive(struct exchange *exchange, void *data, size_t size)
{
    int64_t before_ms = clock_steady_ms();
    ssize_t got = channel_receive(exchange->reader->socket, data, size, NULL);
    int reason = errno;
    exchange->left_ms -= clock_steady_ms() - before_ms;
    if (got > 0 && exchange->left_ms > 0)
        return got;
    bool is_late = got > 0 || (got < 0 && (reason == EAGAIN || reason == EWOULDBLOCK));
    exchange_refuse(exchange, is_late ? "it took too long" : "it died");
    return -1;
}

/* At least a byte in the buffer. */
static bool exchange_fill(struct exchange *exchange)
{
    struct reader *reader = exchange->reader;
    if (reader->start < reader->end)
        return true;
    ssize_t got = exchange_receive(exchange, reader->buffer, sizeof reader->buffer);
    reader->start = 0;
    reader->end = got > 0 ? (size_t)got : 0;
    return got > 0;
}

static size_t exchange_take_some(struct exchange *exchange, void *data, size_t size)
{
    struct reader *reader = exchange->reader;
    size_t there = reader->end - reader->start, some = size < there ? size : there;
    memcpy(data, reader->buffer + reader->start, some);
    reader->start += some;
    return some;
}

/* All of it; what is large does not pass through the buffer. */
static bool exchange_take(struct exchange *exchange, void *data, size_t size)
{
    char *to = data;
    size_t some = exchange_take_some(exchange, to, size);
    while (some < size) {
        if (size - some < POOL_BUFFER_SIZE) {
            if (!exchange_fill(exchange))
                return false;
            some += exchange_take_some(exchange, to + some, size - some);
            continue;
        }
        ssize_t got = exchange_receive(exchange, to + some, size - some);
        if (got <= 0)
            return false;
        some += (size_t)got;
    }
    return true;
}

static bool exchange_take_packed(struct exchange *exchange, const struct schema *schema,
                                 size_t size, size_t most, void *ret_object)
{
    if (size > most)
        return exchange_refuse(exchange, "its answer is too large");
    char *data = arena_alloc(exchange->arena, size + 1);
    return exchange_take(exchange, data, size) &&
           packed_read(schema, (struct bytes){data, size}, exchange->arena, ret_object,
                       exchange->error);
}

/* --- by the kind of frame: DIED goes on where there is more to come */

static enum exchange_end exchange_item(struct exchange *exchange, size_t size, bool *ret_has_more)
{
    const struct parser_task *task = exchange->task;
    const struct parser_sink *sink = exchange->call->sink;
    if (!sink || !task->item || exchange->is_inside || exchange->items == task->items_max) {
        exchange_refuse(exchange, "it gave what was not asked for");
        return EXCHANGE_DIED;
    }
    void *item = arena_alloc(exchange->arena, task->item->size);
    if (!exchange_take_packed(exchange, task->item, size, ITEM_BYTES_MAX, item))
        return EXCHANGE_DIED;
    exchange->items++;
    exchange->is_inside = *ret_has_more = true;
    if (sink->begin(sink->context, item, exchange->error))
        return EXCHANGE_DIED;
    *ret_has_more = false;
    return EXCHANGE_LEFT;
}

/* What is decoded is never larger than what it was decoded from. */
static enum exchange_end exchange_data(struct exchange *exchange, size_t size, bool *ret_has_more)
{
    const struct parser_sink *sink = exchange->call->sink;
    struct reader *reader = exchange->reader;
    uint64_t most = exchange->call->file ? spool_size(exchange->call->file) : 0;
    exchange->item_bytes += size;
    if (!exchange->is_inside || exchange->item_bytes > most) {
        exchange_refuse(exchange, "it gave more than there is");
        return EXCHANGE_DIED;
    }
    while (size) {
        if (!exchange_fill(exchange))
            return EXCHANGE_DIED;
        size_t there = reader->end - reader->start, some = size < there ? size : there;
        if (!sink->write(sink->context, reader->buffer + reader->start, some, exchange->error))
            return EXCHANGE_LEFT;
        reader->start += some;
        size -= some;
    }
    *ret_has_more = true;
    return EXCHANGE_DIED;
}

static enum exchange_end exchange_item_end(struct exchange *exchange, size_t size,
                                           bool *ret_has_more)
{
    const struct parser_sink *sink = exchange->call->sink;
    if (!exchange->is_inside || size) {
        exchange_refuse(exchange, "it ended what had not begun");
        return EXCHANGE_DIED;
    }
    exchange->is_inside = false;
    *ret_has_more = sink->end(sink->context, exchange->error);
    return *ret_has_more ? EXCHANGE_DIED : EXCHANGE_LEFT;
}

static bool exchange_is_over(const struct exchange *exchange)
{
    if (exchange->reader->start == exchange->reader->end && !exchange->is_inside)
        return true;
    return exchange_refuse(exchange, "it said more than its answer");
}

static enum exchange_end exchange_answer(struct exchange *exchange, size_t size, bool *ret_has_more)
{
    const struct parser_task *task = exchange->task;
    *ret_has_more = false;
    return exchange_take_packed(exchange, task->answered, size, task->answer_bytes_max,
                                exchange->ret_answered) &&
                   exchange_is_over(exchange)
               ? EXCHANGE_ANSWERED
               : EXCHANGE_DIED;
}

/* A refusal of its own, never one that is this process's to make. */
static enum exchange_end exchange_failure(struct exchange *exchange, size_t size,
                                          bool *ret_has_more)
{
    struct channel_failure failure;
    *ret_has_more = false;
    if (!exchange_take_packed(exchange, &CHANNEL_FAILURE, size, FAILURE_BYTES_MAX, &failure) ||
        !exchange_is_over(exchange))
        return EXCHANGE_DIED;
    if (failure.code != ERROR_INVALID && failure.code != ERROR_TOO_LARGE &&
        failure.code != ERROR_INTERNAL) {
        exchange_refuse(exchange, "it refused as it may not");
        return EXCHANGE_DIED;
    }
    const char *message = text_or(failure.message, "");
    fail(exchange->error, (enum error_code)failure.code, text_or(failure.field, ""), "%s",
         text_clean(message, strlen(message), exchange->arena));
    return EXCHANGE_FAILED;
}

static enum exchange_end exchange_frame(struct exchange *exchange, bool *ret_has_more)
{
    static const struct {
        enum channel_frame_kind kind;
        enum exchange_end (*take)(struct exchange *exchange, size_t size, bool *ret_has_more);
    } FRAMES[] = {
        {FRAME_ITEM, exchange_item},         {FRAME_DATA, exchange_data},
        {FRAME_ITEM_END, exchange_item_end}, {FRAME_ANSWER, exchange_answer},
        {FRAME_FAILURE, exchange_failure},
    };
    struct channel_frame frame;
    *ret_has_more = false;
    if (!exchange_take(exchange, &frame, sizeof frame))
        return EXCHANGE_DIED;
    for (size_t i = 0; i < sizeof FRAMES / sizeof *FRAMES; i++)
        if (FRAMES[i].kind == frame.kind)
            return FRAMES[i].take(exchange, frame.size, ret_has_more);
    exchange_refuse(exchange, "it said what nobody understands");
    return EXCHANGE_DIED;
}

enum exchange_end exchange_run(struct reader *reader, const struct parser_task *task,
                               uint32_t place, const struct parser_call *call, int64_t timeout_ms,
                               struct arena *arena, void *ret_answered, struct error *error)
{
    struct exchange exchange = {
        .reader = reader,
        .task = task,
        .call = call,
        .arena = arena,
        .left_ms = timeout_ms,
        .ret_answered = ret_answered,
        .error = error,
    };
    bool has_more = true;
    enum exchange_end end = EXCHANGE_DIED;
    *error = (struct error){0};
    if (!exchange_ask(&exchange, place)) {
        if (error->code) /* this process's own */
            return EXCHANGE_LEFT;
        bool is_late = errno == EAGAIN || errno == EWOULDBLOCK;
        exchange_refuse(&exchange, is_late ? "it took too long" : "it died");
        return is_late ? EXCHANGE_DIED : EXCHANGE_STALE;
    }
    while (has_more)
        end = exchange_frame(&exchange, &has_more);
    return end;
}
