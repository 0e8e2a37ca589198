#include "http/form_part.h"

#include <string.h>
#include <strings.h>

#include "base/file_name.h"
#include "base/media_type.h"
#include "base/text.h"
#include "http/parameter.h"

enum { TYPE_MAX_BYTES = 127 };

enum field { DISPOSITION, TYPE, ENCODING, FIELD_COUNT };
static const char *const FIELDS[FIELD_COUNT] = {
    [DISPOSITION] = "Content-Disposition",
    [TYPE] = "Content-Type",
    [ENCODING] = "Content-Transfer-Encoding",
};

/* The ones with a star are RFC 8187's, and win. */
enum named { NAME, NAME_EXTENDED, FILENAME, FILENAME_EXTENDED, NAMED_COUNT };
static const char *const NAMED[NAMED_COUNT] = {
    [NAME] = "name",
    [NAME_EXTENDED] = "name*",
    [FILENAME] = "filename",
    [FILENAME_EXTENDED] = "filename*",
};

/* The functions below return what is wrong, to stand behind "part 1", or NULL. */

static size_t find(const char *const *names, size_t count, const char *name)
{
    size_t i = 0;
    while (i < count && !text_equal_nocase(names[i], name))
        i++;
    return i;
}

/* A line that begins with a blank goes on with the one before (RFC 5322, 2.2.3). */
static void unfold(char *head)
{
    for (char *at = head; (at = strstr(at, "\r\n")); at += 2)
        if (at[2] == ' ' || at[2] == '\t')
            at[0] = at[1] = ' ';
}

static const char *read_field(char *line, char *values[FIELD_COUNT])
{
    char *colon = strchr(line, ':');
    if (!colon)
        return "has a header line without a colon";
    *colon = '\0';
    if (!parameter_is_token(line))
        return "has a header whose name is not a token";
    size_t field = find(FIELDS, FIELD_COUNT, line);
    if (field == FIELD_COUNT)
        return NULL;
    if (values[field])
        return "has a header twice that may be there once";
    values[field] = colon + 1;
    return NULL;
}

static const char *read_fields(char *head, char *values[FIELD_COUNT])
{
    const char *wrong = NULL;
    unfold(head);
    for (char *line = head; !wrong && !text_starts(line, "\r\n");) {
        char *end = strstr(line, "\r\n");
        *end = '\0';
        wrong = read_field(line, values);
        line = end + 2;
    }
    return wrong;
}

/* The three characters that browsers replace in a name (WHATWG HTML, multipart/form-data); a
 * percent sign of the name itself they leave, so nothing else is decoded. */
static void decode_escapes(char *text)
{
    static const char ESCAPES[][4] = {"%22", "%0D", "%0A"}, MEANT[] = "\"\r\n";
    char *to = text;
    while (*text) {
        size_t i = 0;
        while (i < sizeof ESCAPES / sizeof *ESCAPES && strncasecmp(text, ESCAPES[i], 3) != 0)
            i++;
        *to++ = MEANT[i] ? MEANT[i] : *text;
        text += MEANT[i] ? 3 : 1;
    }
    *to = '\0';
}

static int hex_value(char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    char lower = (char)(digit | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* `UTF-8'language'text`, percent-encoded. NULL when it is not. */
static char *decode_extended(char *text)
{
    static const char CHARSET[] = "UTF-8'";
    bool is_utf8 = strncasecmp(text, CHARSET, strlen(CHARSET)) == 0;
    char *decoded = is_utf8 ? strchr(text + strlen(CHARSET), '\'') : NULL;
    if (!decoded)
        return NULL;
    char *to = ++decoded;
    for (const char *at = decoded; *at; at++) {
        char character = *at;
        if (character == '%') {
            int high = hex_value(at[1]), low = high < 0 ? -1 : hex_value(at[2]);
            character = (char)(low < 0 ? 0 : high << 4 | low);
            at += 2;
        }
        if (!character)
            return NULL;
        *to++ = character;
    }
    *to = '\0';
    return decoded;
}

/* Both NULL: so is what comes out. */
static const char *read_text(char *plain, char *extended, char **ret_text)
{
    char *text = extended ? decode_extended(extended) : plain;
    if (extended && !text)
        return "has a name in Content-Disposition that is not percent-encoded UTF-8 (RFC 8187)";
    if (text && !extended)
        decode_escapes(text);
    if (text && (!text_is_utf8(text, strlen(text)) || text_has_control(text)))
        return "has a name in Content-Disposition that is not UTF-8 without control characters";
    *ret_text = text;
    return NULL;
}

static const char *read_named(char *parameters, char *values[NAMED_COUNT])
{
    static const char CONTINUED[] = "filename*";
    const char *name;
    char *value;
    enum parameter found;
    while ((found = parameter_next(&parameters, &name, &value)) == PARAMETER_FOUND) {
        size_t named = find(NAMED, NAMED_COUNT, name);
        /* RFC 2231's filename*0: nobody sends it, and its file must not pass for a field */
        if (named == NAMED_COUNT && strncasecmp(name, CONTINUED, strlen(CONTINUED)) == 0)
            return "has a filename in pieces, which forms do not have (RFC 7578, 4.2)";
        if (named == NAMED_COUNT)
            continue;
        if (values[named])
            return "has a name twice in Content-Disposition";
        values[named] = value;
    }
    return found == PARAMETER_BROKEN ? "has a Content-Disposition that cannot be read" : NULL;
}

static const char *read_disposition(char *text, struct form_part *part)
{
    char *parameters, *values[NAMED_COUNT] = {0}, *name = NULL, *filename = NULL;
    if (!text)
        return "has no Content-Disposition";
    if (!text_equal_nocase(parameter_begin(text, &parameters), "form-data"))
        return "has a Content-Disposition that is not form-data";
    const char *wrong = read_named(parameters, values);
    wrong = wrong ? wrong : read_text(values[NAME], values[NAME_EXTENDED], &name);
    wrong = wrong ? wrong : read_text(values[FILENAME], values[FILENAME_EXTENDED], &filename);
    if (!wrong && text_is_empty(name))
        return "has no name in Content-Disposition";
    part->name = name;
    part->filename = filename ? file_name_strip(filename) : NULL;
    return wrong;
}

static bool is_type(char *text)
{
    char *slash = strchr(text, '/');
    if (!slash || strlen(text) > TYPE_MAX_BYTES)
        return false;
    *slash = '\0';
    bool is_type = parameter_is_token(text) && parameter_is_token(slash + 1);
    *slash = '/';
    return is_type;
}

static const char *read_type(char *text, struct form_part *part)
{
    char *ignored;
    if (!text)
        return NULL;
    text += strspn(text, " \t");
    bool is_whole = part->filename && !text_starts(text, "multipart/") && media_type_is_valid(text);
    char *behind = text + strcspn(text, ";");
    char after = *behind;
    text = parameter_begin(text, &ignored);
    if (!is_type(text))
        return NULL;
    for (char *at = text; *at; at++)
        if (*at >= 'A' && *at <= 'Z')
            *at = (char)(*at + ('a' - 'A'));
    part->content_type = text;
    if (is_whole && after) { /* its parameters are part of what a file is */
        memset(text + strlen(text), ' ', (size_t)(behind - text) - strlen(text));
        *behind = after;
    }
    /* several files of one field, as they once were sent; a file may be of such a type */
    if (!part->filename && text_starts(text, "multipart/"))
        return "has parts of its own; send each file as a part of the form (RFC 7578, 4.3)";
    return NULL;
}

static const char *check_encoding(char *text)
{
    static const char *const PLAIN[] = {"7bit", "8bit", "binary"};
    enum { COUNT = sizeof PLAIN / sizeof *PLAIN };
    char *ignored;
    if (!text || find(PLAIN, COUNT, parameter_begin(text, &ignored)) < COUNT)
        return NULL;
    return "has a Content-Transfer-Encoding, which forms do not have (RFC 7578, 4.7)";
}

bool form_part_read(char *head, size_t size, unsigned number, struct form_part *ret_part,
                    struct error *error)
{
    char *values[FIELD_COUNT] = {0};
    struct form_part part = {0};
    const char *wrong = memchr(head, '\0', size) ? "has a header with a NUL in it"
                                                 : read_fields(head, values);
    wrong = wrong ? wrong : read_disposition(values[DISPOSITION], &part);
    wrong = wrong ? wrong : read_type(values[TYPE], &part);
    wrong = wrong ? wrong : check_encoding(values[ENCODING]);
    if (wrong)
        return fail(error, ERROR_INVALID, "", "part %u %s", number, wrong);
    *ret_part = part;
    return true;
}
