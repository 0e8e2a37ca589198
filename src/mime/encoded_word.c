#include "mime/encoded_word.h"

#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "mime/charset.h"
#include "mime/library.h"
#include "mime/tasks.h"
#include "parser/parser.h"

/* Read here and not by GMime, which loses what follows a word that ends with a single `=`
 * (3.2.13). A word has at most 75 characters; many programs do not know that. */
enum { WORD_MAX = 4000, CHARSET_MAX = 60 };

struct word {
    const char *charset, *encoded;
    size_t charset_size, encoded_size, size; /* size: of all */
    bool is_base64;
};

struct decoder {
    struct buf out;
    struct buf bytes;    /* of adjacent words of one character set */
    const char *charset; /* theirs */
    bool has_nul;
};

static bool read_word(const char *text, struct word *ret_word)
{
    if (!text_starts(text, "=?"))
        return false;
    struct word word = {.charset = text + 2};
    word.charset_size = strcspn(word.charset, "?* ");
    /* a language may follow the character set (RFC 2231 5) */
    const char *at = word.charset + word.charset_size;
    at += *at == '*' ? strcspn(at, "? ") : 0;
    if (!word.charset_size || word.charset_size > CHARSET_MAX || *at != '?' || !at[1] ||
        !strchr("bBqQ", at[1]) || at[2] != '?')
        return false;
    word.is_base64 = at[1] == 'b' || at[1] == 'B';
    word.encoded = at + 3;
    const char *end = memmem(word.encoded, strnlen(word.encoded, WORD_MAX), "?=", 2);
    if (!end)
        return false;
    word.encoded_size = (size_t)(end - word.encoded);
    word.size = (size_t)(end + 2 - text);
    *ret_word = word;
    return true;
}

static int hex_digit(char character)
{
    static const char DIGITS[] = "0123456789ABCDEFabcdef";
    const char *at = character ? strchr(DIGITS, character) : NULL;
    return !at ? -1 : at - DIGITS < 16 ? (int)(at - DIGITS) : (int)(at - DIGITS) - 6;
}

static void add_quoted(struct buf *bytes, const char *encoded, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        int high = encoded[i] == '=' && i + 2 < size ? hex_digit(encoded[i + 1]) : -1;
        int low = high >= 0 ? hex_digit(encoded[i + 2]) : -1;
        if (low >= 0) {
            buf_add_char(bytes, (char)(high << 4 | low));
            i += 2;
        } else {
            buf_add_char(bytes, encoded[i] == '_' ? ' ' : encoded[i]);
        }
    }
}

static void add_base64(struct buf *bytes, const char *encoded, size_t size)
{
    char decoded[WORD_MAX + 8];
    GMimeEncoding decoder;
    g_mime_encoding_init_decode(&decoder, GMIME_CONTENT_ENCODING_BASE64);
    buf_add_bytes(bytes, decoded, g_mime_encoding_step(&decoder, encoded, size, decoded));
    buf_add_bytes(bytes, decoded, g_mime_encoding_step(&decoder, "==", 2, decoded)); /* left out */
}

static void flush(struct decoder *decoder)
{
    struct buf *bytes = &decoder->bytes;
    if (!bytes->size)
        return;
    decoder->has_nul = decoder->has_nul || memchr(bytes->data, '\0', bytes->size);
    buf_add(&decoder->out, charset_utf8(&(struct bytes){bytes->data, bytes->size}, decoder->charset,
                                        decoder->out.arena));
    bytes->size = 0;
}

static void add_word(struct decoder *decoder, const struct word *word)
{
    const char *charset = arena_copy_bytes(decoder->out.arena, word->charset, word->charset_size);
    if (!text_equal_nocase(charset, decoder->charset))
        flush(decoder);
    decoder->charset = charset;
    (word->is_base64 ? add_base64 : add_quoted)(&decoder->bytes, word->encoded, word->encoded_size);
}

const char *encoded_word_decode(const char *text, struct arena *arena, bool *ret_has_nul)
{
    struct decoder decoder = {.out = BUF(arena, SIZE_MAX / 4), .bytes = BUF(arena, SIZE_MAX / 4)};
    struct error none;
    struct word word;
    bool is_after_word = false;
    while (*text) {
        size_t space = is_after_word ? strspn(text, " \t") : 0;
        is_after_word = read_word(text + space, &word); /* space between two words is dropped */
        if (is_after_word) {
            add_word(&decoder, &word);
            text += space + word.size;
            continue;
        }
        flush(&decoder);
        buf_add_bytes(&decoder.out, text, space ? space : 1);
        text += space ? space : 1;
    }
    flush(&decoder);
    if (ret_has_nul)
        *ret_has_nul = decoder.has_nul;
    return buf_text(&decoder.out, &none);
}

size_t encoded_word_size(const char *text)
{
    struct word word;
    return read_word(text, &word) ? word.size : 0;
}

static bool encoded_word_run(const struct parser_call *call, struct arena *arena,
                             void *ret_answered, struct error *error)
{
    const struct mime_line *asked = call->asked;
    struct mime_line *answered = ret_answered;
    (void)error;
    answered->text = encoded_word_decode(asked->text, arena, &answered->has_nul);
    return true;
}

const struct parser_task MIME_WORDS_TASK = {
    .name = "encoded words",
    .asked = &MIME_LINE_FORM,
    .answered = &MIME_LINE_FORM,
    .answer_bytes_max = 1024 * 1024,
    .prepare = mime_tasks_prepare,
    .run = encoded_word_run,
};

bool encoded_word_read(const char *text, struct arena *arena, const char **ret_text,
                       bool *ret_has_nul, struct error *error)
{
    const struct mime_line asked = {.text = text};
    struct mime_line answered = {.text = text};
    if (strstr(text, "=?") && !parser_run(&MIME_WORDS_TASK, &(struct parser_call){.asked = &asked},
                                          arena, &answered, error))
        return false;
    *ret_text = text_or(answered.text, "");
    *ret_has_nul = answered.has_nul;
    return true;
}
