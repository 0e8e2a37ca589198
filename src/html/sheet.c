#include "html/sheet.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

enum { TABLE_SIZE = 4096 };

static const uint64_t SPECIFICITY_TAG = 1, SPECIFICITY_CLASS = 1 << 10, SPECIFICITY_ID = 1 << 20;

struct sheet_entry {
    enum property property;
    uint64_t weight;
    const char *value;
};

/* Of one selector: `tag` and then '.' or '#' and a name, or either alone. */
struct sheet_block {
    struct sheet_block *next; /* in the same place of the table */
    GumboTag tag;             /* GUMBO_TAG_LAST: any */
    char kind;                /* '.', '#', or 0: a tag alone */
    const char *name;
    size_t name_size;
    struct sheet_entry *entries;
    size_t count, room;
};

struct sheet {
    struct sheet_block *table[TABLE_SIZE];
    struct arena *arena;
    size_t bytes, selectors, applied;
    uint64_t order;
    bool has_any, has_ids; /* `*`, and ids */
};

static size_t sheet_place(GumboTag tag, char kind, const char *name, size_t size)
{
    uint64_t hash = UINT64_C(14695981039346656037) ^ (uint64_t)tag << 8 ^ (unsigned char)kind;
    hash *= UINT64_C(1099511628211);
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ (unsigned char)name[i]) * UINT64_C(1099511628211);
    return (hash ^ hash >> 32) % TABLE_SIZE;
}

/* Names can be chosen so that all have one place; so each step counts. */
static struct sheet_block *sheet_find(struct sheet *sheet, GumboTag tag, char kind,
                                      const char *name, size_t size)
{
    struct sheet_block *block = sheet->table[sheet_place(tag, kind, name, size)];
    for (; block && !(block->tag == tag && block->kind == kind && block->name_size == size &&
                      memcmp(block->name, name, size) == 0);
         sheet->applied++)
        block = block->next;
    return block;
}

static struct sheet_block *sheet_make(struct sheet *sheet, GumboTag tag, char kind,
                                      const char *name, size_t size)
{
    struct sheet_block *block = sheet_find(sheet, tag, kind, name, size);
    if (block)
        return block;
    struct sheet_block **place = &sheet->table[sheet_place(tag, kind, name, size)];
    block = arena_new(sheet->arena, struct sheet_block, 1);
    *block = (struct sheet_block){
        .next = *place, .tag = tag, .kind = kind, .name = name, .name_size = size};
    *place = block;
    return block;
}

/* Of each property the strongest. */
static void sheet_put(struct sheet *sheet, struct sheet_block *block,
                      const struct sheet_entry *entry)
{
    for (size_t i = 0; i < block->count; i++)
        if (block->entries[i].property == entry->property) {
            if (block->entries[i].weight <= entry->weight)
                block->entries[i] = *entry;
            return;
        }
    if (block->count == block->room) {
        size_t room = block->room ? 2 * block->room : 4;
        struct sheet_entry *entries = arena_new(sheet->arena, struct sheet_entry, room);
        if (block->count)
            memcpy(entries, block->entries, block->count * sizeof *entries);
        block->entries = entries;
        block->room = room;
    }
    block->entries[block->count++] = *entry;
}

/* --- selectors */

static bool sheet_is_name(const char *text)
{
    for (; *text; text++)
        if (!((*text | 0x20) >= 'a' && (*text | 0x20) <= 'z') && !strchr("0123456789-_", *text) &&
            !((unsigned char)*text & 0x80))
            return false;
    return true;
}

/* All that is shown stands in both. */
static const char *sheet_skip_frame(const char *selector, uint64_t *specificity)
{
    static const char *const FRAMES[] = {"html ", "body "};
    for (size_t i = 0; i < sizeof FRAMES / sizeof *FRAMES; i++)
        if (strncasecmp(selector, FRAMES[i], strlen(FRAMES[i])) == 0 &&
            strcasecmp(selector + strlen(FRAMES[i]), "body") != 0) {
            selector += strlen(FRAMES[i]);
            *specificity += SPECIFICITY_TAG;
        }
    return selector;
}

/* NULL: of another kind. */
static struct sheet_block *sheet_block_of(struct sheet *sheet, const char *selector,
                                          uint64_t *ret_specificity)
{
    uint64_t specificity = 0;
    selector = sheet_skip_frame(selector, &specificity);
    size_t tag_size = strcspn(selector, ".#");
    const char *tag_name = arena_copy_bytes(sheet->arena, selector, tag_size);
    char kind = selector[tag_size];
    const char *name = selector + tag_size + (kind ? 1 : 0);
    bool is_any = tag_size == 0 || text_equal(tag_name, "*");
    GumboTag tag = is_any ? GUMBO_TAG_LAST : gumbo_tag_enum(tag_name);
    if ((kind && !*name) || (!kind && !tag_size) || !sheet_is_name(name) ||
        (!is_any && (tag == GUMBO_TAG_UNKNOWN || tag == GUMBO_TAG_LAST)))
        return NULL;
    specificity += is_any ? 0 : SPECIFICITY_TAG;
    specificity += kind == '.' ? SPECIFICITY_CLASS : 0;
    specificity += kind == '#' ? SPECIFICITY_ID : 0;
    sheet->has_any = sheet->has_any || (is_any && !kind);
    sheet->has_ids = sheet->has_ids || kind == '#';
    *ret_specificity = specificity;
    return sheet_make(sheet, tag, kind, name, strlen(name));
}

/* --- rules */

static size_t sheet_read_declarations(struct sheet *sheet, struct css_text text,
                                      struct cascade *cascade)
{
    struct css_declaration declaration;
    while (css_next_declaration(&text, sheet->arena, &declaration)) {
        struct property_value values[PROPERTY_PARTS_MAX];
        size_t count = property_read(&declaration, sheet->arena, values);
        sheet->order++;
        for (size_t i = 0; i < count; i++)
            cascade_put(cascade, values[i].property, values[i].value,
                        (declaration.is_important ? CASCADE_IMPORTANT : 0) | sheet->order);
    }
    return cascade->count;
}

static void sheet_add_rule(struct sheet *sheet, const struct css_rule *rule)
{
    struct cascade cascade = {.count = 0};
    struct css_text selectors = rule->selectors;
    const char *selector;
    if (!sheet_read_declarations(sheet, rule->declarations, &cascade))
        return;
    while (sheet->selectors < SHEET_SELECTORS_MAX &&
           css_next_selector(&selectors, sheet->arena, &selector)) {
        uint64_t specificity = 0;
        struct sheet_block *block = sheet_block_of(sheet, selector, &specificity);
        sheet->selectors++;
        for (size_t i = 0; block && i < cascade.count; i++) {
            enum property property = cascade.declared[i];
            struct cascade_entry entry = cascade.entries[property];
            sheet_put(sheet, block,
                      &(struct sheet_entry){
                          property, entry.weight | specificity << CASCADE_ORDER_BITS, entry.value});
        }
    }
}

static void sheet_add(struct sheet *sheet, const char *css)
{
    size_t size = strlen(css), room = SHEET_BYTES_MAX - sheet->bytes;
    struct css_text text = {css, css + (size < room ? size : room)};
    struct css_rule rule;
    sheet->bytes += (size_t)(text.end - text.at);
    while (sheet->selectors < SHEET_SELECTORS_MAX && css_next_rule(&text, &rule))
        sheet_add_rule(sheet, &rule);
}

/* --- the page */

static const char *sheet_attribute(const GumboElement *element, const char *name)
{
    const GumboAttribute *found = gumbo_get_attribute(&element->attributes, name);
    return found ? found->value : "";
}

static bool sheet_is_for_all(const GumboElement *element)
{
    static const char *const MEDIA[] = {"", "all", "screen"};
    const char *media = sheet_attribute(element, "media");
    const char *type = sheet_attribute(element, "type");
    bool is_for_all = false;
    for (size_t i = 0; i < sizeof MEDIA / sizeof *MEDIA; i++)
        is_for_all = is_for_all || strcasecmp(media, MEDIA[i]) == 0;
    return is_for_all && (!*type || strcasecmp(type, "text/css") == 0);
}

/* Recursion is as deep as the tree: at most HTML_DEPTH_MAX. */
static void sheet_collect(struct sheet **sheet, const GumboNode *node, struct arena *arena)
{
    const GumboElement *element = &node->v.element;
    if (node->type != GUMBO_NODE_ELEMENT || element->tag_namespace != GUMBO_NAMESPACE_HTML)
        return;
    bool is_style = element->tag == GUMBO_TAG_STYLE && sheet_is_for_all(element);
    for (unsigned i = 0; i < element->children.length; i++) {
        const GumboNode *child = element->children.data[i];
        if (child->type == GUMBO_NODE_ELEMENT)
            sheet_collect(sheet, child, arena);
        else if (is_style && (child->type == GUMBO_NODE_TEXT)) {
            if (!*sheet) {
                *sheet = arena_new(arena, struct sheet, 1);
                (*sheet)->arena = arena;
            }
            sheet_add(*sheet, child->v.text.text);
        }
    }
}

struct sheet *sheet_of(const GumboNode *root, struct arena *arena)
{
    struct sheet *sheet = NULL;
    sheet_collect(&sheet, root, arena);
    return sheet && sheet->selectors ? sheet : NULL;
}

static void sheet_apply_block(struct sheet *sheet, GumboTag tag, char kind, const char *name,
                              size_t size, struct cascade *cascade)
{
    const struct sheet_block *block = sheet_find(sheet, tag, kind, name, size);
    for (size_t i = 0; block && i < block->count; i++)
        cascade_put(cascade, block->entries[i].property, block->entries[i].value,
                    block->entries[i].weight);
    sheet->applied += block ? block->count : 0;
}

static void sheet_apply_name(struct sheet *sheet, GumboTag tag, char kind, const char *name,
                             size_t size, struct cascade *cascade)
{
    sheet_apply_block(sheet, GUMBO_TAG_LAST, kind, name, size, cascade);
    sheet_apply_block(sheet, tag, kind, name, size, cascade);
}

void sheet_apply(struct sheet *sheet, const GumboElement *element, struct cascade *cascade)
{
    static const char SPACE[] = " \t\r\n\f";
    if (!sheet || sheet->applied > SHEET_APPLIED_MAX)
        return;
    if (sheet->has_any)
        sheet_apply_block(sheet, GUMBO_TAG_LAST, '\0', "", 0, cascade);
    sheet_apply_block(sheet, element->tag, '\0', "", 0, cascade);
    const char *class = sheet_attribute(element, "class");
    for (int i = 0; i < SHEET_CLASSES_MAX && *(class += strspn(class, SPACE)); i++) {
        size_t size = strcspn(class, SPACE);
        sheet_apply_name(sheet, element->tag, '.', class, size, cascade);
        class += size;
    }
    const char *id = sheet->has_ids ? sheet_attribute(element, "id") : "";
    if (*id)
        sheet_apply_name(sheet, element->tag, '#', id, strlen(id), cascade);
}
