/* A response of an IMAP server in any bytes: what is read of it stays within it, and what becomes
 * part of a command has no line end. */
#include <assert.h>
#include <string.h>

#include "base/text.h"
#include "net/imap_response.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA arena = arena_create();
    struct bytes response = {arena_copy_bytes(arena, data, size), size};
    struct imap_tokens tokens = {response.data, (const char *)response.data + size};
    struct imap_token token;
    while ((token = imap_token_next(&tokens)).kind != IMAP_END) {
        assert((const char *)token.value.data >= (const char *)response.data);
        assert((const char *)token.value.data + token.value.size <= tokens.end);
    }
    struct imap_folder folder;
    if (imap_response_folder(response, arena, &folder))
        assert(*folder.name && !text_has_control(folder.name));
    struct imap_uids uids = {0};
    imap_response_uids(response, &uids);
    assert(uids.count <= IMAP_UIDS_MOST);
    for (size_t i = 0; i < uids.count; i++)
        assert(uids.items[i]);
    const char *fields = imap_response_fields(response, arena);
    assert(!fields || strlen(fields) <= size);
    return 0;
}
