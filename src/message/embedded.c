#include "message/embedded.h"

#include <string.h>

#include "base/text.h"

/* More images than any mail has; each is looked for among the attachments. */
enum { IMAGES_MAX = 10 * 1000 };

static const struct {
    const char *entity;
    char character;
} ENTITIES[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&#39;", '\''}};

/* As html/ escapes. Gives the size of what stood for the character. */
static size_t read_character(const char *text, char *ret_character)
{
    *ret_character = *text;
    for (size_t i = 0; *text == '&' && i < sizeof ENTITIES / sizeof *ENTITIES; i++)
        if (text_starts(text, ENTITIES[i].entity)) {
            *ret_character = ENTITIES[i].character;
            return strlen(ENTITIES[i].entity);
        }
    return 1;
}

static int hex_digit(char character)
{
    static const char DIGITS[] = "0123456789ABCDEFabcdef";
    const char *at = character ? strchr(DIGITS, character) : NULL;
    return !at ? -1 : at - DIGITS < 16 ? (int)(at - DIGITS) : (int)(at - DIGITS) - 6;
}

/* The id of a `cid:` URL, which has `%` before what a URL cannot hold. */
static const char *read_id(const char *url, size_t size, struct arena *arena)
{
    char *id = arena_copy_bytes(arena, url, size), *to = id;
    for (const char *at = id; *at; to++)
        at += read_character(at, to);
    *to = '\0';
    to = id;
    for (const char *at = id; *at; at++) {
        int high = *at == '%' ? hex_digit(at[1]) : -1;
        int low = high >= 0 ? hex_digit(at[2]) : -1;
        char character = *at;
        if (low >= 0) {
            character = (char)(high << 4 | low);
            at += 2;
        }
        *to++ = character;
    }
    *to = '\0';
    return id;
}

static void mark(struct list *attachments, const char *id)
{
    struct attachment *items = attachments->items;
    for (size_t i = 0; i < attachments->count; i++)
        if (items[i].content_id && text_equal(items[i].content_id, id))
            items[i].is_inline = true;
}

void embedded_mark(const char *html, struct list *attachments, struct arena *arena)
{
    static const char IMAGE[] = " src=\"cid:"; /* text has its quotes escaped */
    struct attachment *items = attachments->items;
    for (size_t i = 0; i < attachments->count; i++)
        items[i].is_inline = false;
    if (!html || !attachments->count)
        return;
    for (int images = 0; images < IMAGES_MAX && (html = strcasestr(html, IMAGE)); images++) {
        html += strlen(IMAGE);
        size_t size = strcspn(html, "\"");
        mark(attachments, read_id(html, size, arena));
        html += size;
    }
}
