#include "parser/reader.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fault.h"
#include "parser/channel.h"
#include "parser/packed.h"

enum { OUT_SIZE = 64 * 1024 };

/* Frames on their way out; small ones go together. */
struct reader_out {
    int socket;
    const struct parser_task *task;
    struct arena *arena;
    size_t size;
    bool may_grow; /* a frame of data is last in it, and stands at data_at */
    size_t data_at;
    char bytes[OUT_SIZE];
};

/* The server is gone, or has given up on this reader. */
static _Noreturn void reader_end(void)
{
    _exit(EXIT_SUCCESS);
}

static void reader_flush(struct reader_out *out)
{
    struct iovec piece = {out->bytes, out->size};
    if (!channel_send(out->socket, &piece, 1, -1))
        reader_end();
    out->size = 0;
    out->may_grow = false;
}

static void reader_add(struct reader_out *out, const void *data, size_t size)
{
    const char *from = data;
    while (size) {
        if (out->size == OUT_SIZE)
            reader_flush(out);
        size_t room = OUT_SIZE - out->size, some = size < room ? size : room;
        memcpy(out->bytes + out->size, from, some);
        out->size += some;
        from += some;
        size -= some;
    }
}

static void reader_add_frame(struct reader_out *out, enum channel_frame_kind kind,
                             const struct bytes *content)
{
    const struct channel_frame frame = {kind, (uint32_t)content->size};
    reader_add(out, &frame, sizeof frame);
    reader_add(out, content->data, content->size);
    out->may_grow = false;
}

/* --- the sink of a task, whose other end is the server's */

static bool reader_begin(void *context, const void *item, struct error *error)
{
    struct reader_out *out = context;
    (void)error;
    FAULT(PARSER_ITEM);
    const struct bytes packed = packed_write(out->task->item, item, out->arena);
    reader_add_frame(out, FRAME_ITEM, &packed);
    return true;
}

static bool reader_write(void *context, const void *data, size_t size, struct error *error)
{
    struct reader_out *out = context;
    (void)error;
    struct channel_frame frame = {FRAME_DATA, (uint32_t)size};
    if (out->may_grow && size <= OUT_SIZE - out->size) {
        memcpy(&frame, out->bytes + out->data_at, sizeof frame);
        frame.size += (uint32_t)size;
        memcpy(out->bytes + out->data_at, &frame, sizeof frame);
        reader_add(out, data, size);
        return true;
    }
    if (out->size + sizeof frame + size > OUT_SIZE) {
        FAULT(PARSER_DATA);
        reader_flush(out);
    }
    size_t at = out->size;
    reader_add_frame(out, FRAME_DATA, &(struct bytes){data, size});
    out->may_grow = sizeof frame + size <= OUT_SIZE;
    out->data_at = at;
    return true;
}

static bool reader_finish(void *context, struct error *error)
{
    (void)error;
    reader_add_frame(context, FRAME_ITEM_END, &(struct bytes){"", 0});
    return true;
}

static void reader_again(void *context)
{
    (void)context; /* only the server begins again */
}

/* --- a question and its answer */

static struct spool *reader_take_file(int socket, const struct channel_question *question, int file,
                                      struct arena *arena)
{
    struct error error;
    if (question->has_file)
        return spool_adopt(file, question->file_size);
    struct spool *spool = spool_create("/", question->file_size);
    char *bytes = arena_alloc(arena, (size_t)question->file_size + 1);
    if (!channel_receive_all(socket, bytes, (size_t)question->file_size) ||
        !spool_write(spool, bytes, (size_t)question->file_size, &error))
        reader_end();
    return spool;
}

static void reader_answer(struct reader_out *out, bool is_done, const void *answer,
                          const struct error *error)
{
    const struct channel_failure failure = {error->code, error->field, error->message};
    const struct bytes packed = is_done ? packed_write(out->task->answered, answer, out->arena)
                                        : packed_write(&CHANNEL_FAILURE, &failure, out->arena);
    FAULT(PARSER_DONE);
    reader_add_frame(out, is_done ? FRAME_ANSWER : FRAME_FAILURE,
                     &(struct bytes){packed.data, packed.size});
#ifdef OUTTRAY_FAULTS /* half of what is left */
    size_t size = out->size;
    out->size /= 2;
    reader_flush(out);
    FAULT(PARSER_HALF);
    memmove(out->bytes, out->bytes + size / 2, size - size / 2);
    out->size = size - size / 2;
#endif
    reader_flush(out);
    FAULT(PARSER_ANSWERED);
}

static void reader_serve(struct reader_out *out, const struct parser_task *const *tasks,
                         const struct channel_question *question, int file)
{
    AUTO_ARENA arena = arena_create();
    struct error error = {0};
    const struct parser_task *task = tasks[question->task];
    void *asked = NULL;
    char *packed = arena_alloc(arena, question->asked_size + (size_t)1);
    if (!channel_receive_all(out->socket, packed, question->asked_size))
        reader_end();
    if (task->asked) {
        asked = arena_alloc(arena, task->asked->size);
        if (!packed_read(task->asked, (struct bytes){packed, question->asked_size}, arena, asked,
                         &error))
            abort();
    }
    AUTO_SPOOL spool = question->has_contents ? reader_take_file(out->socket, question, file, arena)
                                              : NULL;
    FAULT(PARSER_ASKED);
    const struct parser_sink sink = {out, reader_begin, reader_write, reader_finish, reader_again};
    const struct parser_call call = {asked, spool, question->has_sink ? &sink : NULL};
    void *answer = arena_alloc(arena, task->answered->size);
    out->task = task;
    out->arena = arena;
    bool is_done = task->run(&call, arena, answer, &error);
    reader_answer(out, is_done, answer, &error);
}

void reader_run(int socket, const struct parser_task *const *tasks)
{
    static struct reader_out out;
    FAULT(PARSER_BORN);
    out.socket = socket;
    reader_add(&out, &CHANNEL_HELLO, sizeof CHANNEL_HELLO);
    reader_flush(&out);
    for (;;) {
        struct channel_question question;
        int file = -1;
        ssize_t got = channel_receive(socket, &question, sizeof question, &file);
        if (got <= 0 ||
            !channel_receive_all(socket, (char *)&question + got, sizeof question - (size_t)got))
            reader_end();
        reader_serve(&out, tasks, &question, file);
    }
}
