#include "template/locale.h"

#include <string.h>
#include <strings.h>

#define NBSP "\u00A0"

enum { NAME_MAX_BYTES = 16 };

static const char *const ENGLISH[] = {"January",   "February", "March",    "April",
                                      "May",       "June",     "July",     "August",
                                      "September", "October",  "November", "December"};
static const char *const GERMAN[] = {"Januar",    "Februar", "März",     "April",
                                     "Mai",       "Juni",    "Juli",     "August",
                                     "September", "Oktober", "November", "Dezember"};
static const char *const AUSTRIAN[] = {"Jänner",    "Februar", "März",     "April",
                                       "Mai",       "Juni",    "Juli",     "August",
                                       "September", "Oktober", "November", "Dezember"};
static const char *const FRENCH[] = {"janvier",   "février", "mars",     "avril",
                                     "mai",       "juin",    "juillet",  "août",
                                     "septembre", "octobre", "novembre", "décembre"};
static const char *const SPANISH[] = {"enero",      "febrero", "marzo",     "abril",
                                      "mayo",       "junio",   "julio",     "agosto",
                                      "septiembre", "octubre", "noviembre", "diciembre"};
static const char *const ITALIAN[] = {"gennaio",   "febbraio", "marzo",    "aprile",
                                      "maggio",    "giugno",   "luglio",   "agosto",
                                      "settembre", "ottobre",  "novembre", "dicembre"};
static const char *const DUTCH[] = {"januari",   "februari", "maart",    "april",
                                    "mei",       "juni",     "juli",     "augustus",
                                    "september", "oktober",  "november", "december"};
static const char *const POLISH[] = {"stycznia", "lutego",       "marca",     "kwietnia",
                                     "maja",     "czerwca",      "lipca",     "sierpnia",
                                     "września", "października", "listopada", "grudnia"};
static const char *const PORTUGUESE[] = {"janeiro",  "fevereiro", "março",    "abril",
                                         "maio",     "junho",     "julho",    "agosto",
                                         "setembro", "outubro",   "novembro", "dezembro"};
static const char *const SWEDISH[] = {"januari",   "februari", "mars",     "april",
                                      "maj",       "juni",     "juli",     "augusti",
                                      "september", "oktober",  "november", "december"};
static const char *const DANISH[] = {"januar",    "februar", "marts",    "april",
                                     "maj",       "juni",    "juli",     "august",
                                     "september", "oktober", "november", "december"};
static const char *const NORWEGIAN[] = {"januar",    "februar", "mars",     "april",
                                        "mai",       "juni",    "juli",     "august",
                                        "september", "oktober", "november", "desember"};
static const char *const FINNISH[] = {"tammikuuta", "helmikuuta", "maaliskuuta", "huhtikuuta",
                                      "toukokuuta", "kesäkuuta",  "heinäkuuta",  "elokuuta",
                                      "syyskuuta",  "lokakuuta",  "marraskuuta", "joulukuuta"};
static const char *const CZECH[] = {"ledna",  "února",  "března",    "dubna",
                                    "května", "června", "července",  "srpna",
                                    "září",   "října",  "listopadu", "prosince"};

static const char *const RUSSIAN[] = {"января",   "февраля", "марта",  "апреля",
                                      "мая",      "июня",    "июля",   "августа",
                                      "сентября", "октября", "ноября", "декабря"};
static const char *const UKRAINIAN[] = {"січня",   "лютого", "березня",   "квітня",
                                        "травня",  "червня", "липня",     "серпня",
                                        "вересня", "жовтня", "листопада", "грудня"};

/* clang-format off */
#define NUMBERS(decimal_sign, group_sign, from) \
    .decimal = decimal_sign, .group = group_sign, .group_from = from
#define HOME(code, symbol) .currency = code, .currency_symbol = symbol
#define TIME(before, sign) .before_time = before, .clock = sign
#define WORDS(yes_word, no_word) .yes = yes_word, .no = no_word

const struct locale LOCALES[] = {
    {"en", NUMBERS(".", ",", 4), .money = "-CN", HOME("USD", "$"), .date = "M D, Y",
     .months = ENGLISH, TIME(" at ", ":"), .has_half_days = true, WORDS("yes", "no")},
    {"en-US", NUMBERS(".", ",", 4), .money = "-CN", HOME("USD", "$"), .date = "M D, Y",
     .months = ENGLISH, TIME(" at ", ":"), .has_half_days = true, WORDS("yes", "no")},
    {"en-GB", NUMBERS(".", ",", 4), .money = "-CN", .date = "D M Y",
     .months = ENGLISH, TIME(" at ", ":"), .pads_hours = true, WORDS("yes", "no")},
    {"de", NUMBERS(",", ".", 4), .money = "-N" NBSP "C", .date = "D. M Y",
     .months = GERMAN, TIME(" um ", ":"), .pads_hours = true, WORDS("ja", "nein")},
    {"de-AT", NUMBERS(",", NBSP, 4), .money = "-C" NBSP "N", .money_group = ".", .date = "D. M Y",
     .months = AUSTRIAN, TIME(" um ", ":"), .pads_hours = true, WORDS("ja", "nein")},
    {"de-CH", NUMBERS(".", "’", 4), .money = "C" NBSP "-N", .date = "D. M Y",
     .months = GERMAN, TIME(" um ", ":"), .pads_hours = true, WORDS("ja", "nein")},
    {"fr", NUMBERS(",", NBSP, 4), .money = "-N" NBSP "C", .date = "D M Y", .first_day = "1er",
     .months = FRENCH, TIME(" à ", ":"), .pads_hours = true, WORDS("oui", "non")},
    {"es", NUMBERS(",", ".", 5), .money = "-N" NBSP "C", .date = "D de M de Y",
     .months = SPANISH, TIME(", ", ":"), WORDS("sí", "no")},
    {"it", NUMBERS(",", ".", 4), .money = "-N" NBSP "C", .date = "D M Y",
     .months = ITALIAN, TIME(" alle ore ", ":"), .pads_hours = true, WORDS("sì", "no")},
    {"nl", NUMBERS(",", ".", 4), .money = "C" NBSP "-N", .date = "D M Y",
     .months = DUTCH, TIME(" om ", ":"), .pads_hours = true, WORDS("ja", "nee")},
    {"pl", NUMBERS(",", NBSP, 5), .money = "-N" NBSP "C", HOME("PLN", "zł"), .date = "D M Y",
     .months = POLISH, TIME(" o ", ":"), .pads_hours = true, WORDS("tak", "nie")},
    {"pt", NUMBERS(",", NBSP, 5), .money = "-N" NBSP "C", .date = "D de M de Y",
     .months = PORTUGUESE, TIME(" às ", ":"), .pads_hours = true, WORDS("sim", "não")},
    {"pt-BR", NUMBERS(",", ".", 4), .money = "-C" NBSP "N", .date = "D de M de Y",
     .months = PORTUGUESE, TIME(" às ", ":"), .pads_hours = true, WORDS("sim", "não")},
    {"sv", NUMBERS(",", NBSP, 4), .money = "-N" NBSP "C", HOME("SEK", "kr"), .date = "D M Y",
     .months = SWEDISH, TIME(" kl. ", ":"), .pads_hours = true, WORDS("ja", "nej")},
    {"da", NUMBERS(",", ".", 4), .money = "-N" NBSP "C", HOME("DKK", "kr."), .date = "D. M Y",
     .months = DANISH, TIME(" kl. ", "."), .pads_hours = true, WORDS("ja", "nej")},
    {"nb", NUMBERS(",", NBSP, 4), .money = "-N" NBSP "C", HOME("NOK", "kr"), .date = "D. M Y",
     .months = NORWEGIAN, TIME(" kl. ", ":"), .pads_hours = true, WORDS("ja", "nei")},
    {"fi", NUMBERS(",", NBSP, 4), .money = "-N" NBSP "C", .date = "D. M Y",
     .months = FINNISH, TIME(" klo ", "."), WORDS("kyllä", "ei")},
    {"cs", NUMBERS(",", NBSP, 4), .money = "-N" NBSP "C", HOME("CZK", "Kč"), .date = "D. M Y",
     .months = CZECH, TIME(" v ", ":"), WORDS("ano", "ne")},
    {"ru", NUMBERS(",", NBSP, 4), .money = "-N" NBSP "C", HOME("RUB", "₽"), .date = "D M Y г.",
     .months = RUSSIAN, TIME(" в ", ":"), .pads_hours = true, WORDS("да", "нет")},
    {"uk", NUMBERS(",", NBSP, 5), .money = "-N" NBSP "C", HOME("UAH", "₴"), .date = "D M Y р.",
     .months = UKRAINIAN, TIME(" о ", ":"), .pads_hours = true, WORDS("так", "ні")},
    {"ja", NUMBERS(".", ",", 4), .money = "-CN", .date = "Y年M月D日",
     TIME(" ", ":"), WORDS("はい", "いいえ")},
    {"ko", NUMBERS(".", ",", 4), .money = "-CN", .date = "Y년 M월 D일",
     TIME(" ", ":"), .pads_hours = true, WORDS("예", "아니요")},
    {"zh", NUMBERS(".", ",", 4), .money = "-CN", .date = "Y年M月D日",
     TIME(" ", ":"), .pads_hours = true, WORDS("是", "否")},
    {0},
};
/* clang-format on */

/* Whose nearest is not the one that their name begins with. */
static const struct {
    const char *name, *as;
} ALIASES[] = {
    {"en-AU", "en-GB"}, {"en-IE", "en-GB"}, {"en-IN", "en-GB"}, {"en-NZ", "en-GB"},
    {"en-ZA", "en-GB"}, {"nn", "nb"},       {"no", "nb"},
};

static const struct locale *find(const char *name)
{
    for (size_t i = 0; i < sizeof ALIASES / sizeof *ALIASES; i++)
        if (strcasecmp(ALIASES[i].name, name) == 0)
            name = ALIASES[i].as;
    for (const struct locale *locale = LOCALES; locale->name; locale++)
        if (strcasecmp(locale->name, name) == 0)
            return locale;
    return NULL;
}

const struct locale *locale_find(const char *name)
{
    char shortened[NAME_MAX_BYTES + 1] = "";
    if (name)
        strncpy(shortened, name, NAME_MAX_BYTES);
    for (char *at = shortened; *at; at++)
        if (*at == '_')
            *at = '-';
    for (;;) {
        const struct locale *locale = find(shortened);
        char *last = strrchr(shortened, '-');
        if (locale)
            return locale;
        if (!last)
            return LOCALES;
        *last = '\0';
    }
}
