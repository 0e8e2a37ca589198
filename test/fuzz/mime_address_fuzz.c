/* Reads text as one address and as a list; what is one must come back from its own spelling. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "mime/address.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_line(const char *text)
{
    assert(!text || text_is_utf8(text, strlen(text)));
    assert(!text_has_control(text));
}

static void check(const struct address *address)
{
    const char *at = strrchr(address->email, '@');
    check_line(address->email);
    check_line(address->name);
    assert(at && at > address->email && text_is_ascii(at));
    assert(at[1] && strlen(address->email) <= 254);
}

/* A name decoded from encoded-words may be longer than the text of an address may be. */
static void check_again(const struct address *address, struct arena *arena)
{
    struct address again;
    struct error error;
    const char *text = mime_address_text(address, arena);
    if (!mime_address_read(text, arena, &again, &error)) {
        assert(strlen(text) > 2000);
        return;
    }
    assert(text_equal(again.email, address->email));
    assert(text_equal(again.name, address->name));
}

static void check_one(const char *text, struct arena *arena)
{
    struct address address;
    struct error error = {0};
    if (!mime_address_read(text, arena, &address, &error)) {
        assert(error.code == ERROR_INVALID);
        check_line(error.message);
        return;
    }
    check(&address);
    check_again(&address, arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA arena = arena_create();
    const char *text = arena_copy_bytes(arena, data, size);
    check_one(text, arena);
    struct list list = mime_address_list(text, arena);
    for (size_t i = 0; i < list.count; i++)
        check(&((const struct address *)list.items)[i]);
    return 0;
}
