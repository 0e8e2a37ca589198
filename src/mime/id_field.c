#include "mime/id_field.h"

#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "mime/charset.h"
#include "mime/encoded_word.h"

static const char SEPARATORS[] = " \t\r\n,;";

struct id_list {
    struct arena *arena;
    const char *ids[ID_FIELD_IDS_MAX]; /* a ring: the next goes to count % ID_FIELD_IDS_MAX */
    size_t count;
};

static void id_list_add(struct id_list *list, const char *inner, size_t size)
{
    char *id = arena_alloc(list->arena, size + 3), *to = id;
    *to++ = '<';
    for (size_t i = 0; i < size; i++)
        if (!strchr(" \t\r\n<>", inner[i]))
            *to++ = inner[i];
    *to++ = '>';
    if (to - id > 2)
        list->ids[list->count++ % ID_FIELD_IDS_MAX] = id;
}

/* `<` begins one, and `>` ends it; where that is missing, the next `<` or white space, if it looks
 * like an id. */
static void id_list_read_brackets(struct id_list *list, const char *text)
{
    while ((text = strchr(text, '<'))) {
        text += strspn(text, "< \t");
        size_t size = strcspn(text, "<>");
        size_t word = strcspn(text, "< \t\r\n,");
        if (text[size] == '>')
            id_list_add(list, text, size);
        else if (memchr(text, '@', word))
            id_list_add(list, text, word);
        text += size;
    }
}

static bool id_is_likely(const char *word, size_t size, const char *signs)
{
    for (size_t i = 0; i < size; i++)
        if (strchr(signs, word[i]))
            return true;
    return false;
}

/* Words with an @ are ids; where there are none, words with a digit: numbers in hex, UUIDs. */
static void id_list_read_words(struct id_list *list, const char *text, const char *signs)
{
    while (*(text += strspn(text, SEPARATORS))) {
        size_t size = strcspn(text, SEPARATORS);
        if (id_is_likely(text, size, signs))
            id_list_add(list, text, size);
        text += size;
    }
}

/* Without quotes around all of it. */
static const char *id_field_decode(const char *raw, struct arena *arena)
{
    const char *text = strstr(raw, "=?")
                           ? charset_line(encoded_word_decode(raw, arena, NULL), arena)
                           : raw;
    size_t size = strlen(text);
    bool is_quoted = size > 2 && text[0] == '"' && text[size - 1] == '"';
    return is_quoted ? arena_copy_bytes(arena, text + 1, size - 2) : text;
}

static struct id_list *id_field_list(const char *raw, struct arena *arena)
{
    struct id_list *list = arena_new(arena, struct id_list, 1);
    const char *text = id_field_decode(raw, arena);
    list->arena = arena;
    id_list_read_brackets(list, text);
    if (!strchr(text, '<'))
        id_list_read_words(list, text, "@");
    if (!strpbrk(text, "<@"))
        id_list_read_words(list, text, "0123456789");
    return list;
}

const char *id_field_read(const char *raw, struct arena *arena)
{
    if (text_is_empty(raw))
        return NULL;
    struct id_list *list = id_field_list(raw, arena);
    size_t kept = list->count < ID_FIELD_IDS_MAX ? list->count : ID_FIELD_IDS_MAX;
    struct buf ids = BUF(arena, SIZE_MAX / 4);
    struct error none;
    for (size_t i = list->count - kept; i < list->count; i++)
        buf_addf(&ids, "%s%s", ids.size ? " " : "", list->ids[i % ID_FIELD_IDS_MAX]);
    return ids.size ? buf_text(&ids, &none) : NULL;
}

const char *id_field_read_one(const char *raw, struct arena *arena)
{
    const char *ids = id_field_read(raw, arena);
    return ids ? id_field_next(&ids, arena) : NULL;
}

const char *id_field_next(const char **ids, struct arena *arena)
{
    *ids += strspn(*ids, " ");
    size_t size = strcspn(*ids, " ");
    const char *id = size ? arena_copy_bytes(arena, *ids, size) : NULL;
    *ids += size;
    return id;
}
