#include "tnef_writer.h"

#include "base/buf.h"

enum { MOST = 64 * 1024 * 1024, FIRST_NAMED = 0x8000 };

static void tnef_add_number(struct buf *out, uint32_t number, size_t size)
{
    for (; size; size--, number >>= 8)
        buf_add_char(out, (char)(number & 0xFF));
}

static void tnef_add_attribute(struct buf *out, const struct tnef_step *step,
                               const struct bytes *data)
{
    uint32_t sum = 0;
    for (size_t i = 0; i < data->size; i++)
        sum += ((const unsigned char *)data->data)[i];
    tnef_add_number(out, step->level, 1);
    tnef_add_number(out, step->id, 4);
    tnef_add_number(out, (uint32_t)data->size, 4);
    buf_add_bytes(out, data->data, data->size);
    tnef_add_number(out, sum, 2);
}

/* Values of a fixed size come as they are, with what pads them. */
static void tnef_add_property(struct buf *out, const struct tnef_step *step)
{
    bool has_size = step->type == 0x0D || step->type == 0x1E || step->type == 0x1F ||
                    step->type == 0x102;
    tnef_add_number(out, step->type, 2);
    tnef_add_number(out, step->id, 2);
    if (step->id >= FIRST_NAMED)
        buf_add_bytes(out, "0123456789abcdef\1\0\0\0\5\0\0\0named\0\0\0", 32);
    if (has_size) {
        tnef_add_number(out, 1, 4);
        tnef_add_number(out, (uint32_t)step->size, 4);
    }
    buf_add_bytes(out, step->data, step->size);
    for (size_t size = step->size; has_size && size % 4; size++)
        buf_add_char(out, '\0');
}

struct bytes tnef_write(const struct tnef_step *steps, struct arena *arena)
{
    struct buf out = BUF(arena, MOST), list = BUF(arena, MOST);
    uint32_t waiting = 0;
    tnef_add_number(&out, 0x223E9F78, 4);
    tnef_add_number(&out, 1, 2);
    for (; steps->level; steps++) {
        struct bytes data = {steps->data, steps->size};
        if (steps->type) {
            waiting++;
            tnef_add_property(&list, steps);
            continue;
        }
        struct buf all = BUF(arena, MOST);
        if (!data.data) {
            tnef_add_number(&all, waiting, 4);
            buf_add_bytes(&all, list.data, list.size);
            data = (struct bytes){all.data, all.size};
            list = BUF(arena, MOST);
            waiting = 0;
        }
        tnef_add_attribute(&out, steps, &data);
    }
    return (struct bytes){out.data, out.size};
}

struct bytes tnef_write_attached(const struct bytes *message, struct arena *arena)
{
    struct buf out = BUF(arena, MOST);
    buf_add_bytes(&out, "\7\3\2\0\0\0\0\0\xC0\0\0\0\0\0\0\x46", 16);
    buf_add_bytes(&out, message->data, message->size);
    return (struct bytes){out.data, out.size};
}
