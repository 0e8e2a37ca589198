#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool reserve(struct buf *buf, size_t more)
{
    if (buf->is_over || more > buf->limit - buf->size) {
        buf->is_over = true;
        return false;
    }
    size_t need = buf->size + more + 1;
    if (need <= buf->room)
        return true;
    size_t room = buf->room ? buf->room * 2 : 256;
    while (room < need)
        room *= 2;
    char *data = arena_alloc(buf->arena, room);
    if (buf->size)
        memcpy(data, buf->data, buf->size);
    buf->data = data;
    buf->room = room;
    return true;
}

void buf_add_bytes(struct buf *buf, const void *data, size_t size)
{
    if (!size || !reserve(buf, size))
        return;
    memcpy(buf->data + buf->size, data, size);
    buf->size += size;
}

void buf_add(struct buf *buf, const char *text)
{
    buf_add_bytes(buf, text, strlen(text));
}

void buf_add_char(struct buf *buf, char character)
{
    buf_add_bytes(buf, &character, 1);
}

void buf_addf(struct buf *buf, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (length < 0)
        abort();
    if (reserve(buf, (size_t)length)) {
        vsnprintf(buf->data + buf->size, (size_t)length + 1, format, again);
        buf->size += (size_t)length;
    }
    va_end(again);
}

char *buf_text(struct buf *buf, struct error *error)
{
    if (buf->is_over) {
        fail(error, ERROR_TOO_LARGE, "", "is longer than %zu bytes", buf->limit);
        return NULL;
    }
    reserve(buf, 0);
    buf->data[buf->size] = '\0';
    return buf->data;
}
