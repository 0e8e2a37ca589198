#include "provider/gmail_handle.h"

#include <string.h>

const char *gmail_handle_write(const struct gmail_handle *handle, struct arena *arena)
{
    return arena_format(arena, "%s %s %s %s", handle->draft_id, handle->message_id,
                        handle->thread_id, handle->history_id);
}

static const char *take_word(const char **at, struct arena *arena)
{
    size_t size = strcspn(*at, " ");
    const char *word = arena_copy_bytes(arena, *at, size);
    *at += size;
    *at += **at == ' ';
    return word;
}

bool gmail_handle_read(const char *text, struct arena *arena, struct gmail_handle *ret_handle)
{
    struct gmail_handle handle;
    const char *at = text;
    handle.draft_id = take_word(&at, arena);
    handle.message_id = take_word(&at, arena);
    handle.thread_id = take_word(&at, arena);
    handle.history_id = take_word(&at, arena);
    if (*at || !gmail_is_id(handle.draft_id) || !gmail_is_id(handle.message_id) ||
        !gmail_is_id(handle.thread_id) || !gmail_is_history_id(handle.history_id))
        return false;
    *ret_handle = handle;
    return true;
}
