#include "archive/entry.h"

#include <stdio.h>
#include <string.h>

const char ENTRY_SUMS[] = "SHA256SUMS";

static bool is_part(const char *part, size_t size)
{
    return size && *part != '.' && strspn(part, "abcdefghijklmnopqrstuvwxyz0123456789_-.") >= size;
}

static bool is_path(const char *name)
{
    for (;; name++) {
        size_t size = strcspn(name, "/");
        if (!is_part(name, size))
            return false;
        name += size;
        if (!*name)
            return true;
    }
}

bool entry_check(const char *name, const char *before, struct error *error)
{
    if (strlen(name) >= ENTRY_NAME_SIZE || !is_path(name))
        return fail(error, ERROR_INVALID, "", "an entry has a name that no backup gives");
    return strcmp(before, name) < 0 ||
           fail(error, ERROR_INVALID, "", "the entry %s is out of order, or there twice", name);
}

size_t entry_line(const char *sha256, const char *name, char line[static ENTRY_LINE_SIZE])
{
    return (size_t)snprintf(line, ENTRY_LINE_SIZE, "%s  %s\n", sha256, name);
}
