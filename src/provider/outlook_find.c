#include "provider/outlook_find.h"

#include "base/buf.h"
#include "base/text.h"

enum { FILTER_BYTES = 4096, DRAFTS_MOST = 20 };

struct page {
    struct list value; /* of struct outlook_item */
};
static const struct field PAGE_FIELDS[] = {
    FIELD(struct page, value, .use = STORED, .items = &OUTLOOK_ITEM),
    {0},
};
static const struct schema PAGE = SCHEMA(struct page, PAGE_FIELDS);

/* OData has no other escape in a text. */
static const char *quoted(const char *text, struct arena *arena)
{
    struct error never;
    struct buf buf = BUF(arena, FILTER_BYTES);
    buf_add_char(&buf, '\'');
    for (; *text; text++)
        buf_add_bytes(&buf, *text == '\'' ? "''" : text, *text == '\'' ? 2 : 1);
    buf_add_char(&buf, '\'');
    return text_or(buf_text(&buf, &never), "''");
}

static void take(const struct page *page, struct outlook_finding *finding)
{
    const struct outlook_item *items = page->value.items;
    struct outlook_item *drafts = finding->drafts.items;
    for (size_t i = 0; i < page->value.count; i++) {
        if (!outlook_is_id(items[i].id))
            continue;
        if (!items[i].is_draft && !finding->sent.id)
            finding->sent = items[i];
        else if (items[i].is_draft && finding->drafts.count < DRAFTS_MOST)
            drafts[finding->drafts.count++] = items[i];
    }
}

static bool search_by(struct outlook *outlook, const char *filter, struct outlook_finding *finding,
                      struct web_answer *ret_answer)
{
    const struct url_pair query[] = {{"$filter", filter}, {"$select", OUTLOOK_ITEM_SELECT}, {0}};
    struct page page = {0};
    if (!outlook_get(outlook, "messages.list", "/messages", query, &PAGE, &page, ret_answer))
        return false;
    take(&page, finding);
    return true;
}

bool outlook_search(struct outlook *outlook, struct outlook_finding *ret_finding,
                    struct web_answer *ret_answer)
{
    const struct email *email = outlook->attempt->email;
    struct arena *arena = outlook->web.arena;
    const char *by_tag = arena_format(arena,
                                      "singleValueExtendedProperties/Any(ep: ep/id eq %s and "
                                      "ep/value eq %s)",
                                      quoted(OUTLOOK_TAG, arena), quoted(email->id, arena));
    const char *by_message_id = arena_format(arena, "internetMessageId eq %s",
                                             quoted(text_or(email->message_id, ""), arena));
    *ret_finding = (struct outlook_finding){
        .drafts = {arena_new(arena, struct outlook_item, DRAFTS_MOST), 0}};
    return search_by(outlook, by_tag, ret_finding, ret_answer) &&
           (ret_finding->sent.id || !outlook_is_message_id(email->message_id) ||
            search_by(outlook, by_message_id, ret_finding, ret_answer));
}

/* A draft, unless it says that it is none. */
bool outlook_get_item(struct outlook *outlook, const char *id, struct outlook_item *ret_item,
                      struct web_answer *ret_answer)
{
    static const struct url_pair QUERY[] = {{"$select", OUTLOOK_ITEM_SELECT}, {0}};
    struct outlook_item item = {.is_draft = true};
    if (!outlook_get(outlook, "messages.get", outlook_message_path(outlook, id, ""), QUERY,
                     &OUTLOOK_ITEM, &item, ret_answer))
        return false;
    if (!outlook_is_id(item.id))
        return outlook_fail(outlook, ret_answer, WEB_LATER,
                            "Outlook's reply to messages.get is no message");
    item.id = id;
    *ret_item = item;
    return true;
}

bool outlook_locate(struct outlook *outlook, const char *id, enum outlook_place *ret_place,
                    struct outlook_item *ret_item, struct web_answer *ret_answer)
{
    struct outlook_finding finding;
    if (id && outlook_get_item(outlook, id, ret_item, ret_answer)) {
        *ret_place = ret_item->is_draft ? OUTLOOK_DRAFT : OUTLOOK_SENT;
        return true;
    }
    if ((id && ret_answer->meaning != WEB_GONE) || !outlook_search(outlook, &finding, ret_answer))
        return false;
    *ret_item = finding.sent;
    *ret_place = finding.sent.id ? OUTLOOK_SENT : OUTLOOK_NOWHERE;
    return true;
}

bool outlook_is_in(struct outlook *outlook, const struct outlook_item *item, const char *folder,
                   bool *ret_is_in, struct web_answer *ret_answer)
{
    static const struct url_pair QUERY[] = {{"$select", "id"}, {0}};
    struct outlook_item found = {0}; /* a folder has an id too */
    const char *path = arena_format(outlook->web.arena, "/mailFolders/%s", folder);
    if (!outlook_get(outlook, "mailFolders.get", path, QUERY, &OUTLOOK_ITEM, &found, ret_answer))
        return false;
    *ret_is_in = item->folder_id && text_equal(item->folder_id, found.id);
    return true;
}
