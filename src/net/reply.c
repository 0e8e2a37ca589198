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
    while (size && *text == ' ') {
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

bool reply_add_line(struct reply *reply, const char *line, size_t size)
{
    while (size && (line[size - 1] == '\n' || line[size - 1] == '\r'))
        size--;
    if (size < 3 || !is_digit(line[0]) || !is_digit(line[1]) || !is_digit(line[2]) ||
        (size > 3 && line[3] != ' ' && line[3] != '-') || reply->lines == REPLY_LINES_MAX)
        return false;
    int64_t code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
    if (code < 200 || code > 599 || (reply->lines && code != reply->code))
        return false;
    reply->code = code;
    if (size > 4)
        add_text(reply, line + 4, size - 4);
    reply->lines++;
    reply->is_whole = size == 3 || line[3] == ' ';
    return true;
}

const char *reply_text(const struct reply *reply, struct arena *arena)
{
    return text_clean(reply->text, reply->size, arena);
}
