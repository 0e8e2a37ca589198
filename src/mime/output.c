#include "mime/output.h"

#include <string.h>

void output_start(struct output *output, struct spool *spool, struct error *error)
{
    output->spool = spool;
    output->error = error;
    output->has_failed = false;
    output->last = '\n';
    output->size = 0;
}

static void flush(struct output *output)
{
    if (!output->has_failed)
        output->has_failed = !spool_write(output->spool, output->data, output->size, output->error);
    output->size = 0;
}

void output_add(struct output *output, const void *data, size_t size)
{
    const char *from = data;
    if (size)
        output->last = from[size - 1];
    while (size) {
        size_t part = OUTPUT_SIZE - output->size;
        if (part > size)
            part = size;
        memcpy(output->data + output->size, from, part);
        output->size += part;
        from += part;
        size -= part;
        if (output->size == OUTPUT_SIZE)
            flush(output);
    }
}

void output_text(struct output *output, const char *text)
{
    output_add(output, text, strlen(text));
}

void output_end_line(struct output *output)
{
    if (output->last != '\n')
        output_text(output, "\r\n");
}

bool output_finish(struct output *output)
{
    flush(output);
    return !output->has_failed;
}
