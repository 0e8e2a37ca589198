#include "template/dictionary.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* Sorted rather than hashed: nobody can choose names that make it slow. */
struct entry {
    const char *token;
    const struct field_value *value; /* NULL: unknown */
    const char *written;             /* NULL: not asked for yet */
};

struct dictionary {
    struct arena *arena;
    const char *locale;
    struct entry *known;
    size_t known_count;
    const char **sorted, **unknown; /* the same names, by name and in order */
    size_t unknown_count;
};

static int compare_values(const void *a, const void *b)
{
    const struct entry *one = a, *other = b;
    int order = strcmp(one->token, other->token);
    return order ? order : (one->value > other->value) - (one->value < other->value);
}

static int compare_tokens(const void *key, const void *item)
{
    return strcmp(key, ((const struct entry *)item)->token);
}

struct dictionary *dictionary_create(const struct list *values, const char *locale,
                                     struct arena *arena)
{
    struct dictionary *dictionary = arena_new(arena, struct dictionary, 1);
    const struct field_value *value = values->items;
    struct entry *entries = arena_new(arena, struct entry, values->count);
    size_t count = 0, kept = 0;
    for (size_t i = 0; i < values->count; i++)
        entries[count++] = (struct entry){value[i].token, &value[i], NULL};
    qsort(entries, count, sizeof *entries, compare_values);
    for (size_t i = 0; i < count; i++)
        if (!kept || !text_equal(entries[kept - 1].token, entries[i].token))
            entries[kept++] = entries[i];
    *dictionary = (struct dictionary){
        .arena = arena,
        .locale = locale,
        .known = entries,
        .known_count = kept,
        .sorted = arena_new(arena, const char *, DICTIONARY_UNKNOWN_MOST),
        .unknown = arena_new(arena, const char *, DICTIONARY_UNKNOWN_MOST)};
    return dictionary;
}

/* Where the name is among the sorted ones, or belongs. */
static size_t place_of(const struct dictionary *dictionary, const char *token)
{
    size_t least = 0, most = dictionary->unknown_count;
    while (least < most) {
        size_t middle = least + (most - least) / 2;
        if (strcmp(dictionary->sorted[middle], token) < 0)
            least = middle + 1;
        else
            most = middle;
    }
    return least;
}

static void note_unknown(struct dictionary *dictionary, const char *token)
{
    size_t count = dictionary->unknown_count, place = place_of(dictionary, token);
    const char **sorted = dictionary->sorted;
    if (count == DICTIONARY_UNKNOWN_MOST || (place < count && text_equal(sorted[place], token)))
        return;
    memmove(sorted + place + 1, sorted + place, (count - place) * sizeof *sorted);
    sorted[place] = dictionary->unknown[count] = arena_copy(dictionary->arena, token);
    dictionary->unknown_count++;
}

const char *dictionary_find(struct dictionary *dictionary, const char *token)
{
    struct entry *entry = bsearch(token, dictionary->known, dictionary->known_count,
                                  sizeof *dictionary->known, compare_tokens);
    if (!entry || !entry->value->text) {
        note_unknown(dictionary, token);
        return NULL;
    }
    if (!entry->written)
        entry->written = field_value_format(entry->value, dictionary->locale, dictionary->arena);
    return entry->written;
}

struct list dictionary_unknown(const struct dictionary *dictionary)
{
    return (struct list){dictionary->unknown, dictionary->unknown_count};
}

void dictionary_note(struct dictionary *dictionary, const char *text)
{
    note_unknown(dictionary, text);
}
