/* Reads text as one address and as a list; what is one must come back from its own spelling. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "mime/address.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct address *address)
{
    size_t size = strlen(address->email);
    const char *at = strrchr(address->email, '@');
    assert(at && at[1] && at > address->email && size <= 254);
    assert(text_is_utf8(address->email, size) && !text_has_control(address->email));
    assert(text_is_ascii(at));
    assert(!text_has_control(address->name));
    assert(!address->name || text_is_utf8(address->name, strlen(address->name)));
}

static void check_one(const char *text, struct arena *arena)
{
    struct address address, again;
    struct error error = {0};
    if (!mime_address_read(text, arena, &address, &error)) {
        assert(error.code == ERROR_INVALID && !text_has_control(error.message));
        assert(text_is_utf8(error.message, strlen(error.message)));
        return;
    }
    check(&address);
    bool is_read = mime_address_read(mime_address_text(&address, arena), arena, &again, &error);
    /* a name decoded from encoded-words may be longer than a text of an address may be */
    assert(is_read || strlen(mime_address_text(&address, arena)) > 2000);
    if (is_read)
        assert(text_equal(again.email, address.email) && text_equal(again.name, address.name));
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
