#include "mime/charset_runs.h"

#include <stdbool.h>
#include <string.h>

#include "base/text.h"

enum { PIECE_SIZE = 4096, PAIR_MAX = 4 };
enum { ESCAPE = 0x1B, SHIFT_OUT = 0x0E, SHIFT_IN = 0x0F };

/* In which converter's set a character of a seven-bit set is found, and how. JIS X 0208 goes
 * through Windows' Shift_JIS, whose table is exactly the standard's for ISO-2022-JP and EUC-JP
 * (WHATWG Encoding, index jis0208), the vendors' characters in its rows 13 and 89 to 92 included.
 */
enum charset_set {
    SET_ASCII,
    SET_JIS,   /* X 0208 */
    SET_JIS2,  /* X 0212 */
    SET_KANA,  /* X 0201's, of half width */
    SET_JISX3, /* X 0213, plane 1 */
    SET_JISX4, /* plane 2 */
    SET_GB,    /* 2312 */
    SET_KSC,   /* 5601 */
    SET_CNS1,  /* 11643, plane 1 */
    SET_CNS2,
    SET_LATIN1, /* its upper half */
    SET_GREEK,  /* likewise, of ISO-8859-7 */
    SET_NONE,
};

static const struct {
    const char *name;
    unsigned char bytes; /* of a character */
    unsigned char lead[2];
    unsigned char leads;
} SETS[] = {
    [SET_ASCII] = {"us-ascii", 1, {0}, 0},     [SET_JIS] = {"cp932", 2, {0}, 0},
    [SET_JIS2] = {"euc-jp", 2, {0x8F}, 1},     [SET_KANA] = {"cp932", 1, {0}, 0},
    [SET_JISX3] = {"euc-jisx0213", 2, {0}, 0}, [SET_JISX4] = {"euc-jisx0213", 2, {0x8F}, 1},
    [SET_GB] = {"gb18030", 2, {0}, 0},         [SET_KSC] = {"cp949", 2, {0}, 0},
    [SET_CNS1] = {"euc-tw", 2, {0}, 0},        [SET_CNS2] = {"euc-tw", 2, {0x8E, 0xA2}, 2},
    [SET_LATIN1] = {"iso-8859-1", 1, {0}, 0},  [SET_GREEK] = {"iso-8859-7", 1, {0}, 0},
};

/* What escape sequences say (ECMA-35; RFC 1468, 1554, 1557, 1922, 2237; JIS X 0213). slot: of G0,
 * G1 (used between SO and SI) and G2 (for the one character behind ESC N). */
static const struct {
    const char *escape; /* behind ESC */
    unsigned char slot;
    enum charset_set set;
} ESCAPES[] = {
    {"(B", 0, SET_ASCII}, {"(J", 0, SET_ASCII},  {"(H", 0, SET_ASCII},  {"(I", 0, SET_KANA},
    {"$@", 0, SET_JIS},   {"$B", 0, SET_JIS},    {"$(@", 0, SET_JIS},   {"$(B", 0, SET_JIS},
    {"$(D", 0, SET_JIS2}, {"$(O", 0, SET_JISX3}, {"$(Q", 0, SET_JISX3}, {"$(P", 0, SET_JISX4},
    {"$A", 0, SET_GB},    {"$(A", 0, SET_GB},    {"$(C", 0, SET_KSC},   {"$)C", 1, SET_KSC},
    {"$)A", 1, SET_GB},   {"$)G", 1, SET_CNS1},  {"$*H", 2, SET_CNS2},  {"$(G", 0, SET_CNS1},
    {"$)B", 1, SET_JIS},  {")I", 1, SET_KANA},   {".A", 2, SET_LATIN1}, {".F", 2, SET_GREEK},
    {"&@$B", 0, SET_JIS}, /* the newer X 0208 */
};

struct runs {
    charset_run_take *take;
    void *context;
    const char *name; /* of the piece */
    size_t unit;
    char piece[PIECE_SIZE];
    size_t size;
};

static void runs_flush(struct runs *runs)
{
    if (runs->size)
        runs->take(runs->context, runs->name, runs->unit, &(struct bytes){runs->piece, runs->size});
    runs->size = 0;
}

/* One character. */
static void runs_add(struct runs *runs, const char *name, const void *data, size_t size)
{
    if (name != runs->name || size != runs->unit || runs->size + size > PIECE_SIZE)
        runs_flush(runs);
    runs->name = name;
    runs->unit = size;
    memcpy(runs->piece + runs->size, data, size);
    runs->size += size;
}

static void runs_add_ascii(struct runs *runs, char character)
{
    runs_add(runs, SETS[SET_ASCII].name, &character, 1);
}

static void runs_add_unknown(struct runs *runs)
{
    runs_flush(runs);
    runs->take(runs->context, NULL, 0, NULL);
}

/* Row and cell from 1, as Shift_JIS. */
static void runs_add_jis(struct runs *runs, unsigned row, unsigned cell)
{
    unsigned pointer = (row - 1) * 94 + cell - 1, lead = pointer / 188, trail = pointer % 188;
    unsigned char pair[] = {
        (unsigned char)(lead + (lead < 0x1F ? 0x81 : 0xC1)),
        (unsigned char)(trail + (trail < 0x3F ? 0x40 : 0x41)),
    };
    runs_add(runs, SETS[SET_JIS].name, pair, sizeof pair);
}

/* data: as many bytes as a character of the set has, from 21 to 7E. */
static void runs_add_set(struct runs *runs, enum charset_set set, const unsigned char *data)
{
    unsigned char raw[PAIR_MAX];
    size_t size = 0;
    if (set == SET_JIS) {
        runs_add_jis(runs, data[0] - 0x20U, data[1] - 0x20U);
        return;
    }
    for (size_t i = 0; i < SETS[set].leads; i++)
        raw[size++] = SETS[set].lead[i];
    for (size_t i = 0; i < SETS[set].bytes; i++)
        raw[size++] = (unsigned char)(data[i] | (set == SET_ASCII ? 0 : 0x80));
    runs_add(runs, SETS[set].name, raw, size);
}

static bool is_graphic(unsigned char byte)
{
    return byte > 0x20 && byte < 0x7F;
}

/* --- ISO-2022 */

struct shifted {
    struct runs runs;
    enum charset_set slots[3];
    bool is_out; /* between SO and SI */
};

/* The size of the escape sequence that begins here, whatever it is (ECMA-35 13.2). */
static size_t escape_size(const unsigned char *at, size_t left)
{
    size_t size = 1;
    while (size < left && at[size] >= 0x20 && at[size] < 0x30)
        size++;
    return size < left && at[size] >= 0x30 && at[size] < 0x7F ? size + 1 : size;
}

static size_t shifted_escape(struct shifted *shifted, const unsigned char *at, size_t left)
{
    for (size_t i = 0; i < sizeof ESCAPES / sizeof *ESCAPES; i++) {
        size_t size = strlen(ESCAPES[i].escape);
        if (left > size && memcmp(at + 1, ESCAPES[i].escape, size) == 0) {
            shifted->slots[ESCAPES[i].slot] = ESCAPES[i].set;
            return size + 1;
        }
    }
    enum charset_set set = shifted->slots[2];
    bool is_single = left > 1 && at[1] == 'N' && set != SET_NONE;
    size_t size = is_single ? 2U + SETS[set].bytes : 0;
    if (is_single && left >= size && is_graphic(at[2]) && is_graphic(at[size - 1])) {
        runs_add_set(&shifted->runs, set, at + 2);
        return size;
    }
    runs_add_unknown(&shifted->runs);
    return is_single ? 2 : escape_size(at, left);
}

/* The size of what was read, at least one byte. */
static size_t shifted_next(struct shifted *shifted, const unsigned char *at, size_t left)
{
    enum charset_set set = shifted->slots[shifted->is_out];
    if (*at == ESCAPE)
        return shifted_escape(shifted, at, left);
    if (*at == SHIFT_OUT || *at == SHIFT_IN) {
        shifted->is_out = *at == SHIFT_OUT && shifted->slots[1] != SET_NONE;
        return 1;
    }
    if (*at >= 0xA1 && *at <= 0xDF && shifted->slots[1] == SET_KANA) {
        runs_add(&shifted->runs, SETS[SET_KANA].name, at, 1); /* JIS X 0201 of eight bits */
        return 1;
    }
    if (*at & 0x80) {
        runs_add_unknown(&shifted->runs);
        return 1;
    }
    if (!is_graphic(*at) || set == SET_ASCII) {
        shifted->is_out = shifted->is_out && *at != '\n'; /* RFC 1557, 1922: at the end of lines */
        runs_add_ascii(&shifted->runs, (char)*at);
        return 1;
    }
    if (SETS[set].bytes == 2 && (left < 2 || !is_graphic(at[1]))) {
        runs_add_unknown(&shifted->runs);
        return 1;
    }
    runs_add_set(&shifted->runs, set, at);
    return SETS[set].bytes;
}

/* --- HZ (RFC 1843): GB 2312 between ~{ and ~} */

static size_t hz_next(struct shifted *shifted, const unsigned char *at, size_t left)
{
    bool is_gb = shifted->slots[0] == SET_GB;
    if (*at == '~' && left > 1 && strchr("{}~\n", at[1]) && at[1]) {
        if (at[1] == '~')
            runs_add_ascii(&shifted->runs, '~');
        else if (at[1] != '\n')
            shifted->slots[0] = at[1] == '{' ? SET_GB : SET_ASCII;
        return 2;
    }
    if (*at == '\n')
        shifted->slots[0] = SET_ASCII;
    if (is_gb && left > 1 && is_graphic(*at) && is_graphic(at[1])) {
        runs_add_set(&shifted->runs, SET_GB, at);
        return 2;
    }
    if (*at & 0x80)
        runs_add_unknown(&shifted->runs);
    else
        runs_add_ascii(&shifted->runs, (char)*at);
    return 1;
}

/* --- eight bits */

/* Goes on behind a whole character, but never over ASCII. */
static size_t unknown_size(const unsigned char *at, size_t left)
{
    return left > 1 && (at[1] & 0x80) ? 2 : 1;
}

static size_t euc_jp_next(struct shifted *shifted, const unsigned char *at, size_t left)
{
    struct runs *runs = &shifted->runs;
    if (!(*at & 0x80)) {
        runs_add_ascii(runs, (char)*at);
        return 1;
    }
    if (*at == 0x8E && left > 1 && at[1] >= 0xA1 && at[1] <= 0xDF) {
        runs_add(runs, SETS[SET_KANA].name, at + 1, 1);
        return 2;
    }
    bool is_jis2 = *at == 0x8F && left > 2;
    const unsigned char *pair = at + is_jis2;
    if (left > 1 && pair[0] >= 0xA1 && pair[0] < 0xFF && pair[1] >= 0xA1 && pair[1] < 0xFF) {
        if (is_jis2)
            runs_add(runs, SETS[SET_JIS2].name, at, 3);
        else
            runs_add_jis(runs, at[0] - 0xA0U, at[1] - 0xA0U);
        return is_jis2 ? 3 : 2;
    }
    runs_add_unknown(runs);
    return unknown_size(at, left);
}

/* Signs as glibc's Big5 has them, characters as its Big5-HKSCS: together that is the standard's
 * table (WHATWG Encoding, index big5) but for some hundred characters. */
static size_t big5_next(struct shifted *shifted, const unsigned char *at, size_t left)
{
    if (!(*at & 0x80)) {
        runs_add_ascii(&shifted->runs, (char)*at);
        return 1;
    }
    bool is_pair = left > 1 && *at > 0x80 && *at < 0xFF &&
                   ((at[1] >= 0x40 && at[1] < 0x7F) || (at[1] >= 0xA1 && at[1] < 0xFF));
    if (!is_pair) {
        runs_add_unknown(&shifted->runs);
        return unknown_size(at, left);
    }
    runs_add(&shifted->runs, *at >= 0xA1 && *at <= 0xA3 ? "big5" : "big5-hkscs", at, 2);
    return 2;
}

static const struct {
    enum charset_form form;
    size_t (*next)(struct shifted *shifted, const unsigned char *at, size_t left);
    enum charset_set out; /* what SO means where nothing says so */
} READERS[] = {
    {CHARSET_2022_JP, shifted_next, SET_KANA}, {CHARSET_2022_KR, shifted_next, SET_KSC},
    {CHARSET_2022_CN, shifted_next, SET_GB},   {CHARSET_HZ, hz_next, SET_NONE},
    {CHARSET_EUC_JP, euc_jp_next, SET_NONE},   {CHARSET_BIG5, big5_next, SET_NONE},
};

void charset_runs_read(enum charset_form form, const struct bytes *bytes, charset_run_take *take,
                       void *context)
{
    for (size_t i = 0; i < sizeof READERS / sizeof *READERS; i++) {
        if (READERS[i].form != form)
            continue;
        struct shifted shifted = {.runs = {.take = take, .context = context},
                                  .slots = {SET_ASCII, READERS[i].out, SET_NONE}};
        const unsigned char *at = bytes->data;
        for (size_t left = bytes->size, size; left; at += size, left -= size)
            size = READERS[i].next(&shifted, at, left);
        runs_flush(&shifted.runs);
    }
}
