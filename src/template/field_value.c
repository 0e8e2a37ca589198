#include "template/field_value.h"

#include <string.h>

#include "base/text.h"
#include "template/amount.h"
#include "template/calendar.h"
#include "template/locale.h"

const char *const FIELD_TYPE_NAMES[] = {"text", "number",   "boolean", "currency",
                                        "date", "datetime", NULL};

static const size_t NO_LIMIT = SIZE_MAX / 4; /* the value was limited where it came in */

enum field_type field_value_guess(const char *text)
{
    struct calendar_time time;
    struct decimal decimal;
    struct currency currency;
    if (calendar_read_date(text, &time))
        return FIELD_TYPE_DATE;
    if (calendar_read_time(text, &time))
        return FIELD_TYPE_DATETIME;
    if (money_read(text, &decimal, &currency))
        return FIELD_TYPE_CURRENCY;
    const char *end = decimal_read(text, &decimal);
    return end && !*end ? FIELD_TYPE_NUMBER : FIELD_TYPE_TEXT;
}

/* By the last word of the name. */
static const struct {
    const char *word;
    enum field_type type;
    const char *sample; /* of a text */
} NAMES[] = {
    {"amount", FIELD_TYPE_CURRENCY, NULL},
    {"balance", FIELD_TYPE_CURRENCY, NULL},
    {"city", FIELD_TYPE_TEXT, "Springfield"},
    {"company", FIELD_TYPE_TEXT, "Example Ltd"},
    {"count", FIELD_TYPE_NUMBER, NULL},
    {"date", FIELD_TYPE_DATE, NULL},
    {"email", FIELD_TYPE_TEXT, "alex@example.com"},
    {"first name", FIELD_TYPE_TEXT, "Alex"},
    {"last name", FIELD_TYPE_TEXT, "Morgan"},
    {"link", FIELD_TYPE_TEXT, "https://example.com/"},
    {"name", FIELD_TYPE_TEXT, "Alex Morgan"},
    {"number", FIELD_TYPE_TEXT, "1042"},
    {"phone", FIELD_TYPE_TEXT, "+1 202 555 0142"},
    {"price", FIELD_TYPE_CURRENCY, NULL},
    {"quantity", FIELD_TYPE_NUMBER, NULL},
    {"total", FIELD_TYPE_CURRENCY, NULL},
    {"url", FIELD_TYPE_TEXT, "https://example.com/"},
    {" at", FIELD_TYPE_DATETIME, NULL},
};

static bool ends_with_word(const char *label, const char *word)
{
    size_t size = strlen(label), word_size = strlen(word);
    return size >= word_size && text_equal_nocase(label + size - word_size, word) &&
           (size == word_size || *word == ' ' || label[size - word_size - 1] == ' ');
}

static size_t find_name(const char *label)
{
    size_t at = 0;
    while (at < sizeof NAMES / sizeof *NAMES && !ends_with_word(label, NAMES[at].word))
        at++;
    return at;
}

enum field_type field_value_type_of_name(const char *token)
{
    AUTO_ARENA arena = arena_create();
    size_t at = find_name(field_value_label(token, arena));
    return at < sizeof NAMES / sizeof *NAMES ? NAMES[at].type : FIELD_TYPE_TEXT;
}

static bool is_capital(char character)
{
    return character >= 'A' && character <= 'Z';
}

static bool is_small(char character)
{
    return character >= 'a' && character <= 'z';
}

/* A capital letter that begins a word within camelCase; not one of an abbreviation. */
static bool begins_word(const char *token, size_t at)
{
    return at && is_capital(token[at]) && (is_small(token[at - 1]) || is_small(token[at + 1])) &&
           !strchr("_.-", token[at - 1]);
}

const char *field_value_label(const char *token, struct arena *arena)
{
    struct buf label = BUF(arena, NO_LIMIT);
    struct error never;
    bool is_apart = false; /* what follows is another word */
    for (size_t at = 0; token[at]; at++) {
        char character = token[at];
        if (strchr("_.- ", character)) {
            is_apart = true;
            continue;
        }
        bool is_word = begins_word(token, at);
        if ((is_apart || is_word) && label.size)
            buf_add_char(&label, ' ');
        if (!label.size && is_small(character))
            character = (char)(character - ('a' - 'A'));
        else if (label.size && is_word && is_small(token[at + 1]))
            character = (char)(character + ('a' - 'A'));
        buf_add_char(&label, character);
        is_apart = false;
    }
    return buf_text(&label, &never);
}

const char *field_value_sample(const char *token, enum field_type type, struct arena *arena)
{
    static const char *const SAMPLES[] = {
        [FIELD_TYPE_NUMBER] = "42",
        [FIELD_TYPE_BOOLEAN] = "true",
        [FIELD_TYPE_CURRENCY] = "1234.50 EUR",
        [FIELD_TYPE_DATE] = "2026-05-20",
        [FIELD_TYPE_DATETIME] = "2026-05-20T14:10:00Z",
    };
    if (type != FIELD_TYPE_TEXT)
        return SAMPLES[type];
    const char *label = field_value_label(token, arena);
    size_t at = find_name(label);
    const char *sample = at < sizeof NAMES / sizeof *NAMES ? NAMES[at].sample : NULL;
    return text_or(sample, label);
}

static bool add_number(struct buf *buf, const char *text, const struct locale *locale)
{
    struct decimal decimal;
    const char *end = decimal_read(text, &decimal);
    if (!end || *end)
        return false;
    decimal_add(buf, &decimal, locale);
    return true;
}

static bool add_boolean(struct buf *buf, const char *text, const struct locale *locale)
{
    bool is_true = text_equal(text, "true");
    if (!is_true && !text_equal(text, "false"))
        return false;
    buf_add(buf, is_true ? locale->yes : locale->no);
    return true;
}

static bool add_money(struct buf *buf, const char *text, const struct locale *locale)
{
    struct decimal decimal;
    struct currency currency;
    if (!money_read(text, &decimal, &currency))
        return false;
    money_add(buf, &decimal, &currency, locale);
    return true;
}

static bool add_date(struct buf *buf, const char *text, const struct locale *locale)
{
    struct calendar_time time;
    if (!calendar_read_date(text, &time))
        return false;
    calendar_add_date(buf, &time, locale);
    return true;
}

static bool add_time(struct buf *buf, const char *text, const struct locale *locale)
{
    struct calendar_time time;
    if (!calendar_read_time(text, &time))
        return false;
    calendar_add_time(buf, &time, locale);
    return true;
}

typedef bool add_value(struct buf *buf, const char *text, const struct locale *locale);
static add_value *const ADD[] = {
    [FIELD_TYPE_TEXT] = NULL,           [FIELD_TYPE_NUMBER] = add_number,
    [FIELD_TYPE_BOOLEAN] = add_boolean, [FIELD_TYPE_CURRENCY] = add_money,
    [FIELD_TYPE_DATE] = add_date,       [FIELD_TYPE_DATETIME] = add_time,
};

const char *field_value_format(const struct field_value *value, const char *locale,
                               struct arena *arena)
{
    struct buf buf = BUF(arena, NO_LIMIT);
    struct error never;
    const char *text = text_or(value->text, "");
    add_value *add = ADD[value->type];
    return add && add(&buf, text, locale_find(locale)) ? buf_text(&buf, &never) : text;
}
