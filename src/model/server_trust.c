#include "model/server_trust.h"

#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/text.h"

enum { FINGERPRINT_DIGITS = 64, SHA1_DIGITS = 40 };

static const char *server_trust_digits(const char *text, size_t size, struct arena *arena)
{
    static const char BETWEEN[] = ": -\t";
    const char *equals = memchr(text, '=', size);
    if (equals) { /* openssl writes what it is before it */
        size -= (size_t)(equals + 1 - text);
        text = equals + 1;
    }
    static const char *const NAMES[] = {"SHA256:", "SHA-256:"};
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
        if (size > strlen(NAMES[i]) && strncasecmp(text, NAMES[i], strlen(NAMES[i])) == 0) {
            text += strlen(NAMES[i]);
            size -= strlen(NAMES[i]);
            break;
        }
    struct buf digits = BUF(arena, size);
    for (size_t i = 0; i < size; i++)
        if (!strchr(BETWEEN, text[i]))
            buf_add_char(&digits, text[i]);
    return text_lower(buf_text(&digits, &(struct error){0}), arena);
}

static bool server_trust_add(struct buf *all, const char *text, size_t size, struct arena *arena,
                             struct error *error)
{
    const char *digits = server_trust_digits(text, size, arena);
    size_t count = strlen(digits);
    if (!count)
        return true;
    if (digits[strspn(digits, "0123456789abcdef")] || count != FINGERPRINT_DIGITS)
        return fail(error, ERROR_INVALID, "",
                    count == SHA1_DIGITS
                        ? "must be a SHA-256 fingerprint, of 64 hex digits; one of 40 is SHA-1"
                        : "must be the SHA-256 fingerprint of a certificate: 64 hex digits, colons "
                          "between them or not");
    buf_addf(all, "%s%s", all->size ? " " : "", digits);
    return all->size < FINGERPRINTS_MOST * (FINGERPRINT_DIGITS + 1) ||
           fail(error, ERROR_INVALID, "", "must be at most %d fingerprints", FINGERPRINTS_MOST);
}

bool server_trust_read_fingerprints(const char *text, struct arena *arena, const char **ret_all,
                                    struct error *error)
{
    static const char END[] = ",;\r\n";
    struct buf all = BUF(arena, 2 * FINGERPRINTS_MOST * (FINGERPRINT_DIGITS + 1));
    for (text += strspn(text, END); *text; text += strspn(text, END)) {
        size_t size = strcspn(text, END);
        if (!server_trust_add(&all, text, size, arena, error))
            return false;
        text += size;
    }
    if (!all.size)
        return fail(error, ERROR_INVALID, "", "must be the SHA-256 fingerprint of a certificate");
    *ret_all = buf_text(&all, error);
    return *ret_all;
}

static bool server_trust_read(const char *text, struct arena *arena, void *member,
                              struct error *error)
{
    return server_trust_read_fingerprints(text, arena, member, error);
}

const struct spelling FINGERPRINTS_SPELLING = {"SHA-256 fingerprints", NULL, server_trust_read,
                                               NULL};

/* The base64 of one, from behind its first line up to its last. */
static bool server_trust_is_base64(const char *text, size_t size)
{
    static const char LETTERS[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";
    size_t letters = 0;
    for (size_t i = 0; i < size; i++) {
        if (strchr(LETTERS, text[i]))
            letters++;
        else if (!strchr(" \t\r\n", text[i]))
            return false;
    }
    return letters > 64 && letters % 4 == 0;
}

bool server_trust_check_pem(const char *pem, struct error *error)
{
    static const char BEGIN[] = "-----BEGIN CERTIFICATE-----", END[] = "-----END CERTIFICATE-----";
    size_t count = 0;
    if (strstr(pem, "PRIVATE KEY"))
        return fail(error, ERROR_INVALID, "tlsCaPem",
                    "holds a private key, which is nobody else's: give certificates only");
    for (const char *at = pem; (at = strstr(at, BEGIN)); count++) {
        const char *start = at + sizeof BEGIN - 1, *end = strstr(start, END);
        if (!end || !server_trust_is_base64(start, (size_t)(end - start)))
            return fail(error, ERROR_INVALID, "tlsCaPem", "certificate number %zu cannot be read",
                        count + 1);
        at = end;
    }
    return count || fail(error, ERROR_INVALID, "tlsCaPem",
                         "must be certificates in PEM: -----BEGIN CERTIFICATE----- and so on");
}
