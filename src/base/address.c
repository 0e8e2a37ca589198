#include "base/address.h"

#include <string.h>
#include <strings.h>

#include "base/text.h"

static const struct field ADDRESS_FIELDS[] = {
    FIELD(struct address, email, .use = STORED),
    FIELD(struct address, name, .use = STORED | OMITTED),
    {0},
};
const struct schema ADDRESS_SCHEMA = SCHEMA(struct address, ADDRESS_FIELDS);

/* RFC 5321 2.4 lets a host tell local parts of different case apart; hardly one does, and a
 * person never means two mailboxes by them. */
bool address_equal(const struct address *a, const struct address *b)
{
    return text_equal_nocase(a->email, b->email);
}

/* What tells a mailbox from the others of its domain: its local part without `+word`, and, where
 * Gmail's domains do not count them, without dots. */
struct mailbox {
    const char *local, *domain;
    size_t local_size;
    bool has_no_dots;
};

static struct mailbox address_mailbox(const char *email)
{
    const char *at = strrchr(email, '@');
    struct mailbox mailbox = {email, at ? at + 1 : "", at ? (size_t)(at - email) : strlen(email),
                              false};
    mailbox.has_no_dots = text_equal_nocase(mailbox.domain, "gmail.com") ||
                          text_equal_nocase(mailbox.domain, "googlemail.com");
    if (mailbox.has_no_dots)
        mailbox.domain = "gmail.com";
    const char *tag = *email == '"' ? NULL : memchr(email, '+', mailbox.local_size);
    if (tag && tag > email)
        mailbox.local_size = (size_t)(tag - email);
    return mailbox;
}

static const char *address_next_letter(const struct mailbox *mailbox, const char *at)
{
    while (mailbox->has_no_dots && at < mailbox->local + mailbox->local_size && *at == '.')
        at++;
    return at;
}

bool address_is_of(const struct address *address, const struct address *own)
{
    if (text_is_empty(address->email) || text_is_empty(own->email))
        return false;
    struct mailbox a = address_mailbox(address->email), b = address_mailbox(own->email);
    const char *one = a.local, *other = b.local;
    const char *one_end = a.local + a.local_size, *other_end = b.local + b.local_size;
    if (!text_equal_nocase(a.domain, b.domain))
        return false;
    for (;; one++, other++) {
        one = address_next_letter(&a, one);
        other = address_next_letter(&b, other);
        if (one >= one_end || other >= other_end)
            return one >= one_end && other >= other_end;
        if (strncasecmp(one, other, 1) != 0)
            return false;
    }
}

bool address_is_ascii(const struct address *address)
{
    return text_is_ascii(address->email);
}
