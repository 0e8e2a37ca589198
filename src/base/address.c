#include "base/address.h"

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

bool address_is_ascii(const struct address *address)
{
    return text_is_ascii(address->email);
}
