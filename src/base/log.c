#include "base/log.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"

enum { LINE_MAX_BYTES = 4000 };

static enum log_level least_level = LOG_INFO;
static enum log_form line_form = LOG_LOGFMT;
static const char *const LEVELS[] = {"debug", "info", "warning", "error"};

void log_setup(enum log_level least, enum log_form form)
{
    least_level = least;
    line_form = form;
}

static bool needs_quotes(const char *text)
{
    if (!*text)
        return true;
    for (; *text; text++)
        if ((unsigned char)*text <= ' ' || *text == '"' || *text == '=' || *text == 0x7F)
            return true;
    return false;
}

static void add_quoted(struct buf *buf, const char *text)
{
    buf_add_char(buf, '"');
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            buf_addf(buf, "\\%c", *text);
        else if ((unsigned char)*text < ' ' || *text == 0x7F)
            buf_addf(buf, "\\u%04x", (unsigned)(unsigned char)*text);
        else
            buf_add_char(buf, *text);
    }
    buf_add_char(buf, '"');
}

static void add_pair(struct buf *buf, const struct log_pair *pair)
{
    bool json = line_form == LOG_JSON;
    if (buf->size)
        buf_add(buf, json ? "," : " ");
    buf_addf(buf, json ? "\"%s\":" : "%s=", pair->key);
    if (!pair->text)
        buf_addf(buf, "%lld", (long long)pair->number);
    else if (json || needs_quotes(pair->text))
        add_quoted(buf, pair->text);
    else
        buf_add(buf, pair->text);
}

void log_line(enum log_level level, const char *event, const struct log_pair *pairs)
{
    if (level < least_level)
        return;
    AUTO_ARENA arena = arena_create();
    struct buf buf = BUF(arena, LINE_MAX_BYTES);
    add_pair(&buf, &LOG_TEXT("time", moment_text(clock_now(), 3, arena)));
    add_pair(&buf, &LOG_TEXT("level", LEVELS[level]));
    add_pair(&buf, &LOG_TEXT("event", event));
    size_t whole = buf.size;
    for (; pairs->key && !buf.is_over; pairs++) {
        add_pair(&buf, pairs);
        if (!buf.is_over)
            whole = buf.size;
    }
    /* A line cut short is still worth more than none; cut between pairs it can be read. */
    buf.size = whole;
    buf.is_over = false;
    struct error ignored;
    const char *line = buf_text(&buf, &ignored);
    fprintf(stderr, line_form == LOG_JSON ? "{%s}\n" : "%s\n", line);
}
