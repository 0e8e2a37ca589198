#include "message/embedded.h"

#include <string.h>

#include "base/text.h"
#include "html/html.h"

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

/* --- ids of pictures that have none */

/* By its content, so that the same mail always gives the same. */
static const char *embedded_given_id(const struct attachment *attachment, struct arena *arena)
{
    enum { DIGITS = 32 };
    return arena_format(arena, "%.*s@inline", DIGITS, attachment->sha256);
}

static bool embedded_is_picture(const struct attachment *attachment)
{
    static const char *const ENDINGS[] = {".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp"};
    const char *ending = attachment->filename ? strrchr(attachment->filename, '.') : NULL;
    if (text_starts(attachment->content_type, "image/"))
        return true;
    for (size_t i = 0; ending && i < sizeof ENDINGS / sizeof *ENDINGS; i++)
        if (text_equal_nocase(ending, ENDINGS[i]))
            return text_starts(attachment->content_type, "application/octet-stream");
    return false;
}

struct list embedded_files(struct list *attachments, const char *const *locations,
                           struct arena *arena)
{
    struct attachment *items = attachments->items;
    struct html_file *files = arena_new(arena, struct html_file, attachments->count);
    struct list list = {files, 0};
    for (size_t i = 0; i < attachments->count; i++) {
        if (!items[i].content_id && embedded_is_picture(&items[i]))
            items[i].content_id = embedded_given_id(&items[i], arena);
        if (items[i].content_id)
            files[list.count++] = (struct html_file){items[i].content_id, locations[i],
                                                     items[i].filename};
    }
    return list;
}

static void embedded_forget(struct attachment *attachment, struct arena *arena)
{
    if (!attachment->is_inline && attachment->content_id && attachment->sha256 &&
        text_equal(attachment->content_id, embedded_given_id(attachment, arena)))
        attachment->content_id = NULL;
}

/* --- what is shown */

static void mark(struct list *attachments, const char *id)
{
    struct attachment *items = attachments->items;
    for (size_t i = 0; i < attachments->count; i++)
        if (items[i].content_id && text_equal(items[i].content_id, id))
            items[i].is_inline = true;
}

static void embedded_mark_shown(const char *html, struct list *attachments, struct arena *arena)
{
    static const char IMAGE[] = " src=\"cid:"; /* text has its quotes escaped */
    for (int images = 0; images < IMAGES_MAX && (html = strcasestr(html, IMAGE)); images++) {
        html += strlen(IMAGE);
        size_t size = strcspn(html, "\"");
        mark(attachments, read_id(html, size, arena));
        html += size;
    }
}

void embedded_mark(const char *html, struct list *attachments, struct arena *arena)
{
    struct attachment *items = attachments->items;
    for (size_t i = 0; i < attachments->count; i++)
        items[i].is_inline = false;
    if (html && attachments->count)
        embedded_mark_shown(html, attachments, arena);
    for (size_t i = 0; i < attachments->count; i++)
        embedded_forget(&items[i], arena);
}
