#include "net/hello.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "net/sasl.h"

enum { HELLO_CODE_SIZE = 4 };

const char *const HELLO_STRANGERS[] = {
    "GSSAPI",           "GSS-SPNEGO",         "NTLM",        "DIGEST-MD5",
    "SCRAM-SHA-1",      "SCRAM-SHA-256",      "OAUTHBEARER", "EXTERNAL",
    "SCRAM-SHA-1-PLUS", "SCRAM-SHA-256-PLUS", "ANONYMOUS",   NULL,
};

struct hello_word {
    const char *at;
    size_t size;
};

static bool hello_is(struct hello_word word, const char *name)
{
    return word.size == strlen(name) && strncasecmp(word.at, name, word.size) == 0;
}

static bool hello_is_between(char character)
{
    return character == ' ' || character == '\t' || character == '\r' || character == '\n';
}

/* The next word at *at; `AUTH=LOGIN` is two. Size 0: there is none. */
static struct hello_word hello_next(const char **at, const char *end)
{
    while (*at < end && hello_is_between(**at))
        (*at)++;
    struct hello_word word = {*at, 0};
    while (*at < end && !hello_is_between(**at))
        (*at)++;
    word.size = (size_t)(*at - word.at);
    return word;
}

static uint64_t hello_number(struct hello_word word)
{
    uint64_t number = 0;
    for (size_t i = 0; i < word.size; i++) {
        if (word.at[i] < '0' || word.at[i] > '9' || number > UINT64_MAX / 100)
            return 0;
        number = number * 10 + (uint64_t)(word.at[i] - '0');
    }
    return number;
}

static void hello_add_size(struct hello *hello, struct hello_word word)
{
    hello->size_most = hello_number(word);
}

static void hello_add_mechanism(struct hello *hello, struct hello_word word)
{
    for (unsigned i = 0; i < SASL_COUNT; i++)
        if (hello_is(word, SASL_NAMES[i]))
            hello->mechanisms |= 1U << i;
    for (unsigned i = 0; HELLO_STRANGERS[i]; i++)
        if (hello_is(word, HELLO_STRANGERS[i]))
            hello->strangers |= 1U << i;
}

static void hello_add_limit(struct hello *hello, struct hello_word word)
{
    static const struct {
        const char *name;
        size_t member;
    } LIMITS[] = {
        {"MAILMAX=", offsetof(struct hello, mails_most)},
        {"RCPTMAX=", offsetof(struct hello, recipients_most)},
    };
    for (size_t i = 0; i < sizeof LIMITS / sizeof *LIMITS; i++) {
        size_t size = strlen(LIMITS[i].name);
        if (word.size > size && strncasecmp(word.at, LIMITS[i].name, size) == 0)
            *(uint64_t *)(void *)((char *)hello + LIMITS[i].member) = hello_number(
                (struct hello_word){word.at + size, word.size - size});
    }
}

static const struct {
    const char *name;
    unsigned extension; /* 0: it is none that a mail is said with */
    void (*add)(struct hello *hello, struct hello_word parameter);
} HELLO_KEYWORDS[] = {
    {"SIZE", SMTP_HAS_SIZE, hello_add_size}, {"8BITMIME", SMTP_HAS_8BITMIME, NULL},
    {"SMTPUTF8", SMTP_HAS_UTF8, NULL},       {"PIPELINING", SMTP_HAS_PIPELINING, NULL},
    {"STARTTLS", SMTP_HAS_STARTTLS, NULL},   {"AUTH", SMTP_HAS_AUTH, hello_add_mechanism},
    {"LIMITS", 0, hello_add_limit},          {0},
};

/* Before there was a standard, AUTH was written with "=", by servers that are still there. */
static void hello_split_auth(const char **at, struct hello_word *keyword)
{
    static const char OLD[] = "AUTH=";
    if (keyword->size < sizeof OLD - 1 || strncasecmp(keyword->at, OLD, sizeof OLD - 1) != 0)
        return;
    keyword->size = sizeof OLD - 2;
    *at = keyword->at + sizeof OLD - 1;
}

void hello_add_line(struct hello *hello, const char *line, size_t size)
{
    if (size <= HELLO_CODE_SIZE)
        return;
    const char *at = line + HELLO_CODE_SIZE, *end = line + size;
    struct hello_word keyword = hello_next(&at, end);
    hello_split_auth(&at, &keyword);
    size_t i = 0;
    while (HELLO_KEYWORDS[i].name && !hello_is(keyword, HELLO_KEYWORDS[i].name))
        i++;
    if (!HELLO_KEYWORDS[i].name)
        return;
    hello->extensions |= HELLO_KEYWORDS[i].extension;
    struct hello_word word = hello_next(&at, end);
    for (; HELLO_KEYWORDS[i].add && word.size; word = hello_next(&at, end))
        HELLO_KEYWORDS[i].add(hello, word);
}
