#include "mime/disposition.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/file_name.h"
#include "base/text.h"
#include "mime/attachment.h"
#include "mime/charset.h"
#include "mime/library.h"
#include "mime/part.h"
#include "mime/tasks.h"
#include "parser/parser.h"

enum { VALUE_MAX_BYTES = 8 * 1024, FILENAME_MAX_BYTES = 255 };

static const char FILENAME[] = "filename";
static const char REPLACEMENT[] = "\xEF\xBF\xBD";

/* One `name=value`, cut up. */
struct parameter {
    const char *name, *value;
};

/* text: behind the opening quote. A backslash that escapes nothing is one of a path. Returns what
 * follows the closing quote. */
static char *unquote(char *text)
{
    char *to = text;
    while (*text && *text != '"') {
        text += *text == '\\' && (text[1] == '"' || text[1] == '\\');
        *to++ = *text++;
    }
    text += *text == '"';
    *to = '\0';
    return text;
}

/* False at the end. What is no parameter, such as the type before them, is passed over. */
static bool next_parameter(char **rest, struct parameter *ret_parameter)
{
    for (;;) {
        char *name = *rest + strspn(*rest, "; ");
        if (!*name)
            return false;
        char *equals = name + strcspn(name, "=;");
        if (*equals != '=') {
            *rest = equals;
            continue;
        }
        char *value = equals + 1 + strspn(equals + 1, " ");
        bool is_quoted = *value == '"';
        value += is_quoted;
        char *end = is_quoted ? unquote(value) : value + strcspn(value, ";");
        *rest = end + (*end == ';');
        if (!is_quoted)
            *end = '\0';
        name[strcspn(name, " =")] = '\0';
        *ret_parameter = (struct parameter){name, value};
        return true;
    }
}

/* Quoted, as GMime reads it rightly. */
static void add_parameter(struct buf *buf, const struct parameter *parameter)
{
    buf_addf(buf, "; %s=\"", parameter->name);
    for (const char *at = parameter->value; *at; at++) {
        if (*at == '"' || *at == '\\')
            buf_add_char(buf, '\\');
        buf_add_char(buf, *at);
    }
    buf_add_char(buf, '"');
}

static const char *read_filename(struct buf *parameters, struct arena *arena)
{
    struct error none;
    if (!parameters->size)
        return NULL;
    struct head head = {0};
    head.values[HEAD_CONTENT_DISPOSITION] = arena_format(arena, "attachment%s",
                                                         buf_text(parameters, &none));
    return part_read(&head, "text/plain", arena).filename;
}

/* GMime takes the first of two names, which need not be the better. */
static const char *disposition_filename(const char *value, struct arena *arena)
{
    struct buf plain = BUF(arena, SIZE_MAX / 4), extended = BUF(arena, SIZE_MAX / 4);
    char *rest = arena_copy(arena, charset_line(value, arena));
    struct parameter parameter;
    while (next_parameter(&rest, &parameter)) {
        bool is_plain = text_equal_nocase(parameter.name, FILENAME);
        if (is_plain)
            add_parameter(&plain, &parameter);
        else if (!is_plain && strncasecmp(parameter.name, "filename*", strlen("filename*")) == 0)
            add_parameter(&extended, &parameter);
    }
    library_start();
    const char *better = read_filename(&extended, arena);
    if (better && !strstr(better, REPLACEMENT))
        return better;
    const char *other = read_filename(&plain, arena);
    return text_or(other, better);
}

static bool disposition_run(const struct parser_call *call, struct arena *arena, void *ret_answered,
                            struct error *error)
{
    const struct bytes value = spool_memory(call->file);
    struct mime_line *answered = ret_answered;
    (void)error;
    answered->text = disposition_filename(arena_copy_bytes(arena, value.data, value.size), arena);
    return true;
}

const struct parser_task MIME_DISPOSITION_TASK = {
    .name = "content disposition",
    .answered = &MIME_LINE_FORM,
    .answer_bytes_max = 64 * 1024,
    .prepare = mime_tasks_prepare,
    .run = disposition_run,
};

/* The header of a web server that nobody knows: as a file, since it is bytes of any charset. */
const char *mime_disposition_filename(const char *value, struct arena *arena)
{
    struct error error;
    if (!value || strlen(value) > VALUE_MAX_BYTES)
        return NULL;
    AUTO_SPOOL content = spool_create("/", VALUE_MAX_BYTES);
    struct mime_line answered = {0};
    return spool_write(content, value, strlen(value), &error) &&
                   parser_run(&MIME_DISPOSITION_TASK, &(struct parser_call){.file = content}, arena,
                              &answered, &error)
               ? attachment_filename(answered.text, arena)
               : NULL;
}

/* For whoever reads only this, and may decode what looks like percent-encoding or RFC 2047. */
static const char *fallback(const char *filename, struct arena *arena)
{
    char *plain = arena_alloc(arena, strlen(filename) + 1), *to = plain;
    for (const char *at = filename; *at; at++)
        if ((*at & 0xC0) != 0x80)
            *to++ = *at & 0x80 || strchr("\"\\%?", *at) ? '_' : *at;
    return plain;
}

/* attr-char of RFC 8187 stays. */
static void add_percent_encoded(struct buf *buf, const char *text)
{
    static const char KEPT[] = "!#$&+-.^_`|~0123456789"
                               "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    for (; *text; text++)
        if (strchr(KEPT, *text))
            buf_add_char(buf, *text);
        else
            buf_addf(buf, "%%%02X", (unsigned char)*text);
}

const char *mime_attachment_disposition(const char *filename, struct arena *arena)
{
    struct buf value = BUF(arena, SIZE_MAX / 4);
    struct error none;
    const char *clean = attachment_filename(charset_line(filename, arena), arena);
    if (!clean)
        return "attachment";
    clean = file_name_cut(clean, FILENAME_MAX_BYTES, arena);
    const char *plain = fallback(clean, arena);
    buf_addf(&value, "attachment; filename=\"%s\"", plain);
    if (!text_equal(plain, clean)) {
        buf_add(&value, "; filename*=UTF-8''");
        add_percent_encoded(&value, clean);
    }
    return buf_text(&value, &none);
}
