#include "message/manner.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "base/buf.h"
#include "base/text.h"
#include "mime/zone.h"
#include "template/calendar.h"

enum { SECOND_MS = 1000, MINUTE_SECONDS = 60, TIME_BYTES = 200 };
static const char FORWARD_DASHES[] = "----------";

/* clang-format off */
#define HEAD(b, m, e, alone) .before = b, .between = m, .behind = e, .behind_alone = alone
#define FIELDS(f, d, s, t, c) .from = f, .date = d, .subject = s, .to = t, .cc = c

/* Colons and commas as each language sets them; the forms are those that Gmail, Thunderbird and
 * Outlook use in that language, where these agree on one. A row ends with a colon, for by that other
 * programs find where a quote begins. */
static const struct manner_words WORDS[] = {
    {"en", HEAD("On ", ", ", " wrote:", " wrote:"), "somebody", "Forwarded message",
     FIELDS("From", "Date", "Subject", "To", "Cc"), {" and ", " others"}, ":"},
    {"de", HEAD("Am ", " schrieb ", ":", " schrieb:"), "jemand", "Weitergeleitete Nachricht",
     FIELDS("Von", "Datum", "Betreff", "An", "Cc"), {" und ", " weitere"}, ":"},
    {"es", HEAD("El ", ", ", " escribió:", " escribió:"), "alguien", "Mensaje reenviado",
     FIELDS("De", "Fecha", "Asunto", "Para", "Cc"), {" y ", " más"}, ":"},
    {"fr", HEAD("Le ", ", ", " a écrit :", " a écrit :"), "quelqu’un", "Message transféré",
     FIELDS("De", "Date", "Objet", "À", "Cc"), {" et ", " autres"}, " :"},
    {"it", HEAD("Il ", ", ", " ha scritto:", " ha scritto:"), "qualcuno", "Messaggio inoltrato",
     FIELDS("Da", "Data", "Oggetto", "A", "Cc"), {" e altri ", ""}, ":"},
    {"ja", HEAD("", "、", " のメール:", " のメール:"), "差出人不明", "転送メッセージ",
     FIELDS("差出人", "日時", "件名", "宛先", "Cc"), {" 他", "名"}, ":"},
    {"ko", HEAD("", ", ", "님이 작성:", "님이 작성:"), "누군가", "전달된 메시지",
     FIELDS("보낸 사람", "날짜", "제목", "받는 사람", "참조"), {" 외 ", "명"}, ":"},
    {"nl", HEAD("Op ", " schreef ", ":", " schreef:"), "iemand", "Doorgestuurd bericht",
     FIELDS("Van", "Datum", "Onderwerp", "Aan", "Cc"), {" en ", " anderen"}, ":"},
    {"pl", HEAD("Dnia ", " ", " napisał(a):", " napisał(a):"), "ktoś", "Przekazana wiadomość",
     FIELDS("Od", "Data", "Temat", "Do", "DW"), {" i ", " innych"}, ":"},
    {"pt", HEAD("Em ", ", ", " escreveu:", " escreveu:"), "alguém", "Mensagem encaminhada",
     FIELDS("De", "Data", "Assunto", "Para", "Cc"), {" e mais ", ""}, ":"},
    {"ru", HEAD("", ", ", " пишет:", " пишет:"), "кто-то", "Пересланное сообщение",
     FIELDS("От", "Дата", "Тема", "Кому", "Копия"), {" и ещё ", ""}, ":"},
    {"sv", HEAD("Den ", " skrev ", ":", " skrev:"), "någon", "Vidarebefordrat meddelande",
     FIELDS("Från", "Datum", "Ämne", "Till", "Kopia"), {" och ", " till"}, ":"},
    {"uk", HEAD("", ", ", " пише:", " пише:"), "хтось", "Переслане повідомлення",
     FIELDS("Від", "Дата", "Тема", "Кому", "Копія"), {" і ще ", ""}, ":"},
    {"zh", HEAD("", "，", " 写道：", " 写道："), "有人", "转发的邮件",
     FIELDS("发件人", "日期", "主题", "收件人", "抄送"), {" 等另外 ", " 人"}, "："},
    {"zh-TW", HEAD("", "，", " 寫道：", " 寫道："), "有人", "轉寄的郵件",
     FIELDS("寄件者", "日期", "主旨", "收件者", "副本"), {" 等另外 ", " 人"}, "："},
    {"da", HEAD("Den ", " skrev ", ":", " skrev:"), "nogen", "Videresendt meddelelse",
     FIELDS("Fra", "Dato", "Emne", "Til", "Cc"), {" og ", " andre"}, ":"},
    {"nb", HEAD("Den ", " skrev ", ":", " skrev:"), "noen", "Videresendt melding",
     FIELDS("Fra", "Dato", "Emne", "Til", "Kopi"), {" og ", " andre"}, ":"},
    {"fi", HEAD("", " ", " kirjoitti:", " kirjoitti:"), "joku", "Välitetty viesti",
     FIELDS("Lähettäjä", "Päiväys", "Aihe", "Vastaanottaja", "Kopio"), {" ja ", " muuta"}, ":"},
    {"cs", HEAD("Dne ", " ", " napsal(a):", " napsal(a):"), "někdo", "Přeposlaná zpráva",
     FIELDS("Od", "Datum", "Předmět", "Komu", "Kopie"), {" a ", " dalších"}, ":"},
};
/* clang-format on */
enum { WORDS_COUNT = sizeof WORDS / sizeof *WORDS };

/* Other names of rows, and where dates are written otherwise than the language's name says. */
static const struct {
    const char *name, *as;
} ALIASES[] = {
    {"no", "nb"},
    {"nn", "nb"},
    {"zh-HK", "zh-TW"},
    {"zh-MO", "zh-TW"},
    {"zh-Hant", "zh-TW"},
    {"zh-Hant-TW", "zh-TW"},
    {"zh-Hant-HK", "zh-TW"},
};

static const struct manner_words *manner_row(const char *name)
{
    for (size_t i = 0; i < sizeof ALIASES / sizeof *ALIASES; i++)
        if (strcasecmp(ALIASES[i].name, name) == 0)
            name = ALIASES[i].as;
    for (size_t i = 0; i < WORDS_COUNT; i++)
        if (strcasecmp(WORDS[i].language, name) == 0)
            return &WORDS[i];
    return NULL;
}

/* Its own row, or that of the language before the first hyphen; NULL: there is neither. */
static const struct manner_words *manner_find(const char *language)
{
    char name[MANNER_LANGUAGE_BYTES + 1];
    const struct manner_words *found;
    if (strlen(language) > MANNER_LANGUAGE_BYTES)
        return NULL;
    snprintf(name, sizeof name, "%s", language);
    while (!(found = manner_row(name))) {
        char *last = strrchr(name, '-');
        if (!last)
            return NULL;
        *last = '\0';
    }
    return found;
}

const struct manner_words *manner_words(const char *language)
{
    const struct manner_words *found = language ? manner_find(language) : NULL;
    return found ? found : WORDS;
}

/* --- when */

/* English without a country says day, month, year: that is understood everywhere. */
static const struct locale *manner_locale(const char *language)
{
    bool is_plain = !language || strcasecmp(language, "en") == 0;
    return locale_find(is_plain ? "en-GB" : language);
}

const char *manner_time(const struct manner *manner, moment at, struct arena *arena)
{
    struct buf text = BUF(arena, TIME_BYTES);
    struct error none;
    int offset = zone_offset_minutes(manner->timezone, at);
    time_t seconds = (time_t)(at.ms / SECOND_MS) + (time_t)offset * MINUTE_SECONDS;
    struct tm day;
    if (at.ms <= 0 || !gmtime_r(&seconds, &day))
        return NULL;
    const struct calendar_time time = {
        .year = day.tm_year + 1900,
        .month = day.tm_mon + 1,
        .day = day.tm_mday,
        .hour = day.tm_hour,
        .minute = day.tm_min,
        .offset_minutes = offset,
    };
    calendar_add_time(&text, &time, manner_locale(manner->language));
    return buf_text(&text, &none);
}

/* --- where it stands */

static bool manner_ends(const char *line, size_t size, const char *end)
{
    size_t length = strlen(end);
    return size >= length && memcmp(line + size - length, end, length) == 0;
}

/* What has no words of its own before the date must hold a date or an address at least. */
static bool manner_tells(const char *line, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (line[i] == '@' || isdigit((unsigned char)line[i]))
            return true;
    return false;
}

bool manner_is_attribution(const char *line, size_t size)
{
    for (size_t i = 0; i < WORDS_COUNT; i++) {
        const struct manner_words *words = &WORDS[i];
        const char *between = words->between;
        bool is_inside = strlen(words->behind) == 1 || !*words->before; /* " schrieb " tells */
        if (size > strlen(words->before) && text_starts(line, words->before) &&
            manner_ends(line, size, words->behind) && *line != '>' && manner_tells(line, size) &&
            (!is_inside || memmem(line, size, between, strlen(between))))
            return true;
    }
    return false;
}

bool manner_is_forward_line(const char *line, size_t size)
{
    size_t dashes = strlen(FORWARD_DASHES);
    if (size < 2 * dashes + 2 || !text_starts(line, FORWARD_DASHES))
        return false;
    for (size_t i = 0; i < WORDS_COUNT; i++) {
        const char *words = WORDS[i].forwarded;
        if (size >= dashes + 1 + strlen(words) && line[dashes] == ' ' &&
            memcmp(line + dashes + 1, words, strlen(words)) == 0)
            return true;
    }
    return false;
}

/* --- settings */

/* A region of two letters or three digits, and a script of four letters, may follow. */
static bool manner_is_tag(const char *text)
{
    size_t part = strcspn(text, "-");
    if (part < 2 || part > 3)
        return false;
    for (size_t i = 0; text[i]; i++)
        if (!isalnum((unsigned char)text[i]) && text[i] != '-')
            return false;
    for (text += part; *text; text += part) {
        text++;
        part = strcspn(text, "-");
        if (part < 2 || part > 4)
            return false;
    }
    return true;
}

static bool language_read(const char *text, struct arena *arena, void *member, struct error *error)
{
    if (!manner_is_tag(text) || !manner_find(text)) {
        struct buf known = BUF(arena, 1024);
        for (size_t i = 0; i < WORDS_COUNT; i++)
            buf_addf(&known, "%s%s", i ? ", " : "", WORDS[i].language);
        return fail(error, ERROR_INVALID, "",
                    "must be one of the languages %s, with a region if need be, such as de-AT",
                    buf_text(&known, error));
    }
    *(const char **)member = arena_copy(arena, text);
    return true;
}

const struct spelling LANGUAGE_SPELLING = {
    .what = "a language",
    .read = language_read,
    .pattern = "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,4})*$",
    .example = "\"de\"",
};

static bool timezone_read(const char *text, struct arena *arena, void *member, struct error *error)
{
    return zone_find(text, arena, member, error);
}

const struct spelling TIMEZONE_SPELLING = {
    .what = "a time zone",
    .read = timezone_read,
    .example = "\"Europe/Berlin\"",
};
