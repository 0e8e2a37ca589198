#include "net/reply.h"

#include <string.h>

#include "base/text.h"

static bool is_digit(char character)
{
    return character >= '0' && character <= '9';
}

static size_t digits_at(const char *text, size_t most)
{
    size_t count = 0;
    while (count < most && is_digit(text[count]))
        count++;
    return count;
}

size_t reply_enhanced(const char *text)
{
    if ((text[0] != '2' && text[0] != '4' && text[0] != '5') || text[1] != '.')
        return 0;
    size_t subject = digits_at(text + 2, 3);
    if (!subject || text[2 + subject] != '.')
        return 0;
    size_t detail = digits_at(text + 3 + subject, 3);
    char next = text[3 + subject + detail];
    return detail && (!next || next == ' ') ? 3 + subject + detail : 0;
}

static void add_text(struct reply *reply, const char *text, size_t size)
{
    /* Servers begin each line with the same enhanced code; once is enough. */
    size_t enhanced = reply->lines ? reply_enhanced(reply->text) : 0;
    if (enhanced && size >= enhanced && memcmp(text, reply->text, enhanced) == 0) {
        text += enhanced;
        size -= enhanced;
    }
    while (size && (*text == ' ' || *text == '\t')) {
        text++;
        size--;
    }
    if (reply->size && size && reply->size < REPLY_TEXT_SIZE)
        reply->text[reply->size++] = ' ';
    if (size > REPLY_TEXT_SIZE - reply->size)
        size = REPLY_TEXT_SIZE - reply->size;
    memcpy(reply->text + reply->size, text, size);
    reply->size += size;
    reply->text[reply->size] = '\0';
}

/* RFC 5321 4.2.1 wants one code in all lines. Where a server mixes some that mean the same, the
 * last line is the reply; anything else is not clear. */
static bool reply_may_follow(int64_t code, int64_t former)
{
    bool is_refused = code >= 400 && former >= 400;
    return code / 100 == former / 100 || is_refused;
}

/* Only the number counts, and whether a line follows (RFC 5321 4.2): whatever stands behind it. */
bool reply_add_line(struct reply *reply, const char *line, size_t size)
{
    while (size && (line[size - 1] == '\n' || line[size - 1] == '\r'))
        size--;
    if (size < 3 || !is_digit(line[0]) || !is_digit(line[1]) || !is_digit(line[2]) ||
        (size > 3 && is_digit(line[3])) || reply->lines == REPLY_LINES_MAX)
        return false;
    int64_t code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
    if (code < 200 || code > 599 || (reply->lines && !reply_may_follow(code, reply->code)))
        return false;
    bool has_separator = size > 3 && strchr(" -\t", line[3]);
    size_t start = has_separator ? 4 : 3;
    reply->code = code;
    add_text(reply, line + start, size - start);
    reply->lines++;
    reply->is_whole = size == 3 || line[3] != '-';
    return true;
}

const char *reply_text(const struct reply *reply, struct arena *arena)
{
    return text_clean(reply->text, reply->size, arena);
}
