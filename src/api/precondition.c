/* Entity tags, read from the lists that callers send. */
#include "api/precondition.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

enum { VERSION_SIZE = 24 };

/* One tag of a list. */
struct precondition_tag {
    const char *opaque; /* between its quotes */
    size_t size;
    bool is_weak;
};

/* Takes the next tag off the list, and the comma behind it; false at what is no tag. A comma may
 * stand inside the quotes. */
static bool precondition_next(const char **list, struct precondition_tag *ret_tag)
{
    static const char SPACE[] = " \t";
    const char *at = *list;
    bool is_weak = text_starts(at, "W/\"");
    at += is_weak ? 2 : 0;
    bool is_quoted = *at == '"';
    at += is_quoted;
    size_t size = strcspn(at, is_quoted ? "\"" : ", \t\"");
    if (is_quoted ? at[size] != '"' : !size)
        return false;
    const char *end = at + size + is_quoted;
    end += strspn(end, SPACE);
    if (*end && *end != ',')
        return false;
    *ret_tag = (struct precondition_tag){at, size, is_weak};
    *list = end + strspn(end, ", \t");
    return true;
}

bool precondition_lists(const char *list, int64_t version, bool is_weak)
{
    char wanted[VERSION_SIZE];
    struct precondition_tag tag;
    size_t size = (size_t)snprintf(wanted, sizeof wanted, "%lld", (long long)version);
    bool is_found = false;
    if (text_equal(list, "*"))
        return version;
    for (list += strspn(list, ", \t"); *list;) {
        if (!precondition_next(&list, &tag))
            return false; /* of a list that cannot be read nothing is believed */
        is_found |= tag.size == size && memcmp(tag.opaque, wanted, size) == 0 &&
                    (is_weak || !tag.is_weak);
    }
    return is_found && version;
}

bool precondition_check(const struct request *request, int64_t version, struct error *error)
{
    const char *wanted = http_header(request->exchange, "If-Match");
    const char *unwanted = http_header(request->exchange, "If-None-Match");
    if (!text_is_empty(wanted) && !precondition_lists(wanted, version, false))
        return version ? fail(error, ERROR_STALE, "If-Match", "If-Match does not name version %lld",
                              (long long)version)
                       : fail(error, ERROR_STALE, "If-Match", "If-Match wants what is not there");
    return text_is_empty(unwanted) || !precondition_lists(unwanted, version, true) ||
           fail(error, ERROR_STALE, "If-None-Match",
                "If-None-Match names what is there, version %lld", (long long)version);
}

bool precondition_is_known(const struct request *request, int64_t version)
{
    const char *known = http_header(request->exchange, "If-None-Match");
    bool looks = text_equal(request->route->method, "GET");
    return looks && known && precondition_lists(known, version, true);
}
