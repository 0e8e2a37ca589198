#include "http/head.h"

#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "http/parameter.h"

static const char HEAD_BLANK[] = " \t";

size_t head_find_end(const char *data, size_t size, struct head_search *search)
{
    while (search->looked_at < size) {
        const char *end = memchr(data + search->looked_at, '\n', size - search->looked_at);
        if (!end) {
            search->looked_at = size;
            return 0;
        }
        size_t at = (size_t)(end - data), length = at - search->line_at;
        bool is_empty = !length || (length == 1 && data[search->line_at] == '\r');
        search->line_at = search->looked_at = at + 1;
        if (is_empty)
            return at + 1;
    }
    return 0;
}

/* The line at *rest, without its CRLF. Nothing in it may end the text early, or a line for a reader
 * that is less strict. */
static bool head_next_line(char **rest, const char *end, char **ret_line, struct error *error)
{
    char *line = *rest;
    char *line_end = memchr(line, '\n',
                            (size_t)(end - line)); /* there is one: it is a whole head */
    if (line_end == line || line_end[-1] != '\r')
        return fail(error, ERROR_INVALID, "", "a line of the header ends without CRLF");
    size_t size = (size_t)(line_end - 1 - line);
    if (memchr(line, '\0', size))
        return fail(error, ERROR_INVALID, "", "the header holds a NUL");
    if (memchr(line, '\r', size))
        return fail(error, ERROR_INVALID, "", "the header holds a CR without LF");
    line[size] = '\0';
    *ret_line = line;
    *rest = line_end + 1;
    return true;
}

/* HTTP/1.1, and what there may be of HTTP/1 beside it. */
static bool head_read_version(const char *text, unsigned *ret_minor, struct error *error)
{
    static const char NAME[] = "HTTP/";
    const char *digits = text + strlen(NAME);
    if (!text_starts(text, NAME) || strspn(digits, "0123456789") != 1 || digits[1] != '.' ||
        strspn(digits + 2, "0123456789") != 1 || digits[3])
        return fail(
            error, ERROR_INVALID, "",
            "the first line must be a method, a target and HTTP/1.1, with one space between");
    if (digits[0] != '1')
        return fail(error, ERROR_VERSION, "", "only HTTP/1.1 and HTTP/1.0 are spoken here");
    *ret_minor = digits[2] == '0' ? 0 : 1;
    return true;
}

static bool head_read_target(char *target, struct error *error)
{
    for (const char *at = target; *at; at++)
        if ((unsigned char)*at <= ' ' || *at == 0x7F || *at == '#')
            return fail(error, ERROR_INVALID, "", "the target holds %s",
                        *at == ' '   ? "a space"
                        : *at == '#' ? "a fragment"
                                     : "a control character");
    return *target || fail(error, ERROR_INVALID, "", "the first line has no target");
}

/* The version is what follows the last space, so that a space too many is the target's. */
static bool head_read_first_line(char *line, struct head *head, struct error *error)
{
    char *space = strchr(line, ' '), *last = strrchr(line, ' ');
    if (!space || last == space)
        return fail(
            error, ERROR_INVALID, "",
            "the first line must be a method, a target and HTTP/1.1, with one space between");
    *space = *last = '\0';
    if (!parameter_is_token(line))
        return fail(error, ERROR_INVALID, "", "the method is not a token");
    head->method = line;
    if (!head_read_target(space + 1, error))
        return false;
    head->target = space + 1;
    return head_read_version(last + 1, &head->minor, error);
}

static bool head_has_control(const char *value)
{
    for (; *value; value++)
        if (((unsigned char)*value < ' ' && *value != '\t') || *value == 0x7F)
            return true;
    return false;
}

static bool head_read_field(char *line, struct head_field *ret_field, struct error *error)
{
    char *colon = strchr(line, ':');
    if (strchr(HEAD_BLANK, *line))
        return fail(error, ERROR_INVALID, "", "a line of the header is folded");
    if (colon)
        *colon = '\0';
    if (!colon || !parameter_is_token(line))
        return fail(error, ERROR_INVALID, "", "a header's name is not a token");
    char *value = colon + 1 + strspn(colon + 1, HEAD_BLANK);
    size_t size = strlen(value);
    while (size && strchr(HEAD_BLANK, value[size - 1]))
        size--;
    value[size] = '\0';
    if (head_has_control(value))
        return fail(error, ERROR_INVALID, "", "a header holds a control character");
    *ret_field = (struct head_field){line, value};
    return true;
}

static size_t head_count_lines(const char *text, const char *end)
{
    size_t count = 0;
    for (; (text = memchr(text, '\n', (size_t)(end - text))); text++)
        count++;
    return count;
}

bool request_head_read(char *text, size_t size, struct arena *arena, struct head *ret_head,
                       struct error *error)
{
    const char *end = text + size;
    char *rest = text, *line;
    *ret_head = (struct head){.method = "", .target = ""};
    if (!head_next_line(&rest, end, &line, error) || !head_read_first_line(line, ret_head, error))
        return false;
    size_t lines = head_count_lines(rest, end);
    if (lines > HEAD_FIELDS_MOST + 1) /* the empty one */
        return fail(error, ERROR_HEADER_TOO_LARGE, "", "the header has more than %d fields",
                    HEAD_FIELDS_MOST);
    struct head_field *fields = arena_new(arena, struct head_field, lines);
    ret_head->fields = fields;
    while (head_next_line(&rest, end, &line, error)) {
        if (!*line)
            return true;
        if (!head_read_field(line, &fields[ret_head->field_count], error))
            return false;
        ret_head->field_count++;
    }
    return false;
}

const char *head_value(const struct head *head, const char *name)
{
    for (size_t i = 0; i < head->field_count; i++)
        if (text_equal_nocase(head->fields[i].name, name))
            return head->fields[i].value;
    return NULL;
}

static bool head_list_holds(const char *list, const char *word)
{
    size_t word_size = strlen(word);
    for (list += strspn(list, ", \t"); *list; list += strspn(list, ", \t")) {
        size_t size = strcspn(list, ", \t");
        if (size == word_size && strncasecmp(list, word, size) == 0)
            return true;
        list += size;
    }
    return false;
}

bool head_lists(const struct head *head, const char *name, const char *word)
{
    for (size_t i = 0; i < head->field_count; i++)
        if (text_equal_nocase(head->fields[i].name, name) &&
            head_list_holds(head->fields[i].value, word))
            return true;
    return false;
}
