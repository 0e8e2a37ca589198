#include "json/builder.h"

#include <assert.h>

#include "json/json_escape.h"

static void start_line(struct builder *builder)
{
    if (!builder->is_indented || !builder->buf.size)
        return;
    buf_add_char(&builder->buf, '\n');
    for (unsigned i = 0; i < builder->depth; i++)
        buf_add_bytes(&builder->buf, "  ", 2);
}

static bool is_empty(const struct builder *builder)
{
    const struct buf *buf = &builder->buf;
    return !buf->size || buf->data[buf->size - 1] == '{' || buf->data[buf->size - 1] == '[';
}

static void begin(struct builder *builder, const char *key)
{
    if (!is_empty(builder))
        buf_add_char(&builder->buf, ',');
    start_line(builder);
    if (!key)
        return;
    json_add_text(&builder->buf, key);
    buf_add(&builder->buf, builder->is_indented ? ": " : ":");
}

static void nest(struct builder *builder, const char *key, char start, char end)
{
    assert(builder->depth < JSON_DEPTH);
    begin(builder, key);
    buf_add_char(&builder->buf, start);
    builder->ends[builder->depth++] = end;
}

void builder_object(struct builder *builder, const char *key)
{
    nest(builder, key, '{', '}');
}

void builder_array(struct builder *builder, const char *key)
{
    nest(builder, key, '[', ']');
}

void builder_end(struct builder *builder)
{
    assert(builder->depth);
    builder->depth--;
    if (!is_empty(builder))
        start_line(builder);
    buf_add_char(&builder->buf, builder->ends[builder->depth]);
}

void builder_text(struct builder *builder, const char *key, const char *text)
{
    if (!text)
        return;
    begin(builder, key);
    json_add_text(&builder->buf, text);
}

void builder_integer(struct builder *builder, const char *key, int64_t number)
{
    begin(builder, key);
    json_add_integer(&builder->buf, number);
}

void builder_bool(struct builder *builder, const char *key, bool is_true)
{
    builder_json(builder, key, is_true ? "true" : "false");
}

void builder_json(struct builder *builder, const char *key, const char *json)
{
    if (!json)
        return;
    begin(builder, key);
    buf_add(&builder->buf, json);
}

char *builder_finish(struct builder *builder, struct error *error)
{
    assert(!builder->depth || builder->buf.is_over);
    return buf_text(&builder->buf, error);
}
