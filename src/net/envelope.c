#include "net/envelope.h"

#include <string.h>

#include "base/text.h"
#include "net/hello.h"

enum { ADDRESS_SIZE_MAX = 320 }; /* RFC 5321 4.5.3.1: 64 octets, @, 255 octets */

static const struct address *recipient_at(const struct smtp_envelope *envelope, size_t index)
{
    return (const struct address *)envelope->recipients.items + index;
}

/* Behind the quoted-string that a local part may be (RFC 5321 4.1.2); all of it when that has no
 * end. */
static const char *envelope_skip_quoted(const char *email)
{
    size_t size = 1;
    if (*email != '"')
        return email;
    while (email[size] && email[size] != '"')
        size += email[size] == '\\' && email[size + 1] ? 2 : 1;
    return email[size] ? email + size + 1 : email;
}

/* An address that could end its command, or begin another, must not get near one. */
static bool is_sayable(const char *email)
{
    size_t size = strlen(email);
    return size <= ADDRESS_SIZE_MAX && text_is_utf8(email, size) && !text_has_control(email) &&
           !strpbrk(envelope_skip_quoted(email), "<>\"");
}

static const char *fault_of(const char *email, unsigned extensions, struct arena *arena)
{
    if (!is_sayable(email))
        return arena_format(arena, "an address of the mail cannot be said in SMTP");
    if (!text_is_ascii(email) && !(extensions & SMTP_HAS_UTF8))
        return arena_format(arena,
                            "the server does not take addresses with other than ASCII "
                            "characters (SMTPUTF8): %s",
                            email);
    return NULL;
}

const char *envelope_fault(const struct smtp_envelope *envelope, unsigned extensions,
                           struct arena *arena, enum smtp_phase *ret_phase)
{
    *ret_phase = SMTP_MAIL;
    const char *fault = fault_of(envelope->sender, extensions, arena);
    if (fault)
        return fault;
    *ret_phase = SMTP_RCPT;
    if (!envelope->recipients.count)
        return "the mail has no recipient";
    for (size_t i = 0; i < envelope->recipients.count && !fault; i++)
        fault = text_is_empty(recipient_at(envelope, i)->email)
                    ? "a recipient of the mail has no address"
                    : fault_of(recipient_at(envelope, i)->email, extensions, arena);
    return fault;
}

static bool is_ascii(const struct smtp_envelope *envelope)
{
    if (!text_is_ascii(envelope->sender))
        return false;
    for (size_t i = 0; i < envelope->recipients.count; i++)
        if (!address_is_ascii(recipient_at(envelope, i)))
            return false;
    return true;
}

const char *envelope_mail(const struct smtp_envelope *envelope, uint64_t message_size,
                          unsigned extensions, struct arena *arena)
{
    const char *size = extensions & SMTP_HAS_SIZE
                           ? arena_format(arena, " SIZE=%llu", (unsigned long long)message_size)
                           : "";
    return arena_format(arena, "MAIL FROM:<%s>%s%s%s\r\n", envelope->sender, size,
                        extensions & SMTP_HAS_8BITMIME ? " BODY=8BITMIME" : "",
                        is_ascii(envelope) ? "" : " SMTPUTF8");
}

const char *envelope_rcpt(const struct smtp_envelope *envelope, size_t index, struct arena *arena)
{
    return arena_format(arena, "RCPT TO:<%s>\r\n", recipient_at(envelope, index)->email);
}
