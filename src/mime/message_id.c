/* Message-IDs by their form alone. */
#include "mime/message_id.h"

#include <string.h>

#include "mime/check.h"

static const char SPACE[] = " \t";

static bool message_id_has_form(const char *text, size_t size)
{
    if (size < sizeof "<a>" - 1 || size > MIME_ID_MAX || text[0] != '<' || text[size - 1] != '>')
        return false;
    for (size_t i = 1; i < size - 1; i++)
        if (text[i] <= ' ' || text[i] > '~' || text[i] == '<' || text[i] == '>')
            return false;
    return size > sizeof "<@>" - 1 || text[1] != '@';
}

bool mime_is_message_id(const char *text)
{
    return message_id_has_form(text, strlen(text));
}

bool mime_are_message_ids(const char *text)
{
    size_t count = 0;
    for (text += strspn(text, SPACE); *text; text += strspn(text, SPACE), count++) {
        size_t size = strcspn(text, SPACE);
        if (!message_id_has_form(text, size))
            return false;
        text += size;
    }
    return count;
}
