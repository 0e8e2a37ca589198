#include <ctype.h>
#include <string.h>

#include "api/operation.h"
#include "base/buf.h"
#include "base/text.h"

/* "GET /api/v1/email/outbound/drafts/{id}" is called getOutboundDraft. */

enum { NAME_BYTES = 200 };

struct part { /* of a path, between its slashes */
    const char *text;
    size_t size;
};

/* clang-format off */
static const struct {
    enum family family;
    const char *start, *name;
} STARTS[] = { /* what all paths of a family share; the longest first */
    {FAMILY_OUTBOUND, "/api/v1/email/outbound/", "Outbound"},
    {FAMILY_OUTBOUND, "/api/v1/email/",          "Outbound"},
    {FAMILY_OUTBOUND, "/api/v1/",                "Outbound"},
    {FAMILY_EMAIL,    "/api/email/",             "Email"},
    {FAMILY_EMAIL,    "/api/",                   "Email"},
    {FAMILY_MESSAGES, "/api/email/messages/",    "Messages"},
    {FAMILY_MESSAGES, "/api/messages/",          "Messages"},
    {FAMILY_MESSAGES, "/api/email/",             "Messages"},
    {FAMILY_MESSAGES, "/api/",                   "Messages"},
    {FAMILY_OUTTRAY,  "/api/",                   ""},
    {FAMILY_OUTTRAY,  "/",                       ""},
};
/* clang-format on */

/* The path behind what its family shares. */
static const char *rest_of(const struct route *route, const char **ret_family)
{
    *ret_family = "";
    for (size_t i = 0; i < sizeof STARTS / sizeof *STARTS; i++)
        if (STARTS[i].family == route->family && text_starts(route->path, STARTS[i].start)) {
            *ret_family = STARTS[i].name;
            return route->path + strlen(STARTS[i].start);
        }
    return route->path;
}

static struct part part_at(const char *rest)
{
    return (struct part){rest, strcspn(rest, "/")};
}

static const char *behind(struct part part)
{
    return part.text + part.size + (part.text[part.size] == '/');
}

static bool is_name(struct part part)
{
    return part.size && *part.text == '{';
}

static bool is_in_word(char character)
{
    return isalnum((unsigned char)character);
}

static char capital(char character)
{
    return (char)toupper((unsigned char)character);
}

/* "dynamic-fields" as DynamicFields; what stands first in a name begins small. */
static void add_words(struct buf *buf, struct part part)
{
    bool begins = buf->size > 0;
    for (size_t i = 0; i < part.size; i++) {
        char character = part.text[i];
        if (is_in_word(character))
            buf_add_char(buf, begins ? capital(character) : character);
        begins = !is_in_word(character);
    }
}

static struct part singular(struct part part)
{
    bool is_plural = part.size > 2 && part.text[part.size - 1] == 's' &&
                     part.text[part.size - 2] != 's';
    part.size -= is_plural;
    return part;
}

static struct part last_of(const char *rest)
{
    struct part part = part_at(rest);
    while (*behind(part))
        part = part_at(behind(part));
    return part;
}

static bool has_list(const struct schema *view)
{
    for (const struct field *field = view->fields; field->name; field++)
        if (field->kind == KIND_LIST || (field->kind == KIND_OBJECT && has_list(field->items)))
            return true;
    return false;
}

static bool creates(const struct route *route)
{
    enum { CREATED = 201 };
    return text_equal(route->method, "POST") && route->status == CREATED;
}

/* What a POST that makes nothing does is the last word of its path. */
static struct part verb_of(const struct route *route, struct part last)
{
    static const char CREATES[] = "create", LISTS[] = "list", GETS[] = "get", DELETES[] = "delete",
                      UPDATES[] = "update";
    if (creates(route))
        return part_at(CREATES);
    if (text_equal(route->method, "POST"))
        return last;
    if (text_equal(route->method, "GET"))
        return part_at(route->replies && has_list(route->replies) && !is_name(last) ? LISTS : GETS);
    return part_at(text_equal(route->method, "DELETE") ? DELETES : UPDATES);
}

const char *operation_name(const struct route *route, struct arena *arena)
{
    struct buf buf = BUF(arena, NAME_BYTES);
    struct error never;
    const char *family, *rest = rest_of(route, &family);
    struct part last = last_of(rest), verb = verb_of(route, last);
    add_words(&buf, verb);
    buf_add(&buf, family);
    for (struct part part = part_at(rest); part.size; part = part_at(behind(part))) {
        bool is_one = is_name(part_at(behind(part))) || (creates(route) && part.text == last.text);
        if (!is_name(part) && part.text != verb.text)
            add_words(&buf, is_one ? singular(part) : part);
    }
    return buf_text(&buf, &never);
}
