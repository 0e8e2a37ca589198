#include "mime/thread.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/text.h"

/* What a prefix says, and how it must be spelled to be one. */
enum prefix_kind { PREFIX_ANSWER, PREFIX_FORWARD };
enum prefix_spelling {
    PREFIX_ANY_CASE,
    PREFIX_CAPITALS, /* otherwise it is a word that begins many subjects: "Enc: contract" */
};

/* What mail programs put before the subject of an answer or a forwarded mail. "Outlook": what it
 * and Exchange write in that language; "Notes": Lotus Notes; "list": the "List of email subject
 * abbreviations" of Wikipedia, section "Abbreviations in other languages". Letters outside ASCII
 * are compared as they are, so both cases are here. Words that people write themselves are none:
 * "Ref:", "Pal:" and "Resp:". */
static const struct prefix {
    const char *text;
    enum prefix_kind kind;
    enum prefix_spelling spelling;
} PREFIXES[] = {
    {"Re", PREFIX_ANSWER, PREFIX_ANY_CASE},              /* RFC 5322 3.6.5 */
    {"Aw", PREFIX_ANSWER, PREFIX_ANY_CASE},              /* German: Outlook, web mailers */
    {"Antwort", PREFIX_ANSWER, PREFIX_ANY_CASE},         /* German: Notes */
    {"Antw", PREFIX_ANSWER, PREFIX_ANY_CASE},            /* Dutch: Outlook, GroupWise; Norwegian */
    {"Sv", PREFIX_ANSWER, PREFIX_ANY_CASE},              /* Swedish, Danish, Norwegian, Icelandic */
    {"Svar", PREFIX_ANSWER, PREFIX_ANY_CASE},            /* Danish, Swedish: Notes */
    {"Vs", PREFIX_ANSWER, PREFIX_ANY_CASE},              /* Finnish, Estonian: Outlook */
    {"Odp", PREFIX_ANSWER, PREFIX_ANY_CASE},             /* Polish, Slovak: Outlook */
    {"Odg", PREFIX_ANSWER, PREFIX_ANY_CASE},             /* Croatian, Serbian, Slovene: Outlook */
    {"Одг", PREFIX_ANSWER, PREFIX_ANY_CASE},             /* Serbian in Cyrillic: Outlook */
    {"ОДГ", PREFIX_ANSWER, PREFIX_ANY_CASE},             /* the same */
    {"Ynt", PREFIX_ANSWER, PREFIX_ANY_CASE},             /* Turkish: Outlook */
    {"Res", PREFIX_ANSWER, PREFIX_CAPITALS},             /* Portuguese: Outlook */
    {"Rif", PREFIX_ANSWER, PREFIX_CAPITALS},             /* Italian: Notes */
    {"R", PREFIX_ANSWER, PREFIX_CAPITALS},               /* Italian: Outlook */
    {"Bls", PREFIX_ANSWER, PREFIX_ANY_CASE},             /* Indonesian, Malay: list */
    {"Atb", PREFIX_ANSWER, PREFIX_ANY_CASE},             /* Latvian: Outlook; Welsh: list */
    {"Ats", PREFIX_ANSWER, PREFIX_ANY_CASE},             /* Lithuanian: Outlook */
    {"Vá", PREFIX_ANSWER, PREFIX_ANY_CASE},              /* Hungarian: Outlook */
    {"VÁ", PREFIX_ANSWER, PREFIX_ANY_CASE},              /* the same */
    {"Απ", PREFIX_ANSWER, PREFIX_ANY_CASE},              /* Greek: Outlook */
    {"ΑΠ", PREFIX_ANSWER, PREFIX_ANY_CASE},              /* the same */
    {"Σχετ", PREFIX_ANSWER, PREFIX_ANY_CASE},            /* Greek: list */
    {"ΣΧΕΤ", PREFIX_ANSWER, PREFIX_ANY_CASE},            /* the same */
    {"Отв", PREFIX_ANSWER, PREFIX_ANY_CASE},             /* Russian: web mailers; Bulgarian: list */
    {"ОТВ", PREFIX_ANSWER, PREFIX_ANY_CASE},             /* the same */
    {"Ответ", PREFIX_ANSWER, PREFIX_ANY_CASE},           /* Russian: Notes, web mailers */
    {"ОТВЕТ", PREFIX_ANSWER, PREFIX_ANY_CASE},           /* the same */
    {"Отг", PREFIX_ANSWER, PREFIX_ANY_CASE},             /* Bulgarian: Outlook */
    {"ОТГ", PREFIX_ANSWER, PREFIX_ANY_CASE},             /* the same */
    {"Відп", PREFIX_ANSWER, PREFIX_ANY_CASE},            /* Ukrainian: Outlook */
    {"ВІДП", PREFIX_ANSWER, PREFIX_ANY_CASE},            /* the same */
    {"Відповідь", PREFIX_ANSWER, PREFIX_ANY_CASE},       /* Ukrainian: web mailers */
    {"На", PREFIX_ANSWER, PREFIX_ANY_CASE},              /* Bulgarian: list */
    {"НА", PREFIX_ANSWER, PREFIX_ANY_CASE},              /* the same */
    {"回复", PREFIX_ANSWER, PREFIX_ANY_CASE},            /* Chinese: Foxmail, QQ, Outlook */
    {"回覆", PREFIX_ANSWER, PREFIX_ANY_CASE},            /* Chinese, traditional: Outlook, Yahoo */
    {"回復", PREFIX_ANSWER, PREFIX_ANY_CASE},            /* Chinese, traditional: web mailers */
    {"答复", PREFIX_ANSWER, PREFIX_ANY_CASE},            /* Chinese: Outlook */
    {"答覆", PREFIX_ANSWER, PREFIX_ANY_CASE},            /* Chinese, traditional: Notes */
    {"返信", PREFIX_ANSWER, PREFIX_ANY_CASE},            /* Japanese: web mailers */
    {"답장", PREFIX_ANSWER, PREFIX_ANY_CASE},            /* Korean: Daum, Naver */
    {"회신", PREFIX_ANSWER, PREFIX_ANY_CASE},            /* Korean: Outlook, groupware */
    {"Trả lời", PREFIX_ANSWER, PREFIX_ANY_CASE},         /* Vietnamese: Outlook, Yahoo */
    {"TRẢ LỜI", PREFIX_ANSWER, PREFIX_ANY_CASE},         /* the same */
    {"ตอบกลับ", PREFIX_ANSWER, PREFIX_ANY_CASE},          /* Thai: Outlook */
    {"ตอบ", PREFIX_ANSWER, PREFIX_ANY_CASE},             /* Thai: web mailers */
    {"תשובה", PREFIX_ANSWER, PREFIX_ANY_CASE},           /* Hebrew: Outlook */
    {"השב", PREFIX_ANSWER, PREFIX_ANY_CASE},             /* Hebrew: list */
    {"رد", PREFIX_ANSWER, PREFIX_ANY_CASE},              /* Arabic: Outlook */
    {"پاسخ", PREFIX_ANSWER, PREFIX_ANY_CASE},            /* Persian: Outlook */
    {"Fwd", PREFIX_FORWARD, PREFIX_ANY_CASE},            /* most programs */
    {"Fw", PREFIX_FORWARD, PREFIX_ANY_CASE},             /* English: Outlook */
    {"Wg", PREFIX_FORWARD, PREFIX_ANY_CASE},             /* German: Outlook */
    {"Weitergeleitet", PREFIX_FORWARD, PREFIX_ANY_CASE}, /* German: web mailers */
    {"Tr", PREFIX_FORWARD, PREFIX_CAPITALS},             /* French: Outlook */
    {"Rv", PREFIX_FORWARD, PREFIX_ANY_CASE},             /* Spanish, Catalan: Outlook */
    {"Enc", PREFIX_FORWARD, PREFIX_CAPITALS},            /* Portuguese: Outlook */
    {"I", PREFIX_FORWARD, PREFIX_CAPITALS},              /* Italian: Outlook */
    {"Vl", PREFIX_FORWARD, PREFIX_ANY_CASE},             /* Finnish: Outlook */
    {"Vb", PREFIX_FORWARD, PREFIX_ANY_CASE},             /* Swedish: Outlook */
    {"Doorst", PREFIX_FORWARD, PREFIX_ANY_CASE},         /* Dutch: Notes */
    {"Fs", PREFIX_FORWARD, PREFIX_CAPITALS},             /* Icelandic: list */
    {"Pd", PREFIX_FORWARD, PREFIX_CAPITALS},             /* Polish: Outlook */
    {"Ilt", PREFIX_FORWARD, PREFIX_ANY_CASE},            /* Turkish: Outlook */
    {"İlt", PREFIX_FORWARD, PREFIX_ANY_CASE},            /* the same */
    {"İLT", PREFIX_FORWARD, PREFIX_ANY_CASE},            /* the same */
    {"Trs", PREFIX_FORWARD, PREFIX_CAPITALS},            /* Indonesian, Malay: list */
    {"Rvs", PREFIX_FORWARD, PREFIX_CAPITALS},            /* Spanish: list */
    {"Πρθ", PREFIX_FORWARD, PREFIX_ANY_CASE},            /* Greek: Outlook */
    {"ΠΡΘ", PREFIX_FORWARD, PREFIX_ANY_CASE},            /* the same */
    {"Пер", PREFIX_FORWARD, PREFIX_ANY_CASE},            /* Russian, Ukrainian: Outlook */
    {"ПЕР", PREFIX_FORWARD, PREFIX_ANY_CASE},            /* the same */
    {"Пересл", PREFIX_FORWARD, PREFIX_ANY_CASE},         /* Russian, Ukrainian: Outlook */
    {"ПЕРЕСЛ", PREFIX_FORWARD, PREFIX_ANY_CASE},         /* the same */
    {"转发", PREFIX_FORWARD, PREFIX_ANY_CASE},           /* Chinese: Foxmail, QQ, Outlook */
    {"轉寄", PREFIX_FORWARD, PREFIX_ANY_CASE},           /* Chinese, traditional: Outlook */
    {"轉發", PREFIX_FORWARD, PREFIX_ANY_CASE},           /* Chinese, traditional: web mailers */
    {"転送", PREFIX_FORWARD, PREFIX_ANY_CASE},           /* Japanese: web mailers */
    {"전달", PREFIX_FORWARD, PREFIX_ANY_CASE},           /* Korean: Daum, Naver, Outlook */
    {"Chuyển tiếp", PREFIX_FORWARD, PREFIX_ANY_CASE},    /* Vietnamese: Outlook */
    {"ส่งต่อ", PREFIX_FORWARD, PREFIX_ANY_CASE},           /* Thai: Outlook */
    {"הועבר", PREFIX_FORWARD, PREFIX_ANY_CASE},          /* Hebrew: list */
    {"إعادة توجيه", PREFIX_FORWARD, PREFIX_ANY_CASE},    /* Arabic: Outlook */
};

enum { REFERENCES_KEPT = 20, TAG_BYTES_MAX = 64 };

static const char *skip_space(const char *text)
{
    static const char *const WIDE[] = {"\u00A0", "\u202F", "\u3000"}; /* before a French colon */
    for (size_t i = 0; i <= sizeof WIDE / sizeof *WIDE;) {
        text += strspn(text, " \t\r\n");
        for (i = 0; i < sizeof WIDE / sizeof *WIDE && !text_starts(text, WIDE[i]);)
            i++;
        if (i == sizeof WIDE / sizeof *WIDE)
            break;
        text += strlen(WIDE[i]);
    }
    return text;
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

/* What follows the colon after a prefix; NULL when there is no colon. */
static const char *skip_colon(const char *text)
{
    text += *text == '.'; /* of an abbreviation */
    const char *end = skip_space(skip_count(skip_space(text)));
    if (*end == ':')
        return skip_space(end + 1);
    return text_starts(end, "：") ? skip_space(end + strlen("：")) : NULL;
}

/* In capitals, and nothing else. */
static bool prefix_is_loud(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (text[i] < 'A' || text[i] > 'Z')
            return false;
    return true;
}

/* What follows the prefix that the text begins with; NULL: it begins with none. */
static const char *skip_prefix(const char *text, enum prefix_kind *ret_kind)
{
    const char *end = NULL;
    for (size_t i = 0; i < sizeof PREFIXES / sizeof *PREFIXES && !end; i++) {
        const struct prefix *prefix = &PREFIXES[i];
        size_t size = strlen(prefix->text);
        if (strncasecmp(text, prefix->text, size) == 0 &&
            (prefix->spelling == PREFIX_ANY_CASE || prefix_is_loud(text, size)))
            end = skip_colon(text + size);
        if (end)
            *ret_kind = prefix->kind;
    }
    return end;
}

/* What follows all prefixes that say that it is an answer, before one that says anything else. */
static const char *skip_answers(const char *text)
{
    enum prefix_kind kind;
    for (const char *next; (next = skip_prefix(text, &kind)) && kind == PREFIX_ANSWER;)
        text = next;
    return text;
}

/* The end of `[EXT] `, which a list or a gateway has put before what was written; text itself: it
 * does not begin so. */
static const char *skip_tag(const char *text)
{
    size_t size = *text == '[' ? strcspn(text + 1, "[]") : 0;
    return size && size <= TAG_BYTES_MAX && text[1 + size] == ']' ? skip_space(text + size + 2)
                                                                  : text;
}

const char *mime_base_subject(const char *subject, struct arena *arena)
{
    const char *text = skip_space(text_or(subject, ""));
    enum prefix_kind kind;
    for (const char *next; (next = skip_prefix(text, &kind));)
        text = next;
    return text_trim(text, arena);
}

static const char *with_prefix(const char *prefix, const char *text, struct arena *arena)
{
    const char *rest = text_trim(text, arena);
    return arena_format(arena, *rest ? "%s: %s" : "%s:", prefix, rest);
}

const char *mime_reply_subject(const char *subject, struct arena *arena)
{
    const char *text = skip_answers(skip_space(text_or(subject, ""))), *tags = text, *next;
    while ((next = skip_tag(text)) != text)
        text = next;
    const char *rest = text == tags ? text : skip_answers(text);
    if (rest == text)
        return with_prefix("Re", tags, arena);
    return with_prefix("Re", arena_format(arena, "%.*s%s", (int)(text - tags), tags, rest), arena);
}

const char *mime_forward_subject(const char *subject, struct arena *arena)
{
    return with_prefix("Fwd", mime_base_subject(subject, arena), arena);
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
