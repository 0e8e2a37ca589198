#include "mime/thread.h"

#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/text.h"

/* What mail programs of all languages put before the subject of an answer or a forwarded mail.
 * Letters outside ASCII are compared as they are, so both cases are here. */
static const char *const PREFIXES[] = {
    "Re",   "Aw",   "Antw", "Antwort", "Sv",   "Svar",   "Vs",   "Odp",   "Ynt",   "Res",
    "Rif",  "Ref",  "Resp", "Bls",     "Atb",  "Ats",    "Pal",  "Fwd",   "Fw",    "Wg",
    "Tr",   "Rv",   "Enc",  "Vl",      "Vb",   "Doorst", "Fs",   "Pd",    "Ilt",   "Trs",
    "Rvs",  "Vá",   "VÁ",   "Σχετ",    "ΣΧΕΤ", "Απ",     "ΑΠ",   "Πρθ",   "ΠΡΘ",   "Отв",
    "ОТВ",  "Пер",  "ПЕР",  "На",      "НА",   "回复",   "回覆", "答复",  "转发",  "轉寄",
    "返信", "転送", "답장", "전달",    "رد",   "İlt",    "İLT",  "תשובה", "הועבר", "إعادة توجيه",
};

/* Italian has single letters, which only count as capitals. */
static const char *const LETTER_PREFIXES[] = {"R", "I"};

enum { REFERENCES_KEPT = 20 };

static const char *skip_space(const char *text)
{
    return text + strspn(text, " \t\r\n");
}

/* The end of `[2]`, `(2)` or `*2`, in which some programs count. */
static const char *skip_count(const char *text)
{
    static const char DIGITS[] = "0123456789";
    if (*text == '*' || *text == '^')
        return text + 1 + strspn(text + 1, DIGITS);
    if (*text != '[' && *text != '(')
        return text;
    size_t digits = strspn(text + 1, DIGITS);
    char closing = *text == '[' ? ']' : ')';
    return digits && text[1 + digits] == closing ? text + digits + 2 : text;
}

/* What follows the colon after a prefix of this size; NULL when there is no colon. */
static const char *skip_colon(const char *text, size_t size)
{
    const char *end = skip_space(skip_count(text + size));
    if (*end == ':')
        return skip_space(end + 1);
    return text_starts(end, "：") ? skip_space(end + strlen("：")) : NULL;
}

static const char *skip_prefix(const char *text)
{
    const char *end = NULL;
    for (size_t i = 0; i < sizeof PREFIXES / sizeof *PREFIXES && !end; i++)
        if (strncasecmp(text, PREFIXES[i], strlen(PREFIXES[i])) == 0)
            end = skip_colon(text, strlen(PREFIXES[i]));
    for (size_t i = 0; i < sizeof LETTER_PREFIXES / sizeof *LETTER_PREFIXES && !end; i++)
        if (text_starts(text, LETTER_PREFIXES[i]))
            end = skip_colon(text, strlen(LETTER_PREFIXES[i]));
    return end;
}

const char *mime_base_subject(const char *subject, struct arena *arena)
{
    const char *text = skip_space(text_or(subject, ""));
    for (const char *next; (next = skip_prefix(text));)
        text = next;
    return text_trim(text, arena);
}

static const char *with_prefix(const char *prefix, const char *subject, struct arena *arena)
{
    const char *base = mime_base_subject(subject, arena);
    return arena_format(arena, *base ? "%s: %s" : "%s:", prefix, base);
}

const char *mime_reply_subject(const char *subject, struct arena *arena)
{
    return with_prefix("Re", subject, arena);
}

const char *mime_forward_subject(const char *subject, struct arena *arena)
{
    return with_prefix("Fwd", subject, arena);
}

/* The next `<...>`, white space inside dropped as folding may have put it there; NULL at the
 * end. */
static const char *next_id(const char **at, struct arena *arena)
{
    const char *start = strchr(*at, '<');
    const char *end = start ? strchr(start, '>') : NULL;
    if (!end)
        return NULL;
    *at = end + 1;
    char *id = arena_alloc(arena, (size_t)(end - start) + 2), *to = id;
    for (; start <= end; start++)
        if (!strchr(" \t\r\n", *start))
            *to++ = *start;
    return id;
}

static size_t count_ids(const char *text, struct arena *arena)
{
    size_t count = 0;
    while (next_id(&text, arena))
        count++;
    return count;
}

const char *mime_reply_references(const char *parent_references, const char *parent_in_reply_to,
                                  const char *parent_message_id, struct arena *arena)
{
    const char *parent = text_or(parent_message_id, "");
    parent = next_id(&parent, arena);
    if (!parent)
        return NULL;
    const char *ids = text_or(parent_references, "");
    size_t count = count_ids(ids, arena);
    if (!count && count_ids(text_or(parent_in_reply_to, ""), arena) == 1) {
        ids = parent_in_reply_to;
        count = 1;
    }
    struct buf all = BUF(arena, strlen(ids) * 2 + strlen(parent) + 2);
    struct error none;
    for (size_t i = 0; i < count; i++) {
        const char *id = next_id(&ids, arena);
        bool is_kept = i == 0 || i + REFERENCES_KEPT >= count;
        if (is_kept && !text_equal(id, parent))
            buf_addf(&all, "%s ", id);
    }
    buf_add(&all, parent);
    return buf_text(&all, &none);
}
