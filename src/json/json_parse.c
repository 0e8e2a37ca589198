/* yajl takes the text apart and turns escapes into UTF-8. What it lets pass is refused here: bytes
 * that are not UTF-8, halves of surrogate pairs, \u0000, keys that come twice, numbers beyond what
 * we can hold, depth, and a text that is neither object nor array. Why yajl:
 * docs/decisions/json-parser.md. */
#include "json/json_parse.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <yajl/yajl_parse.h>

#include "base/text.h"
#include "json/json.h"

struct level {
    struct json *container; /* NULL: the whole text */
    struct json **end;      /* where what comes next is hung up */
};

struct parse {
    const char *text;
    size_t size;
    yajl_handle yajl;
    bool is_at_end; /* yajl has seen all of the text */
    struct json *root;
    struct level levels[JSON_DEPTH + 1];
    unsigned depth;
    const char *key;                           /* of the value that comes next */
    size_t key_end, string_end, container_end; /* the last one's, in the text */
    struct arena *arena;
    struct error *error;
};

static void yajl_cleanup(yajl_handle *yajl)
{
    yajl_free(*yajl);
}
#define AUTO_YAJL __attribute__((cleanup(yajl_cleanup))) yajl_handle

/* Columns are characters, and name the last one that was looked at. */
static bool refuse(const struct parse *parse, size_t offset, const char *wrong)
{
    unsigned line = 1, column = 0;
    for (const char *at = parse->text; at < parse->text + offset; at++) {
        if ((*at & 0xC0) != 0x80)
            column++;
        if (*at == '\n') {
            line++;
            column = 0;
        }
    }
    return fail(parse->error, ERROR_INVALID, "", "line %u, column %u: %s", line, column, wrong);
}

/* Behind what yajl has just read. */
static size_t here(const struct parse *parse)
{
    return parse->is_at_end ? parse->size : yajl_get_bytes_consumed(parse->yajl);
}

static struct json *add(struct parse *parse, enum json_kind kind)
{
    struct level *level = &parse->levels[parse->depth];
    if (!level->container && kind != JSON_ARRAY && kind != JSON_OBJECT) {
        fail(parse->error, ERROR_INVALID, "", "must be an object");
        return NULL;
    }
    struct json *json = arena_new(parse->arena, struct json, 1);
    *json = (struct json){.kind = kind, .key = parse->key, .key_end = parse->key_end};
    parse->key = NULL;
    *level->end = json;
    level->end = &json->next;
    if (level->container)
        level->container->size++;
    return json;
}

static int on_null(void *context)
{
    return add(context, JSON_NULL) != NULL;
}

static int on_boolean(void *context, int is_true)
{
    return add(context, is_true ? JSON_TRUE : JSON_FALSE) != NULL;
}

static int on_number(void *context, const char *digits, size_t size)
{
    struct parse *parse = context;
    const char *number = arena_copy_bytes(parse->arena, digits, size);
    bool is_real = strpbrk(number, ".eE");
    struct json *json = add(parse, is_real ? JSON_REAL : JSON_INTEGER);
    if (!json)
        return false;
    errno = 0;
    if (is_real)
        json->real = strtod(number, NULL);
    else
        json->integer = strtoll(number, NULL, 10);
    if (is_real ? isinf(json->real) : errno == ERANGE)
        return refuse(parse, here(parse), "the number is too big");
    return true;
}

/* Whether no escape is half of a surrogate pair. That each is an escape is known already. */
static bool has_whole_pairs(const char *at, const char *end)
{
    while ((at = memchr(at, '\\', (size_t)(end - at)))) {
        bool is_half = at[1] == 'u' && (at[2] == 'd' || at[2] == 'D') && at[3] > '7';
        bool is_pair = is_half && strchr("89abAB", at[3]) && at[6] == '\\' && at[7] == 'u' &&
                       (at[8] == 'd' || at[8] == 'D') && strchr("cdefCDEF", at[9]);
        if (is_half && !is_pair)
            return false;
        at += is_pair ? 12 : 2;
    }
    return true;
}

/* The string that has just been read, checked; NULL when it was refused. */
static const char *take_string(struct parse *parse, const unsigned char *data, size_t size)
{
    const char *start = parse->text + parse->string_end; /* only strings have backslashes */
    const char *wrong = NULL;
    parse->string_end = here(parse);
    if (memchr(data, '\0', size))
        wrong = "\\u0000 is not allowed";
    else if (!has_whole_pairs(start, parse->text + parse->string_end))
        wrong = "is not JSON";
    if (wrong) {
        refuse(parse, parse->string_end, wrong);
        return NULL;
    }
    return arena_copy_bytes(parse->arena, data, size);
}

static int on_string(void *context, const unsigned char *data, size_t size)
{
    const char *text = take_string(context, data, size);
    struct json *json = text ? add(context, JSON_STRING) : NULL;
    if (!json)
        return false;
    json->text = text;
    json->size = size;
    return true;
}

static int on_key(void *context, const unsigned char *data, size_t size)
{
    struct parse *parse = context;
    parse->key = take_string(parse, data, size);
    parse->key_end = parse->string_end;
    return parse->key != NULL;
}

static int open_level(struct parse *parse, enum json_kind kind)
{
    if (parse->depth == JSON_DEPTH)
        return fail(parse->error, ERROR_INVALID, "", "is nested deeper than %d levels", JSON_DEPTH);
    struct json *container = add(parse, kind);
    parse->levels[++parse->depth] = (struct level){container, &container->first};
    return true;
}

static int on_array(void *context)
{
    return open_level(context, JSON_ARRAY);
}

static struct json *close_level(struct parse *parse)
{
    parse->container_end = here(parse);
    return parse->levels[parse->depth--].container;
}

static int on_array_end(void *context)
{
    return close_level(context) != NULL;
}

static int on_object(void *context)
{
    return open_level(context, JSON_OBJECT);
}

static int compare_keys(const void *a, const void *b)
{
    const struct json *one = *(struct json *const *)a, *other = *(struct json *const *)b;
    int order = strcmp(one->key, other->key);
    return order ? order : (one->key_end > other->key_end) - (one->key_end < other->key_end);
}

/* Sorts them, so that an object of very many keys costs no more than it should. */
static int on_object_end(void *context)
{
    struct parse *parse = context;
    struct json *object = close_level(parse);
    struct json **members = arena_new(parse->arena, struct json *, object->size);
    size_t count = 0, twice = SIZE_MAX;
    for (struct json *member = object->first; member; member = member->next)
        members[count++] = member;
    qsort(members, count, sizeof *members, compare_keys);
    for (size_t i = 1; i < count; i++)
        if (strcmp(members[i - 1]->key, members[i]->key) == 0 && members[i]->key_end < twice)
            twice = members[i]->key_end;
    return twice == SIZE_MAX || refuse(parse, twice, "the object has this key twice");
}

static const yajl_callbacks CALLBACKS = {
    .yajl_null = on_null,
    .yajl_boolean = on_boolean,
    .yajl_number = on_number,
    .yajl_string = on_string,
    .yajl_map_key = on_key,
    .yajl_start_map = on_object,
    .yajl_end_map = on_object_end,
    .yajl_start_array = on_array,
    .yajl_end_array = on_array_end,
};

/* Where yajl has stopped, counted as the others are: the wrong byte too, where it stops before it,
 * and the whole word or escape where it stops inside. */
static size_t wrong_end(const struct parse *parse)
{
    const char *text = parse->text;
    size_t offset = here(parse);
    char before = offset ? text[offset - 1] : '\0';
    if (offset < parse->size && (text[offset] == '/' || before == '\\'))
        return offset + 1;
    while (isalpha((unsigned char)before) && offset < parse->size &&
           isalpha((unsigned char)text[offset]))
        offset++;
    return offset;
}

/* yajl does not mind the beginning of a string behind the end. */
static bool check_end(const struct parse *parse)
{
    static const char SPACE[] = {' ', '\t', '\r', '\n'};
    size_t offset = parse->container_end;
    while (offset < parse->size && memchr(SPACE, parse->text[offset], sizeof SPACE))
        offset++;
    return offset == parse->size || refuse(parse, offset + 1, "something follows after the end");
}

/* yajl takes these two for space. In strings it has refused them, as all controls. */
static bool check_spaces(const struct parse *parse)
{
    const char *wrong = memchr(parse->text, '\v', parse->size);
    if (!wrong)
        wrong = memchr(parse->text, '\f', parse->size);
    return !wrong || refuse(parse, (size_t)(wrong - parse->text) + 1, "is not JSON");
}

static yajl_status run_yajl(struct parse *parse)
{
    yajl_status status = yajl_parse(parse->yajl, (const unsigned char *)parse->text, parse->size);
    if (status != yajl_status_ok)
        return status;
    parse->is_at_end = true;
    return yajl_complete_parse(parse->yajl);
}

bool json_parse(struct bytes text, struct arena *arena, struct json **ret_json, struct error *error)
{
    struct parse parse = {
        .text = text.size ? text.data : "", .size = text.size, .arena = arena, .error = error};
    parse.levels[0].end = &parse.root;
    size_t right = text_utf8_size(parse.text, parse.size);
    if (right < parse.size)
        return refuse(&parse, right, "is not UTF-8");
    AUTO_YAJL yajl = parse.yajl = yajl_alloc(&CALLBACKS, NULL, &parse);
    if (!yajl)
        abort();                                      /* out of memory, as in the arena */
    yajl_config(yajl, yajl_dont_validate_strings, 1); /* it would let half of what is wrong pass */
    if (run_yajl(&parse) == yajl_status_client_canceled)
        return false; /* by one of the above, with an error */
    if (!parse.root || parse.depth)
        return refuse(&parse, wrong_end(&parse),
                      parse.is_at_end ? "the text ends too early" : "is not JSON");
    if (!check_end(&parse) || !check_spaces(&parse))
        return false;
    *ret_json = parse.root;
    return true;
}
