#include "mime/tnef.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/text.h"
#include "mime/charset.h"
#include "mime/charset_convert.h"
#include "mime/parse.h"

/* Why this is not libytnef, which Debian has (docs/decisions/tnef-reader.md): its DecompressRTF
 * copies as many bytes as a header claims, beyond the end of what it has; it walks the list of
 * attachments from its start for each attribute; a title over 100 bytes, or a value over 512 KiB,
 * ends its reading; attributes that are repeated leak. What is wanted of the format is one pass
 * over attributes and lists of properties.
 *
 * The invariant: every byte is taken by tnef_take, which never goes beyond the end of its input; so
 * a count that lies ends its loop at the end of the input. What is found points into the input. */

enum { SIGNATURE = 0x223E9F78, LEVEL_MESSAGE = 1, LEVEL_FILE = 2 };

/* Attributes that are more than a value. */
enum { FILE_BEGINS = 0x9002, MESSAGE_PROPERTIES = 0x9003, FILE_PROPERTIES = 0x9005 };

enum tnef_type { /* of properties */
                 TYPE_INTEGER16 = 0x02,
                 TYPE_INTEGER32 = 0x03,
                 TYPE_FLOAT32 = 0x04,
                 TYPE_FLOAT64 = 0x05,
                 TYPE_CURRENCY = 0x06,
                 TYPE_FLOAT_TIME = 0x07,
                 TYPE_ERROR = 0x0A,
                 TYPE_BOOLEAN = 0x0B,
                 TYPE_OBJECT = 0x0D,
                 TYPE_INTEGER64 = 0x14,
                 TYPE_STRING8 = 0x1E,
                 TYPE_UNICODE = 0x1F,
                 TYPE_TIME = 0x40,
                 TYPE_GUID = 0x48,
                 TYPE_BINARY = 0x102,
                 TYPE_MULTIPLE = 0x1000, /* a flag */
};

enum { FIRST_NAMED_PROPERTY = 0x8000, GUID_SIZE = 16, PADDED_TO = 4 };

/* --- bytes, one after the other */

struct tnef_input {
    const unsigned char *at, *end;
    bool has_failed; /* there was less than was asked for; nothing is given any more */
};

static struct bytes tnef_take(struct tnef_input *input, size_t size)
{
    struct bytes taken = {input->at, size};
    if (input->has_failed || size > (size_t)(input->end - input->at)) {
        input->has_failed = true;
        return (struct bytes){"", 0};
    }
    input->at += size;
    return taken;
}

static uint32_t tnef_number_of(const struct bytes *bytes)
{
    const unsigned char *at = bytes->data;
    uint32_t number = 0;
    for (size_t i = bytes->size; i-- > 0;)
        number = number << 8 | at[i];
    return number;
}

static uint32_t tnef_take_number(struct tnef_input *input, size_t size)
{
    const struct bytes taken = tnef_take(input, size);
    return tnef_number_of(&taken);
}

/* A size, and so many bytes; at the end of all the padding may be missing. */
static struct bytes tnef_take_padded(struct tnef_input *input)
{
    struct bytes taken = tnef_take(input, tnef_take_number(input, 4));
    size_t padding = (PADDED_TO - taken.size % PADDED_TO) % PADDED_TO;
    size_t left = (size_t)(input->end - input->at);
    tnef_take(input, padding < left ? padding : left);
    return taken;
}

/* --- what is looked for */

enum tnef_slot {
    SLOT_CODE_PAGE, /* of the message */
    SLOT_CLASS,
    SLOT_CLASS_PROPERTY,
    SLOT_PLAIN,
    SLOT_TEXT,
    SLOT_HTML,
    SLOT_HTML_PAGE,
    SLOT_RICH_TEXT,
    SLOT_NAME_SHOWN, /* of a file; of its names the last one counts */
    SLOT_NAME_TRANSPORT,
    SLOT_NAME_SHORT,
    SLOT_NAME_TITLE,
    SLOT_NAME_LONG,
    SLOT_TYPE,
    SLOT_CONTENT_ID,
    SLOT_DATA,
    SLOT_DATA_PROPERTY,
    SLOT_OBJECT,
    SLOT_COUNT,
};

struct tnef_row {
    unsigned level;
    uint16_t id;
    enum tnef_slot slot;
    enum tnef_type types[3];
};

static const struct tnef_row ATTRIBUTES[] = {
    {LEVEL_MESSAGE, 0x8008, SLOT_CLASS, {TYPE_STRING8}},
    {LEVEL_MESSAGE, 0x800C, SLOT_PLAIN, {TYPE_STRING8}},
    {LEVEL_MESSAGE, 0x9007, SLOT_CODE_PAGE, {TYPE_STRING8}},
    {LEVEL_FILE, 0x800F, SLOT_DATA, {TYPE_STRING8}},
    {LEVEL_FILE, 0x8010, SLOT_NAME_TITLE, {TYPE_STRING8}},
    {LEVEL_FILE, 0x9001, SLOT_NAME_TRANSPORT, {TYPE_STRING8}},
};

static const struct tnef_row PROPERTIES[] = {
    {LEVEL_MESSAGE, 0x001A, SLOT_CLASS_PROPERTY, {TYPE_STRING8, TYPE_UNICODE}},
    {LEVEL_MESSAGE, 0x1000, SLOT_TEXT, {TYPE_STRING8, TYPE_UNICODE}},
    {LEVEL_MESSAGE, 0x1009, SLOT_RICH_TEXT, {TYPE_BINARY}},
    {LEVEL_MESSAGE, 0x1013, SLOT_HTML, {TYPE_STRING8, TYPE_UNICODE, TYPE_BINARY}},
    {LEVEL_MESSAGE, 0x3FDE, SLOT_HTML_PAGE, {TYPE_INTEGER32}},
    {LEVEL_FILE, 0x3001, SLOT_NAME_SHOWN, {TYPE_STRING8, TYPE_UNICODE}},
    {LEVEL_FILE, 0x3701, SLOT_DATA_PROPERTY, {TYPE_BINARY}},
    {LEVEL_FILE, 0x3701, SLOT_OBJECT, {TYPE_OBJECT}},
    {LEVEL_FILE, 0x3704, SLOT_NAME_SHORT, {TYPE_STRING8, TYPE_UNICODE}},
    {LEVEL_FILE, 0x3707, SLOT_NAME_LONG, {TYPE_STRING8, TYPE_UNICODE}},
    {LEVEL_FILE, 0x370E, SLOT_TYPE, {TYPE_STRING8, TYPE_UNICODE}},
    {LEVEL_FILE, 0x3712, SLOT_CONTENT_ID, {TYPE_STRING8, TYPE_UNICODE}},
};

struct tnef_value {
    struct bytes bytes;
    enum tnef_type type; /* 0: there is none */
};

/* The message, or a file. */
struct tnef_thing {
    struct tnef_value values[SLOT_COUNT];
    struct tnef_thing *next;
};

struct tnef_walk {
    struct arena *arena;
    struct tnef_thing message;      /* the outermost */
    struct tnef_thing first, *last; /* files, behind one that is none */
    size_t file_count, files_max;   /* that were made */
    bool is_whole;
};

/* Of two values for one thing the first counts. */
static void tnef_keep(struct tnef_walk *walk, const struct tnef_row *row, struct bytes bytes,
                      enum tnef_type type, struct tnef_thing *thing)
{
    struct tnef_value *value = &thing->values[row->slot];
    for (size_t i = 0; i < sizeof row->types / sizeof *row->types; i++)
        if (row->types[i] == type && !value->type)
            *value = (struct tnef_value){bytes, type};
        else if (row->types[i] == type)
            walk->is_whole = false;
}

/* --- properties */

/* In a list; a value of two bytes has two more behind it. 0: these say their size. */
static size_t tnef_fixed_size(enum tnef_type type, bool *ret_is_known)
{
    static const struct {
        enum tnef_type type;
        size_t size;
    } SIZES[] = {
        {TYPE_INTEGER16, 4}, {TYPE_INTEGER32, 4},  {TYPE_FLOAT32, 4}, {TYPE_FLOAT64, 8},
        {TYPE_CURRENCY, 8},  {TYPE_FLOAT_TIME, 8}, {TYPE_ERROR, 4},   {TYPE_BOOLEAN, 4},
        {TYPE_OBJECT, 0},    {TYPE_INTEGER64, 8},  {TYPE_STRING8, 0}, {TYPE_UNICODE, 0},
        {TYPE_TIME, 8},      {TYPE_GUID, 16},      {TYPE_BINARY, 0},
    };
    for (size_t i = 0; i < sizeof SIZES / sizeof *SIZES; i++)
        if ((*ret_is_known = SIZES[i].type == type))
            return SIZES[i].size;
    return 0;
}

struct tnef_property {
    uint16_t id;
    enum tnef_type type;
    struct bytes bytes;
    bool is_single; /* has one value */
};

/* A property with a name of its own has that behind its number. */
static void tnef_pass_name(struct tnef_input *input)
{
    enum { BY_NUMBER, BY_TEXT };
    tnef_take(input, GUID_SIZE);
    uint32_t kind = tnef_take_number(input, 4);
    if (kind == BY_TEXT)
        tnef_take_padded(input);
    else
        tnef_take(input, 4);
    input->has_failed = input->has_failed || kind > BY_TEXT;
}

static struct tnef_property tnef_take_property(struct tnef_input *input)
{
    bool is_known;
    uint32_t type = tnef_take_number(input, 2);
    struct tnef_property property = {.type = (enum tnef_type)(type & ~(uint32_t)TYPE_MULTIPLE)};
    property.id = (uint16_t)tnef_take_number(input, 2);
    if (property.id >= FIRST_NAMED_PROPERTY)
        tnef_pass_name(input);
    size_t size = tnef_fixed_size(property.type, &is_known);
    input->has_failed = input->has_failed || !is_known;
    uint32_t count = size && !(type & TYPE_MULTIPLE) ? 1 : tnef_take_number(input, 4);
    for (uint32_t i = 0; i < count && !input->has_failed; i++)
        property.bytes = size ? tnef_take(input, size) : tnef_take_padded(input);
    property.is_single = count == 1 && !(type & TYPE_MULTIPLE);
    return property;
}

static bool tnef_walk_attributes(struct tnef_walk *walk, const struct bytes *bytes, unsigned depth);

/* An attached message is a file of this kind behind the id of its interface. Its files are given,
 * its body is not: it is not the mail's. */
static void tnef_walk_object(struct tnef_walk *walk, const struct bytes *object, unsigned depth)
{
    static const unsigned char MESSAGE[GUID_SIZE] = {7,    3, 2, 0, 0, 0, 0, 0,
                                                     0xC0, 0, 0, 0, 0, 0, 0, 0x46};
    walk->is_whole = false;
    if (depth >= TNEF_DEPTH_MAX || object->size < GUID_SIZE ||
        memcmp(object->data, MESSAGE, GUID_SIZE) != 0)
        return;
    const struct bytes inside = {(const unsigned char *)object->data + GUID_SIZE,
                                 object->size - GUID_SIZE};
    struct tnef_thing *last = walk->last;
    if (tnef_walk_attributes(walk, &inside, depth + 1))
        return;
    walk->last = last; /* what was found in something broken is none, though it has taken room */
    last->next = NULL;
}

static void tnef_walk_properties(struct tnef_walk *walk, const struct bytes *list, unsigned level,
                                 struct tnef_thing *thing, unsigned depth)
{
    const unsigned char *at = list->data;
    struct tnef_input input = {at, at + list->size, false};
    uint32_t count = tnef_take_number(&input, 4);
    for (uint32_t i = 0; i < count; i++) {
        const struct tnef_property property = tnef_take_property(&input);
        if (input.has_failed)
            break;
        for (size_t j = 0; property.is_single && j < sizeof PROPERTIES / sizeof *PROPERTIES; j++)
            if (PROPERTIES[j].level == level && PROPERTIES[j].id == property.id)
                tnef_keep(walk, &PROPERTIES[j], property.bytes, property.type, thing);
        if (level == LEVEL_FILE && property.type == TYPE_OBJECT)
            tnef_walk_object(walk, &property.bytes, depth);
    }
    walk->is_whole = walk->is_whole && !input.has_failed;
}

/* --- attributes */

static struct tnef_thing *tnef_add_file(struct tnef_walk *walk)
{
    struct tnef_thing *file = arena_new(walk->arena, struct tnef_thing, 1);
    walk->last->next = file;
    walk->last = file;
    walk->file_count++;
    return file;
}

static uint16_t tnef_sum(const struct bytes *bytes)
{
    const unsigned char *at = bytes->data;
    uint32_t sum = 0;
    for (size_t i = 0; i < bytes->size; i++)
        sum += at[i];
    return (uint16_t)sum;
}

/* Nothing but what a mail's lines or a block of a disk may have left behind it. */
static bool tnef_is_rest(const struct tnef_input *input)
{
    for (const unsigned char *at = input->at; at < input->end; at++)
        if (*at != '\0' && *at != '\r' && *at != '\n')
            return false;
    return true;
}

static void tnef_use_attribute(struct tnef_walk *walk, unsigned level, uint16_t id,
                               const struct bytes *data, struct tnef_thing *thing, unsigned depth)
{
    uint16_t list = level == LEVEL_FILE ? FILE_PROPERTIES : MESSAGE_PROPERTIES;
    if (id == list)
        tnef_walk_properties(walk, data, level, thing, depth);
    for (size_t i = 0; i < sizeof ATTRIBUTES / sizeof *ATTRIBUTES; i++)
        if (ATTRIBUTES[i].level == level && ATTRIBUTES[i].id == id)
            tnef_keep(walk, &ATTRIBUTES[i], *data, TYPE_STRING8, thing);
}

static bool tnef_walk_attributes(struct tnef_walk *walk, const struct bytes *bytes, unsigned depth)
{
    enum { KEY_SIZE = 2 };
    const unsigned char *at = bytes->data;
    struct tnef_input input = {at, at + bytes->size, false};
    struct tnef_thing other = {0}, *file = NULL; /* other: what is not looked at any more */
    struct tnef_thing *message = depth ? &other : &walk->message;
    if (tnef_take_number(&input, 4) != SIGNATURE)
        return false;
    tnef_take(&input, KEY_SIZE);
    while (input.at < input.end && *input.at && *input.at != '\r' && *input.at != '\n') {
        unsigned level = tnef_take_number(&input, 1);
        uint16_t id = (uint16_t)tnef_take_number(&input, 4);
        const struct bytes data = tnef_take(&input, tnef_take_number(&input, 4));
        uint32_t sum = tnef_take_number(&input, 2);
        if (input.has_failed || (level != LEVEL_MESSAGE && level != LEVEL_FILE) ||
            sum != tnef_sum(&data))
            return false;
        if (level == LEVEL_FILE && (id == FILE_BEGINS || !file)) {
            bool is_over = walk->file_count >= walk->files_max;
            walk->is_whole = walk->is_whole && !is_over;
            other = (struct tnef_thing){0};
            file = is_over ? &other : tnef_add_file(walk);
        }
        tnef_use_attribute(walk, level, id, &data, level == LEVEL_FILE ? file : message, depth);
    }
    return !input.has_failed && tnef_is_rest(&input);
}

/* --- what was found */

static const char *tnef_label(uint32_t code_page, struct arena *arena)
{
    return code_page ? arena_format(arena, "%u", code_page) : NULL;
}

/* The label of the set that 8-bit text is in, or NULL. The second half of the value is another. */
static const char *tnef_charset(const struct tnef_walk *walk)
{
    struct bytes page = walk->message.values[SLOT_CODE_PAGE].bytes;
    page.size = page.size < 4 ? 0 : 4;
    return tnef_label(tnef_number_of(&page), walk->arena);
}

/* UTF-16 needs no guess, so it is converted as it is. NULL: there is none, or it is empty. */
static const char *tnef_text(const struct tnef_value *value, const char *label, bool is_html,
                             struct arena *arena)
{
    struct error none;
    const char *name, *text;
    struct buf out = BUF(arena, value->bytes.size / 2 * 3 + 3);
    if (!value->bytes.size)
        return NULL;
    if (value->type != TYPE_UNICODE)
        text = charset_read(&value->bytes, label, is_html, arena, &name);
    else if (charset_convert(charset_label_find("utf-16le"), &value->bytes, &out), out.size)
        text = buf_text(&out, &none);
    else
        return NULL;
    return text_is_empty(text) ? NULL : text;
}

/* A longer one is cut off, as all bodies are. */
static const char *tnef_body(struct tnef_walk *walk, enum tnef_slot slot, const char *label)
{
    struct tnef_value value = walk->message.values[slot];
    if (value.bytes.size > MIME_BODY_BYTES_MAX) {
        value.bytes.size = MIME_BODY_BYTES_MAX;
        walk->is_whole = false;
    }
    return tnef_text(&value, label, slot == SLOT_HTML, walk->arena);
}

/* Meetings, tasks and people are in properties that are not looked at. */
static bool tnef_is_note(const char *name)
{
    static const char *const NOTES[] = {"IPM.Note", "IPM.Microsoft Mail.Note"};
    for (size_t i = 0; name && i < sizeof NOTES / sizeof *NOTES; i++)
        if (strncasecmp(name, NOTES[i], strlen(NOTES[i])) == 0)
            return true;
    return !name;
}

static void tnef_read_message(struct tnef_walk *walk, const char *label, struct tnef *tnef)
{
    const struct tnef_value *values = walk->message.values;
    const char *html_label = tnef_label(tnef_number_of(&values[SLOT_HTML_PAGE].bytes), walk->arena);
    if (values[SLOT_HTML].type == TYPE_STRING8)
        html_label = text_or(label, html_label);
    tnef->text = tnef_body(walk, SLOT_TEXT, label);
    if (!tnef->text)
        tnef->text = tnef_body(walk, SLOT_PLAIN, label);
    tnef->html = tnef_body(walk, SLOT_HTML, html_label);
    tnef->has_rich_text = values[SLOT_RICH_TEXT].bytes.size;
    for (enum tnef_slot slot = SLOT_CLASS; slot <= SLOT_CLASS_PROPERTY; slot++)
        if (!tnef_is_note(tnef_text(&values[slot], label, false, walk->arena)))
            walk->is_whole = false;
}

static const char *tnef_line(const struct tnef_value *value, const char *label, struct arena *arena)
{
    enum { LINE_BYTES_MAX = 1024 };
    struct tnef_value line = *value;
    if (line.bytes.size > LINE_BYTES_MAX)
        line.bytes.size = LINE_BYTES_MAX;
    const char *text = charset_line(tnef_text(&line, label, false, arena), arena);
    return text_is_empty(text) ? NULL : text;
}

/* A file that is merely named, or linked to, is left. */
static bool tnef_read_file(struct tnef_walk *walk, const struct tnef_thing *found,
                           const char *label, struct tnef_file *file)
{
    const struct tnef_value *values = found->values;
    const struct tnef_value *data = &values[SLOT_DATA], *other = &values[SLOT_DATA_PROPERTY];
    if (!data->bytes.size && other->type)
        data = other;
    if (!data->type || (values[SLOT_DATA].bytes.size && other->bytes.size))
        walk->is_whole = false;
    if (!data->type)
        return false;
    for (int slot = SLOT_NAME_LONG; !file->name && slot >= SLOT_NAME_SHOWN; slot--)
        file->name = tnef_line(&values[slot], label, walk->arena);
    file->type = tnef_line(&values[SLOT_TYPE], label, walk->arena);
    file->content_id = tnef_line(&values[SLOT_CONTENT_ID], label, walk->arena);
    file->data = data->bytes;
    return true;
}

bool tnef_read(const struct bytes *bytes, size_t files_max, struct arena *arena,
               struct tnef *ret_tnef)
{
    struct tnef_walk walk = {.arena = arena, .files_max = files_max, .is_whole = true};
    struct tnef tnef = {0};
    walk.last = &walk.first;
    if (!tnef_walk_attributes(&walk, bytes, 0))
        return false;
    const char *label = tnef_charset(&walk);
    struct tnef_file *files = arena_new(arena, struct tnef_file, walk.file_count + 1);
    tnef_read_message(&walk, label, &tnef);
    for (const struct tnef_thing *found = walk.first.next; found; found = found->next)
        tnef.files.count += tnef_read_file(&walk, found, label, &files[tnef.files.count]);
    tnef.files.items = files;
    tnef.is_whole = walk.is_whole;
    *ret_tnef = tnef;
    return true;
}
