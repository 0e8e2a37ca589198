#include "mime/body.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"

enum {
    LINE_MAX_SOFT = 76,
    LINE_MAX_HARD = 998,
    BASE64_LINE_BYTES = 57, /* give 76 characters */
    READ_SIZE = 64 * 1024,
};

const char *const ENCODING_NAMES[] = {"7bit", "quoted-printable", "base64"};

/* One line of a text, without its end; false after the last. */
static bool next_line(const char **at, const char **ret_line, size_t *ret_size, bool *ret_ended)
{
    if (!**at)
        return false;
    size_t size = strcspn(*at, "\r\n");
    *ret_line = *at;
    *ret_size = size;
    *at += size;
    *ret_ended = **at != '\0';
    if (text_starts(*at, "\r\n"))
        *at += 2;
    else if (*ret_ended)
        *at += 1;
    return true;
}

/* A dot alone ends a mail over SMTP, `From ` starts one in a mailbox file. Transports have
 * escapes for both, and some of them get it wrong. */
static bool starts_badly(const char *line)
{
    return line[0] == '.' || text_starts(line, "From ") || text_starts(line, "--=_");
}

static bool is_plain_line(const char *line, size_t size)
{
    if (size > LINE_MAX_SOFT || starts_badly(line))
        return false;
    for (size_t i = 0; i < size; i++)
        if ((line[i] < 0x20 && line[i] != '\t') || line[i] == 0x7F)
            return false;
    return !size || (line[size - 1] != ' ' && line[size - 1] != '\t');
}

enum encoding body_encoding(const char *text)
{
    const char *line = NULL;
    size_t size = 0, ascii = 0, other = 0;
    bool is_plain = true, ended = false;
    for (const char *at = text; next_line(&at, &line, &size, &ended);) {
        is_plain = is_plain && is_plain_line(line, size);
        for (size_t i = 0; i < size; i++)
            *((line[i] & 0x80) ? &other : &ascii) += 1;
    }
    if (is_plain)
        return ENCODING_7BIT;
    /* 3 characters for each byte that is not ASCII, against 4 for any 3 bytes */
    return 5 * other > ascii ? ENCODING_BASE64 : ENCODING_QUOTED_PRINTABLE;
}

static void write_quoted_line(struct output *output, const char *line, size_t size)
{
    static const char HEX[] = "0123456789ABCDEF";
    size_t column = 0;
    for (size_t i = 0; i < size; i++) {
        unsigned char byte = (unsigned char)line[i];
        bool is_space = byte == ' ' || byte == '\t';
        bool is_literal = is_space ? i + 1 < size : byte > 0x20 && byte < 0x7F && byte != '=';
        if (column + (is_literal ? 1 : 3) > LINE_MAX_SOFT - 1) {
            output_text(output, "=\r\n");
            column = 0;
        }
        if (is_literal && !(column == 0 && starts_badly(line + i))) {
            output_add(output, &byte, 1);
            column += 1;
        } else {
            output_add(output, (char[]){'=', HEX[byte >> 4], HEX[byte & 15]}, 3);
            column += 3;
        }
    }
}

/* Collects bytes until they fill a line. */
struct base64_writer {
    struct output *output;
    unsigned char bytes[BASE64_LINE_BYTES];
    size_t count;
    bool has_line;
};

static void write_base64_line(struct base64_writer *writer)
{
    static const char ALPHABET[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char line[LINE_MAX_SOFT];
    size_t length = 0, count = writer->count;
    memset(writer->bytes + count, 0, sizeof writer->bytes - count);
    for (size_t i = 0; i < count; i += 3) {
        const unsigned char *from = writer->bytes + i;
        unsigned bits = (unsigned)from[0] << 16 | (unsigned)from[1] << 8 | from[2];
        line[length++] = ALPHABET[bits >> 18];
        line[length++] = ALPHABET[bits >> 12 & 63];
        line[length++] = i + 1 < count ? ALPHABET[bits >> 6 & 63] : '=';
        line[length++] = i + 2 < count ? ALPHABET[bits & 63] : '=';
    }
    if (writer->has_line)
        output_text(writer->output, "\r\n");
    output_add(writer->output, line, length);
    writer->has_line = true;
    writer->count = 0;
}

static void add_base64(struct base64_writer *writer, const char *data, size_t size)
{
    while (size) {
        size_t part = BASE64_LINE_BYTES - writer->count;
        if (part > size)
            part = size;
        memcpy(writer->bytes + writer->count, data, part);
        writer->count += part;
        data += part;
        size -= part;
        if (writer->count == BASE64_LINE_BYTES)
            write_base64_line(writer);
    }
}

static void finish_base64(struct base64_writer *writer)
{
    if (writer->count)
        write_base64_line(writer);
}

void body_write_text(struct output *output, const char *text, enum encoding encoding)
{
    struct base64_writer base64 = {.output = output};
    const char *line = NULL;
    size_t size = 0;
    bool ended = false;
    for (const char *at = text; next_line(&at, &line, &size, &ended);) {
        if (encoding == ENCODING_BASE64) {
            add_base64(&base64, line, size);
            add_base64(&base64, "\r\n", ended ? 2 : 0);
            continue;
        }
        if (encoding == ENCODING_QUOTED_PRINTABLE)
            write_quoted_line(output, line, size);
        else
            output_add(output, line, size);
        output_add(output, "\r\n", ended ? 2 : 0);
    }
    finish_base64(&base64);
}

/* The next piece of a file; 0 at its end, -1 on failure. */
static ssize_t read_piece(int file, off_t offset, char *piece)
{
    for (;;) {
        ssize_t got = pread(file, piece, READ_SIZE, offset);
        if (got >= 0 || errno != EINTR)
            return got;
    }
}

static void fail_read(struct output *output)
{
    if (!output->has_failed)
        fail_errno(output->error, "reading an attachment");
    output->has_failed = true;
}

void body_write_file(struct output *output, int file)
{
    struct base64_writer base64 = {.output = output};
    char piece[READ_SIZE];
    off_t offset = 0;
    ssize_t got = 0;
    while (!output->has_failed && (got = read_piece(file, offset, piece)) > 0) {
        add_base64(&base64, piece, (size_t)got);
        offset += got;
    }
    if (got < 0)
        fail_read(output);
    finish_base64(&base64);
}

bool body_may_enclose(int file, const char *seed)
{
    char piece[READ_SIZE], start[80], last = '\n';
    size_t column = 0;
    off_t offset = 0;
    ssize_t got = 0;
    while ((got = read_piece(file, offset, piece)) > 0) {
        for (ssize_t i = 0; i < got; last = piece[i++]) {
            if (piece[i] <= 0 || (last == '\r' && piece[i] != '\n'))
                return false;
            if (piece[i] == '\n')
                column = 0;
            else if (piece[i] != '\r')
                column++;
            if (column > LINE_MAX_HARD)
                return false;
            if (!column || column >= sizeof start)
                continue;
            start[column - 1] = piece[i];
            start[column] = '\0';
            if (text_starts(start, "--=_") && strstr(start, seed))
                return false;
        }
        offset += got;
    }
    return got == 0 && last != '\r';
}

void body_write_enclosed(struct output *output, int file)
{
    char piece[READ_SIZE];
    off_t offset = 0;
    ssize_t got = 0;
    while (!output->has_failed && (got = read_piece(file, offset, piece)) > 0) {
        for (ssize_t i = 0; i < got; i++) {
            if (piece[i] == '\n' && output->last != '\r')
                output_text(output, "\r");
            output_add(output, piece + i, 1);
        }
        offset += got;
    }
    if (got < 0)
        fail_read(output);
}
